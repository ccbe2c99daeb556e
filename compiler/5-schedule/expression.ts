/** Nodes at an address → scalar expressions over loads, with all movement ops turned into addresses. */
import { invariant } from "../invariant.ts";
import type { Node, NodeOf } from "../ir/node.ts";
import { rules } from "../ops/index.ts";
import {
  constant,
  decompose,
  flatten,
  type Linear,
  of,
  plus,
  same,
  times,
  variable,
  zero,
} from "./linear.ts";

export type Expression =
  | { readonly kind: "load"; readonly node: Node; readonly address: Linear }
  /** A value that the kernel has at hand: a fold's result, a product. */
  | { readonly kind: "local"; readonly node: Node }
  | { readonly kind: "constant"; readonly node: Node; readonly value: number }
  /** An i32 coordinate. */
  | { readonly kind: "coordinate"; readonly form: Linear }
  | {
      readonly kind: "random";
      readonly position: Linear;
      readonly stream: number;
      readonly seed: readonly [Expression, Expression];
    }
  | {
      readonly kind: "scalar";
      readonly node: Node;
      readonly operands: readonly Expression[];
      readonly address: Linear;
    }
  /** `inside` where every form is below its limit (as u32), else `outside`. */
  | {
      readonly kind: "choose";
      readonly bounds: readonly { readonly form: Linear; readonly limit: number }[];
      readonly inside: Expression;
      readonly outside: Expression;
      readonly node: Node;
    };

/** Thrown when a node cannot be computed in this kernel: it is held at another address than the one asked for. */
export class NotFusible {
  readonly kind = "not fusible";
}

/** What surrounds an expression: which nodes are read from buffers and which belong to this kernel. */
export interface Surroundings {
  readonly isStored: (node: Node) => boolean;
  /** A node of this kernel: the one address at which it exists, and whether it is at hand or computed on the spot. */
  readonly own: (node: Node) => { readonly address: Linear; readonly atHand: boolean } | undefined;
}

/** Lowers nodes to expressions; equal (node, address) pairs give the same object. */
export class Lowering {
  readonly #surroundings: Surroundings;
  readonly #made = new Map<Node, { readonly address: Linear; readonly made: Expression }[]>();
  readonly #parts: { readonly form: Linear; readonly size: number; readonly within: Linear }[] = [];
  /** Buffers that the expressions read: stored nodes, inputs, parameters, constants of many values. */
  readonly loads = new Set<Node>();
  /** Addresses at which parameters and packs are read. */
  readonly parameterReads: { readonly node: Node; readonly address: Linear }[] = [];

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** The value of `node` at the row-major `address`. */
  value(node: Node, address: Linear): Expression {
    const known = this.#made.get(node);
    const found = known?.find((each) => same(each.address, address));
    if (found !== undefined) return found.made;
    const made = this.#value(node, address);
    if (known === undefined) this.#made.set(node, [{ address, made }]);
    else known.push({ address, made });
    return made;
  }

  #load(node: Node, address: Linear): Expression {
    this.loads.add(node);
    if (node.op === "parameter" || node.op === "pack") this.parameterReads.push({ node, address });
    return { kind: "load", node, address };
  }

  #value(node: Node, address: Linear): Expression {
    const own = this.#surroundings.own(node);
    if (own !== undefined) {
      if (!same(own.address, address)) throw new NotFusible();
      return own.atHand ? { kind: "local", node } : this.body(node, address);
    }
    if (this.#surroundings.isStored(node)) return this.#load(node, address);
    return this.body(node, address);
  }

  /** As `value`, computing `node` itself even where it is stored or at hand. */
  body(node: Node, address: Linear): Expression {
    switch (node.op) {
      case "input":
      case "parameter":
        return this.#load(node, address);
      case "constant":
        return node.attributes.data.length === 1
          ? { kind: "constant", node, value: node.attributes.data[0]! }
          : this.#load(node, address);
      case "iota":
        return {
          kind: "coordinate",
          form: coordinateAlong(address, node.type.shape, node.attributes.axis),
        };
      case "random": {
        const seed = node.inputs[0];
        return {
          kind: "random",
          position: address,
          stream: node.attributes.stream,
          seed: [this.value(seed, zero), this.value(seed, constant(1))],
        };
      }
      case "reshape":
        return this.value(node.inputs[0], address);
      case "transpose":
      case "broadcast":
      case "slice":
        return this.value(node.inputs[0], through(node, address));
      case "pad":
        return this.#pad(node, address);
      case "concat":
        return this.#concat(node, address);
      case "gather":
        return this.#gather(node, address);
      case "reduce":
      case "argmax":
      case "matmul":
      case "attention":
      case "attentionGradient":
      case "pack":
      case "scatterAdd":
        throw new NotFusible();
      default: {
        invariant(rules[node.op].lowering.kind === "scalar", () => `no expression for ${node.op}`);
        const operands = (node.inputs as readonly Node[]).map((input) =>
          this.value(input, address),
        );
        return { kind: "scalar", node, operands, address };
      }
    }
  }

  /**
   * A coordinate that only counts where it lies in [0, size), as a variable of that extent: what is made of it then needs
   * no division, and nothing is read beyond the part.
   */
  #within(form: Linear, size: number): Linear {
    const known = this.#parts.find((each) => each.size === size && same(each.form, form));
    if (known !== undefined) return known.within;
    const within = of(variable(size, false, { kind: "part", form }));
    this.#parts.push({ form, size, within });
    return within;
  }

  #pad(node: NodeOf<"pad">, address: Linear): Expression {
    const { before } = node.attributes;
    const inner = node.inputs[0].type.shape;
    const touched = node.type.shape.map((size, axis) => size !== inner[axis]);
    const runs = runsOf(node.type.shape, touched);
    const coordinates = decompose(
      address,
      runs.map((run) => run.size),
    );
    const bounds: { form: Linear; limit: number }[] = [];
    const shifted = runs.map((run, i) => {
      if (!run.touched) return coordinates[i]!;
      const form = plus(coordinates[i]!, constant(-before[run.axis]!));
      bounds.push({ form, limit: inner[run.axis]! });
      return this.#within(form, inner[run.axis]!);
    });
    const sizes = runs.map((run) => (run.touched ? inner[run.axis]! : run.size));
    const inside = this.value(node.inputs[0], flatten(shifted, sizes));
    if (bounds.length === 0) return inside;
    return {
      kind: "choose",
      bounds,
      inside,
      outside: { kind: "constant", node: node as Node, value: 0 },
      node: node as Node,
    };
  }

  #concat(node: NodeOf<"concat">, address: Linear): Expression {
    const { axis } = node.attributes;
    const touched = node.type.shape.map((_, i) => i === axis);
    const runs = runsOf(node.type.shape, touched);
    const coordinates = decompose(
      address,
      runs.map((run) => run.size),
    );
    const along = runs.findIndex((run) => run.touched);
    if (along < 0)
      return this.value(node.inputs.find((part) => part.type.shape[axis] !== 0)!, address);
    const starts: number[] = [];
    let start = 0;
    for (const part of node.inputs) {
      starts.push(start);
      start += part.type.shape[axis]!;
    }
    const value = (i: number) => {
      const part = node.inputs[i]!;
      const at = coordinates.map((form, r) =>
        r === along
          ? this.#within(plus(form, constant(-starts[i]!)), part.type.shape[axis]!)
          : form,
      );
      return this.value(
        part,
        flatten(
          at,
          runs.map((run) => (run.touched ? part.type.shape[axis]! : run.size)),
        ),
      );
    };
    const filled = node.inputs.flatMap((part, i) => (part.type.shape[axis] === 0 ? [] : [i]));
    let result = value(filled.at(-1)!);
    for (const i of filled.slice(0, -1).reverse()) {
      const limit = starts[i]! + node.inputs[i]!.type.shape[axis]!;
      result = {
        kind: "choose",
        bounds: [{ form: coordinates[along]!, limit }],
        inside: value(i),
        outside: result,
        node: node as Node,
      };
    }
    return result;
  }

  #gather(node: NodeOf<"gather">, address: Linear): Expression {
    const [table, indices] = node.inputs;
    const run = node.type.shape
      .slice(indices.type.shape.length)
      .reduce((product, size) => product * size, 1);
    const count = indices.type.shape.reduce((product, size) => product * size, 1);
    const [position, within] = decompose(address, [count, run]);
    const rows = table.type.shape[0]!;
    const index = this.value(indices, position!);
    const row = of(variable(rows, false, { kind: "index", value: index })); // a table of one row needs no index
    return this.value(table, plus(times(row, run), within!));
  }
}

/** The address in the input of a movement op whose input has an element for every output element. */
export function through(
  node: NodeOf<"transpose"> | NodeOf<"broadcast"> | NodeOf<"slice">,
  address: Linear,
): Linear {
  const inner = node.inputs[0].type.shape;
  switch (node.op) {
    case "broadcast": {
      const runs = runsOf(
        node.type.shape,
        node.type.shape.map((size, axis) => size !== inner[axis]),
        true,
      );
      const coordinates = decompose(
        address,
        runs.map((run) => run.size),
      );
      const kept = runs.flatMap((run, i) => (run.touched ? [] : [i]));
      return flatten(
        kept.map((i) => coordinates[i]!),
        kept.map((i) => runs[i]!.size),
      );
    }
    case "slice": {
      const { start } = node.attributes;
      const runs = runsOf(
        node.type.shape,
        node.type.shape.map((size, axis) => size !== inner[axis]),
      );
      const coordinates = decompose(
        address,
        runs.map((run) => run.size),
      );
      const shifted = runs.map((run, i) =>
        run.touched ? plus(coordinates[i]!, constant(start[run.axis]!)) : coordinates[i]!,
      );
      return flatten(
        shifted,
        runs.map((run) => (run.touched ? inner[run.axis]! : run.size)),
      );
    }
    case "transpose":
      return transposed(node, address);
  }
}

/** Axes that stay neighbors in the same order are walked as one. */
function transposed(node: NodeOf<"transpose">, address: Linear): Linear {
  const inner = node.inputs[0].type.shape;
  const permutation = node.attributes.permutation.filter((axis) => inner[axis] !== 1);
  const groups: number[][] = [];
  for (const axis of permutation) {
    const last = groups.at(-1);
    const previous = last?.at(-1);
    const follows =
      previous !== undefined &&
      axis > previous &&
      inner.slice(previous + 1, axis).every((size) => size === 1);
    if (follows) last!.push(axis);
    else groups.push([axis]);
  }
  const sizes = groups.map((group) => group.reduce((product, axis) => product * inner[axis]!, 1));
  const coordinates = decompose(address, sizes);
  const order = groups.map((_, i) => i).sort((a, b) => groups[a]![0]! - groups[b]![0]!);
  return flatten(
    order.map((i) => coordinates[i]!),
    order.map((i) => sizes[i]!),
  );
}

/** The address in the output of a transpose, given the address in its input. */
export function transposeForward(node: NodeOf<"transpose">, address: Linear): Linear {
  const coordinates = decompose(address, node.inputs[0].type.shape);
  return flatten(
    node.attributes.permutation.map((axis) => coordinates[axis]!),
    node.type.shape,
  );
}

interface Run {
  readonly size: number;
  readonly touched: boolean;
  /** First axis of the run; touched runs have one axis unless `mergeTouched`. */
  readonly axis: number;
}

/** Neighboring axes that a movement op leaves alone (or, with `mergeTouched`, treats alike) are walked as one. */
function runsOf(
  shape: readonly number[],
  touched: readonly boolean[],
  mergeTouched = false,
): Run[] {
  const runs: Run[] = [];
  shape.forEach((size, axis) => {
    const last = runs.at(-1);
    const isTouched = touched[axis]!;
    if (last !== undefined && last.touched === isTouched && (!isTouched || mergeTouched)) {
      runs[runs.length - 1] = { ...last, size: last.size * size };
    } else {
      runs.push({ size, touched: isTouched, axis });
    }
  });
  return runs;
}

function coordinateAlong(address: Linear, shape: readonly number[], axis: number): Linear {
  const product = (sizes: readonly number[]) => sizes.reduce((value, size) => value * size, 1);
  const sizes = [product(shape.slice(0, axis)), shape[axis]!, product(shape.slice(axis + 1))];
  return decompose(address, sizes)[1]!;
}
