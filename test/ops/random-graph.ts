/** Random graphs of at most thirty ops: well-conditioned enough for f32, wild enough for schedulers. */
import { interpret } from "../../compiler/ir/interpret.ts";
import { type Node, type NodeOf, reachable } from "../../compiler/ir/node.ts";
import { packLayout } from "../../compiler/ir/pack-layout.ts";
import { elements } from "../../compiler/ir/tensor-type.ts";
import { rules } from "../../compiler/ops/index.ts";
import { someAxes } from "./differentiable.ts";
import { type Draft, draft, randomShape } from "./draft.ts";

const sizes = [1, 2, 3, 4, 5, 7, 8, 13, 16, 33];
const mostElements = 600;

/** A node under way; comparisons are made of exact ones alone, so that rounding cannot turn them. */
interface Grown {
  readonly node: Node;
  readonly isExact: boolean;
  readonly low: number;
  readonly high: number;
}

export interface RandomGraph {
  readonly draft: Draft;
  readonly outputs: ReadonlyMap<string, Node>;
  /** New values for some of the parameters that the outputs use. */
  readonly updates: readonly { readonly target: NodeOf<"parameter">; readonly value: Node }[];
}

type Rule = (d: Draft, pool: readonly Grown[]) => { node: Node; isExact?: boolean } | undefined;

const pick = (d: Draft, pool: readonly Grown[], fits: (grown: Grown) => boolean = () => true) => {
  const fitting = pool.filter(fits);
  // Young nodes are taken more often, so that chains grow long.
  return fitting.length === 0
    ? undefined
    : fitting[Math.floor(Math.sqrt(d.random.unit()) * fitting.length)]!;
};

const unary =
  (make: (d: Draft, x: Node) => Node, fits: (grown: Grown) => boolean, staysExact = false): Rule =>
  (d, pool) => {
    const x = pick(d, pool, fits);
    return x && { node: make(d, x.node), isExact: staysExact && x.isExact };
  };

/** A partner of the same shape: from the pool, or fresh, or fresh and broadcast. */
function partner(d: Draft, pool: readonly Grown[], x: Node): Grown {
  const { shape } = x.type;
  const same = pool.filter(({ node }) => node.type.shape.join() === shape.join());
  if (d.random.unit() < 0.6 && same.length > 0) return d.random.pick(same);
  const from = shape.map((size) => (d.random.unit() < 0.4 ? 1 : size));
  const node = d.parameter(from.slice(d.random.integer(0, from.length)), [0.5, 2]);
  const broadcasts = node.type.shape.every(
    (size, i) => size === 1 || size === shape[shape.length - node.type.shape.length + i],
  );
  const fitting = broadcasts ? node : d.parameter(shape, [0.5, 2]);
  return { node: fitting, isExact: true, low: 0.5, high: 2 };
}

const binary =
  (op: "add" | "sub" | "mul" | "max"): Rule =>
  (d, pool) => {
    const x = pick(d, pool);
    if (x === undefined) return undefined;
    const y = partner(d, pool, x.node);
    const swapped = d.random.unit() < 0.5;
    const node = swapped ? d.b[op](y.node, x.node) : d.b[op](x.node, y.node);
    return { node, isExact: op === "max" && x.isExact && y.isExact };
  };

const always = (): boolean => true;
const growth: readonly Rule[] = [
  binary("add"),
  binary("sub"),
  binary("mul"),
  binary("max"),
  (d, pool) => {
    const x = pick(d, pool);
    const y = x && partner(d, pool, x.node);
    return x && y && (y.low > 0.2 || y.high < -0.2) ? { node: d.b.div(x.node, y.node) } : undefined;
  },
  unary((d, x) => d.b.neg(x), always, true),
  unary((d, x) => d.b.mul(x, d.random.pick([0, 1, -0.5, 2])), always),
  unary((d, x) => d.b.add(x, d.random.pick([0, 1, -3])), always),
  unary(
    (d, x) => d.b.exp(x),
    ({ high }) => high < 4,
  ),
  unary(
    (d, x) => d.b.log(x),
    ({ low }) => low > 0.2,
  ),
  unary(
    (d, x) => d.b.sqrt(x),
    ({ low }) => low > 0.2,
  ),
  unary((d, x) => d.b.tanh(x), always),
  unary(
    (d, x) => d.b.erf(x),
    ({ low, high }) => low > -20 && high < 20,
  ),
  unary((d, x) => d.b.stopGradient(x), always, true),
  (d, pool) => {
    const x = pick(d, pool, ({ isExact }) => isExact);
    if (x === undefined) return undefined;
    const y = pick(
      d,
      pool,
      (other) => other.isExact && other.node.type.shape.join() === x.node.type.shape.join(),
    )!;
    const flag = d.random.unit() < 0.5 ? d.b.less(x.node, y.node) : d.b.less(x.node, 0.5);
    const first = pick(d, pool, ({ node }) => node.type.shape.join() === x.node.type.shape.join())!;
    const second = partner(d, pool, x.node);
    return {
      node: d.b.select(flag, first.node, second.node),
      isExact: first.isExact && second.isExact,
    };
  },
  unary(
    (d, x) => {
      const axes = someAxes(d, x.type.shape.length);
      return d.b.reduce("sum", x, axes, d.random.unit() < 0.5);
    },
    ({ node }) => node.type.shape.length > 0,
  ),
  unary(
    (d, x) => d.b.reduce("max", x, someAxes(d, x.type.shape.length), d.random.unit() < 0.5),
    ({ node }) => node.type.shape.length > 0,
    true,
  ),
  unary(
    (d, x) => d.b.cast(d.b.argmax(x, d.random.integer(0, x.type.shape.length - 1)), "f32"),
    ({ node, isExact }) => isExact && node.type.shape.length > 0,
    true,
  ),
  unary(
    (d, x) => d.b.transpose(x, d.random.order(x.type.shape.length)),
    ({ node }) => node.type.shape.length > 1,
    true,
  ),
  unary((d, x) => reshaped(d, x), always, true),
  unary(
    (d, x) => {
      const axis = d.random.integer(0, x.type.shape.length - 1);
      const start = d.random.integer(0, x.type.shape[axis]! - 1);
      return d.b.slice(x, axis, start, d.random.integer(start + 1, x.type.shape[axis]!));
    },
    ({ node }) => node.type.shape.length > 0,
    true,
  ),
  unary(
    (d, x) => {
      const axis = d.random.integer(0, x.type.shape.length - 1);
      return d.b.pad(x, axis, d.random.integer(0, 2), d.random.integer(0, 3));
    },
    ({ node }) => node.type.shape.length > 0,
    true,
  ),
  unary((d, x) => d.b.broadcastTo(x, [d.random.integer(1, 3), ...x.type.shape]), always, true),
  (d, pool) => {
    const x = pick(d, pool, ({ node }) => node.type.shape.length > 0);
    if (x === undefined) return undefined;
    const y = partner(d, pool, x.node);
    const whole = d.b.broadcastTo(y.node, x.node.type.shape);
    const axis = d.random.integer(0, x.node.type.shape.length - 1);
    return { node: d.b.concat([x.node, whole, x.node], axis), isExact: x.isExact && y.isExact };
  },
  (d, pool) => {
    const x = pick(d, pool)!;
    const y = partner(d, pool, x.node);
    const z = pick(d, pool)!;
    const parts = [x, y, z];
    const packed = d.b.pack(parts.map(({ node }) => node));
    return { node: packed, isExact: parts.every(({ isExact }) => isExact) };
  },
  (d, pool) => {
    const x = pick(d, pool, ({ node }) => node.type.shape.length > 0);
    if (x === undefined) return undefined;
    const rows = x.node.type.shape[0]!;
    const at = d.indices(randomShape(d.random, sizes, 12, d.random.integer(0, 2)), 0, rows - 1);
    return { node: d.b.gather(x.node, at), isExact: x.isExact };
  },
  (d, pool) => {
    const x = pick(d, pool, ({ node }) => node.type.shape.length > 0);
    if (x === undefined) return undefined;
    const rows = d.random.pick(sizes);
    const at = d.indices(x.node.type.shape.slice(0, 1), 0, rows - 1);
    return { node: d.b.scatterAdd(at, x.node, rows) };
  },
  (d, pool) => {
    const x = pick(d, pool, ({ node }) => node.type.shape.length > 1);
    if (x === undefined) return undefined;
    const columns = d.random.pick(sizes);
    const depth = x.node.type.shape.at(-1)!;
    const same = pick(
      d,
      pool,
      ({ node }) => node.type.shape.at(-1) === depth && node.type.shape.length === 2,
    );
    const right =
      same !== undefined && d.random.unit() < 0.5
        ? d.b.swap(same.node)
        : d.parameter([depth, columns], [-1, 1]);
    return { node: d.b.matmul(x.node, right) };
  },
  (d, pool) => {
    const x = pick(d, pool, ({ node }) => node.type.shape.length > 0);
    if (x === undefined) return undefined;
    const axis = d.random.integer(0, x.node.type.shape.length - 1);
    return { node: d.b.cast(d.b.iota(x.node.type.shape, axis), "f32"), isExact: true };
  },
  (d, pool) => {
    const x = pick(d, pool)!;
    return { node: d.b.random(d.seed(), x.node.type.shape, d.random.integer(0, 3)), isExact: true };
  },
];

function reshaped(d: Draft, x: Node): Node {
  const count = elements(x.type.shape);
  const divisor = d.random.pick([1, 2, 3, 4, 5, 7, 8].filter((size) => count % size === 0));
  return d.b.reshape(
    x,
    d.random.unit() < 0.5 ? [divisor, count / divisor] : [count / divisor, divisor],
  );
}

/** The graph of `seed`: the same for ever. */
export function randomGraph(seed: number): RandomGraph {
  const d = draft(seed);
  const pool: Grown[] = [];
  const add = (node: Node, isExact: boolean): void => {
    if (pool.some((grown) => grown.node === node) || elements(node.type.shape) > mostElements)
      return;
    const values = interpret(rules, [node], d.given)[0]!;
    const [low, high] = [Math.min(...values), Math.max(...values)];
    if (low > -1000 && high < 1000) pool.push({ node, isExact, low, high });
  };
  for (let i = 0; i < 2; i++)
    add(d.parameter(randomShape(d.random, sizes, 200, d.random.integer(0, 4))), true);
  const steps = d.random.integer(4, 45);
  for (let step = 0; step < steps; step++) {
    const grown = d.random.pick(growth)(d, pool);
    if (grown !== undefined) add(grown.node, grown.isExact ?? false);
  }
  const outputs = new Map<string, Node>([["last", pool.at(-1)!.node]]);
  for (let i = d.random.integer(0, 3); i > 0; i--)
    outputs.set(`also ${i}`, d.random.pick(pool).node);
  const updates = d.random.unit() < 0.5 ? someUpdates : packedUpdates;
  return { draft: d, outputs, updates: updates(d, outputs, pool) };
}

/**
 * For half of the parameters in use a value of the same shape, if there is one. A parameter that is itself an output
 * stays: such an output is read after the run, and would be the new value.
 */
function someUpdates(
  d: Draft,
  outputs: ReadonlyMap<string, Node>,
  pool: readonly Grown[],
): RandomGraph["updates"] {
  const shown = new Set(outputs.values());
  return reachable(outputs.values()).flatMap((target) => {
    if (target.op !== "parameter" || shown.has(target) || d.random.unit() < 0.5) return [];
    const shape = target.type.shape.join();
    const values = pool.filter(({ node }) => node.type.shape.join() === shape);
    return values.length === 0 ? [] : [{ target, value: d.random.pick(values).node }];
  });
}

/** Some of the parameters in use changed as packs, as an optimizer does: by a pack of what has their shapes. */
function packedUpdates(
  d: Draft,
  outputs: ReadonlyMap<string, Node>,
  pool: readonly Grown[],
): RandomGraph["updates"] {
  const shown = new Set(outputs.values());
  const targets = reachable(outputs.values()).flatMap((target) =>
    target.op !== "parameter" || shown.has(target) || d.random.unit() < 0.3 ? [] : [target],
  );
  if (targets.length === 0) return [];
  const moments = targets.map(({ attributes: { path, shape } }) => {
    const moment = d.b.parameter(`${path}.moment`, shape);
    d.given.set(moment.attributes.path, new Float64Array(elements(shape)).fill(0.5));
    return moment;
  });
  const slopes = targets.map(({ type: { shape } }) => {
    const same = pool.filter(({ node }) => node.type.shape.join() === shape.join());
    return same.length === 0 ? d.b.broadcastTo(d.b.constant(2), shape) : d.random.pick(same).node;
  });
  const slope = d.b.pack(slopes);
  const next = d.b.add(d.b.mul(d.b.pack(moments), 0.25), slope);
  const value = d.b.sub(d.b.pack(targets), d.b.mul(next, 0.125));
  const { starts } = packLayout(targets.map(({ type }) => type.shape));
  return targets.flatMap((target, i) => {
    const { shape } = target.type;
    return [
      { target, value: d.b.unpack(value, starts[i]!, shape) },
      { target: moments[i]!, value: d.b.unpack(next, starts[i]!, shape) },
    ];
  });
}
