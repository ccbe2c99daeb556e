/** What gradients are checked on: each differentiable op, and the composites that models are made of. */
import type { Node, NodeOf } from "../../compiler/ir/node.ts";
import type { OpName } from "../../compiler/ir/signatures.ts";
import { elements } from "../../compiler/ir/tensor-type.ts";
import { rules } from "../../compiler/ops/index.ts";
import { type Draft, randomShape } from "./draft.ts";

export interface Differentiable {
  readonly name: string;
  /** The op it is the check of; absent for composites. */
  readonly op?: OpName;
  /** False where the second derivative jumps. */
  readonly smooth?: boolean;
  readonly make: (draft: Draft) => Node;
}

/** Ops that end the flow or start it. Their rules must give no adjoint. */
export const withoutGradient: readonly OpName[] = [
  "input",
  "parameter",
  "constant",
  "iota",
  "random",
  "stopGradient",
  "less",
  "equal",
  "argmax",
  "finite",
];

const sizes = [1, 1, 2, 3, 5, 7];
const shapeOf = ({ random }: Draft, rank?: number): number[] =>
  randomShape(random, sizes, 40, rank);
const size = ({ random }: Draft): number => random.pick(sizes);

/** Distinct values a tenth apart in a random order, so that no step crosses a kink. */
function apart(d: Draft, shape: readonly number[]): Node {
  return d.filled(
    shape,
    d.random.order(elements(shape)).map((place) => (place - elements(shape) / 2) / 10),
  );
}

/** A random choice of axes, one at least. */
export function someAxes({ random }: Draft, rank: number): number[] {
  const axes = random.order(rank).slice(0, random.integer(1, rank));
  return axes.sort((a, b) => a - b);
}

function attentionNode(d: Draft, x: Node, y: Node): NodeOf<"attention"> {
  return d.b.attention(x, y, y, { scale: 0.5 });
}

export const ops: readonly Differentiable[] = [
  { name: "neg", op: "neg", make: (d) => d.b.neg(d.parameter(shapeOf(d))) },
  { name: "exp", op: "exp", make: (d) => d.b.exp(d.parameter(shapeOf(d), [-2, 2])) },
  { name: "log", op: "log", make: (d) => d.b.log(d.parameter(shapeOf(d), [0.4, 3])) },
  { name: "sqrt", op: "sqrt", make: (d) => d.b.sqrt(d.parameter(shapeOf(d), [0.4, 3])) },
  { name: "tanh", op: "tanh", make: (d) => d.b.tanh(d.parameter(shapeOf(d), [-3, 3])) },
  { name: "erf", op: "erf", make: (d) => d.b.erf(d.parameter(shapeOf(d), [-2.5, 2.5])) },
  {
    name: "cast of what a comparison says",
    op: "cast",
    make(d) {
      const x = d.parameter(shapeOf(d));
      return d.b.mul(x, d.b.cast(d.b.less(x, 9), "f32"));
    },
  },
  ...(["add", "sub", "mul"] as const).map(
    (op): Differentiable => ({
      name: op,
      op,
      make(d) {
        const shape = shapeOf(d);
        return d.b[op](d.parameter(shape), d.parameter(shape));
      },
    }),
  ),
  {
    name: "div",
    op: "div",
    make(d) {
      const shape = shapeOf(d);
      return d.b.div(d.parameter(shape), d.parameter(shape, [0.5, 3]));
    },
  },
  {
    name: "max",
    op: "max",
    smooth: false,
    make(d) {
      const shape = shapeOf(d);
      return d.b.max(d.parameter(shape, [0.1, 1]), d.parameter(shape, [1.1, 2]));
    },
  },
  {
    name: "max of both orders",
    op: "max",
    smooth: false,
    make(d) {
      const shape = shapeOf(d);
      const both = apart(d, [2, ...shape]);
      return d.b.max(d.b.slice(both, 0, 0, 1), d.b.slice(both, 0, 1, 2));
    },
  },
  {
    name: "select",
    op: "select",
    make(d) {
      const shape = shapeOf(d);
      const flag = d.b.equal(d.indices(shape, 0, 1), 1);
      return d.b.select(flag, d.parameter(shape), d.parameter(shape));
    },
  },
  {
    name: "reduce sum",
    op: "reduce",
    make(d) {
      const shape = shapeOf(d, d.random.integer(1, 4));
      return d.b.sum(d.parameter(shape), someAxes(d, shape.length));
    },
  },
  {
    name: "reduce max",
    op: "reduce",
    smooth: false,
    make(d) {
      const shape = shapeOf(d, d.random.integer(1, 4));
      return d.b.reduce("max", apart(d, shape), someAxes(d, shape.length));
    },
  },
  {
    name: "matmul",
    op: "matmul",
    make(d) {
      const batch = randomShape(d.random, [1, 2, 3], 6, d.random.integer(0, 2));
      const [m, k, n] = [size(d), size(d), size(d)];
      return d.b.matmul(d.parameter([...batch, m, k]), d.parameter([...batch, k, n]));
    },
  },
  {
    name: "matmul of one matrix by a batch",
    op: "matmul",
    make(d) {
      const [m, k, n] = [size(d), size(d), size(d)];
      return d.b.matmul(d.parameter([m, k]), d.parameter([3, k, n]));
    },
  },
  {
    name: "attention",
    op: "attention",
    make(d) {
      const [batch, heads, n, m, width] = [
        size(d),
        d.random.pick([1, 2]),
        size(d),
        size(d),
        size(d),
      ];
      const bias = d.parameter(d.random.pick([[], [m], [batch, 1, n, m]]));
      const visible = d.b.less(0, d.indices([batch, 1, n, m], 0, 3));
      return d.b.attention(
        d.parameter([batch, heads, n, width]),
        d.parameter([batch, heads, m, width]),
        d.parameter([batch, heads, m, width]),
        { scale: 0.7, bias, ...(d.random.unit() < 0.5 ? { visible } : {}) },
      );
    },
  },
  {
    name: "attention of one tensor to itself",
    op: "attention",
    make(d) {
      const x = d.parameter([1, 2, size(d), size(d)]);
      return d.b.attention(x, x, x, { scale: 0.5 });
    },
  },
  {
    name: "log-sum of attention",
    op: "attention",
    make(d) {
      const width = size(d);
      const [x, y] = [d.parameter([1, 2, size(d), width]), d.parameter([1, 2, size(d), width])];
      const { inputs } = attentionNode(d, x, y);
      return d.b.make("attention", inputs, { scale: 0.5, gives: "logSum" });
    },
  },
  {
    name: "adjoints of attention",
    op: "attentionGradient",
    make(d) {
      const width = size(d);
      const [x, y] = [d.parameter([1, 1, size(d), width]), d.parameter([1, 1, size(d), width])];
      const mixed = attentionNode(d, x, y);
      const adjoint = d.parameter(mixed.type.shape);
      const adjoints = rules.attention.gradient(mixed, adjoint, d.b) as readonly Node[];
      return d.b.concat(adjoints.slice(0, 3), 2);
    },
  },
  {
    name: "reshape",
    op: "reshape",
    make(d) {
      const [a, c, e] = [size(d), size(d), size(d)];
      return d.b.reshape(d.parameter([a, c, e]), [e * c, a]);
    },
  },
  {
    name: "transpose",
    op: "transpose",
    make(d) {
      const shape = shapeOf(d, d.random.integer(2, 4));
      return d.b.transpose(d.parameter(shape), d.random.order(shape.length));
    },
  },
  {
    name: "broadcast",
    op: "broadcast",
    make(d) {
      const shape = shapeOf(d, d.random.integer(1, 4));
      const from = shape.map((length) => d.random.pick([1, length]));
      return d.b.broadcastTo(d.parameter(from.slice(d.random.integer(0, 1))), shape);
    },
  },
  {
    name: "slice",
    op: "slice",
    make(d) {
      const shape = shapeOf(d, d.random.integer(1, 3));
      const axis = d.random.integer(0, shape.length - 1);
      const start = d.random.integer(0, shape[axis]! - 1);
      return d.b.slice(d.parameter(shape), axis, start, d.random.integer(start + 1, shape[axis]!));
    },
  },
  {
    name: "pad",
    op: "pad",
    make(d) {
      const shape = shapeOf(d, d.random.integer(1, 3));
      const axis = d.random.integer(0, shape.length - 1);
      return d.b.pad(d.parameter(shape), axis, d.random.integer(0, 2), d.random.integer(0, 3));
    },
  },
  {
    name: "concat",
    op: "concat",
    make(d) {
      const shape = shapeOf(d, d.random.integer(1, 3));
      const axis = d.random.integer(0, shape.length - 1);
      const part = () => d.parameter(shape.map((length, i) => (i === axis ? size(d) : length)));
      const first = part();
      return d.b.concat([first, part(), first], axis);
    },
  },
  {
    name: "pack",
    op: "pack",
    make(d) {
      const first = d.parameter(shapeOf(d, d.random.integer(0, 3)));
      return d.b.pack([first, d.parameter(shapeOf(d, 2)), first]);
    },
  },
  {
    name: "gather",
    op: "gather",
    make(d) {
      const rows = size(d);
      const table = d.parameter([rows, ...shapeOf(d, d.random.integer(0, 2))]);
      return d.b.gather(table, d.indices(shapeOf(d, d.random.integer(0, 2)), -1, rows));
    },
  },
  {
    name: "scatterAdd",
    op: "scatterAdd",
    make(d) {
      const rows = size(d);
      const at = shapeOf(d, d.random.integer(0, 2));
      const updates = d.parameter([...at, ...randomShape(d.random, sizes, 6, 1)]);
      return d.b.scatterAdd(d.indices(at, -1, rows), updates, rows);
    },
  },
];
