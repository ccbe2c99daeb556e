/** Makes nodes: infers types, interns equal nodes, and inserts the broadcasts that people leave out. */
import { invariant } from "../invariant.ts";
import { Interned } from "./interned.ts";
import type { Node, NodeOf, Origin } from "./node.ts";
import type { OpRule, Rules } from "./rule.ts";
import type { Init, OpName, Signatures } from "./signatures.ts";
import { type DType, elements, type Shape, sameShape, typeText } from "./tensor-type.ts";

/** A node, or a number that becomes a constant of the other operand's type. */
export type Operand = Node | number;

export class Builder {
  readonly #rules: Rules;
  readonly #made = new Interned();
  #next = 0;
  #origin: Origin = { path: "" };

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** A builder with the same rules that has made nothing yet. */
  anew(): Builder {
    return new Builder(this.#rules);
  }

  /** Runs `make` with `origin` on every node that it makes. */
  within<T>(origin: Origin, make: () => T): T {
    const outer = this.#origin;
    this.#origin =
      origin.at === undefined && outer.at !== undefined ? { ...origin, at: outer.at } : origin;
    try {
      return make();
    } finally {
      this.#origin = outer;
    }
  }

  get origin(): Origin {
    return this.#origin;
  }

  /** The one place where nodes are made. Equal nodes are one object. */
  make<K extends OpName>(
    op: K,
    inputs: Signatures[K]["inputs"],
    attributes: Signatures[K]["attributes"],
  ): NodeOf<K> {
    return this.#made.get(op, inputs, attributes, () => {
      const type = this.#rules[op].infer(inputs, attributes);
      const id = this.#next++;
      return { op, id, inputs, attributes, type, origin: this.#origin } as Node;
    }) as NodeOf<K>;
  }

  /** The node in smaller ops where its rule has a definition, else the node itself. */
  expand(node: Node): Node {
    const rule = this.#rules[node.op] as OpRule<typeof node.op>;
    return rule.expand?.(node as never, this) ?? node;
  }

  input(name: string, shape: Shape, dtype: DType = "f32"): Node {
    return this.make("input", [], { name, shape, dtype });
  }
  parameter(
    path: string,
    shape: Shape,
    init: Init = { kind: "zeros" },
    dtype: DType = "f32",
  ): NodeOf<"parameter"> {
    return this.make("parameter", [], { path, shape, dtype, init });
  }
  /** A scalar, or `data` in the given shape. */
  constant(data: number | readonly number[], shape: Shape = [], dtype: DType = "f32"): Node {
    return this.make("constant", [], {
      data: typeof data === "number" ? [data] : data,
      shape,
      dtype,
    });
  }
  iota(shape: Shape, axis: number): Node {
    return this.make("iota", [], { shape, axis });
  }
  random(seed: Node, shape: Shape, stream: number): Node {
    return this.make("random", [seed], { shape, stream });
  }

  neg(x: Node): Node {
    return this.make("neg", [x], {});
  }
  exp(x: Node): Node {
    return this.make("exp", [x], {});
  }
  log(x: Node): Node {
    return this.make("log", [x], {});
  }
  sqrt(x: Node): Node {
    return this.make("sqrt", [x], {});
  }
  tanh(x: Node): Node {
    return this.make("tanh", [x], {});
  }
  erf(x: Node): Node {
    return this.make("erf", [x], {});
  }
  finite(x: Node): Node {
    return this.make("finite", [x], {});
  }
  cast(x: Node, dtype: DType): Node {
    return x.type.dtype === dtype ? x : this.make("cast", [x], { dtype });
  }
  stopGradient(x: Node): Node {
    return this.make("stopGradient", [x], {});
  }
  /** `x` as the start of a second computation of what was computed from it before: equal nodes above it are not the same nodes. */
  again(x: Node): Node {
    return this.make("stopGradient", [x], { again: true });
  }

  add(x: Operand, y: Operand): Node {
    return this.make("add", this.#pair(x, y), {});
  }
  sub(x: Operand, y: Operand): Node {
    return this.make("sub", this.#pair(x, y), {});
  }
  mul(x: Operand, y: Operand): Node {
    return this.make("mul", this.#pair(x, y), {});
  }
  div(x: Operand, y: Operand): Node {
    return this.make("div", this.#pair(x, y), {});
  }
  max(x: Operand, y: Operand): Node {
    return this.make("max", this.#pair(x, y), {});
  }
  less(x: Operand, y: Operand): Node {
    return this.make("less", this.#pair(x, y), {});
  }
  equal(x: Operand, y: Operand): Node {
    return this.make("equal", this.#pair(x, y), {});
  }
  /** Elementwise choice; all three are broadcast to one shape. */
  select(condition: Node, x: Operand, y: Operand): Node {
    const [first, second] = this.#pair(x, y);
    const shape = broadcastShape(condition.type.shape, first.type.shape);
    return this.make(
      "select",
      [
        this.broadcastTo(condition, shape),
        this.broadcastTo(first, shape),
        this.broadcastTo(second, shape),
      ],
      {},
    );
  }

  /** Folds axes away (negative axes count from the end); `keep` leaves sizes of 1. */
  reduce(kind: "sum" | "max", x: Node, axes: readonly number[], keep = false): Node {
    const rank = x.type.shape.length;
    const folded = [...new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)))].sort(
      (a, b) => a - b,
    );
    const result = folded.length === 0 ? x : this.make("reduce", [x], { kind, axes: folded });
    if (!keep) return result;
    return this.reshape(
      result,
      x.type.shape.map((size, axis) => (folded.includes(axis) ? 1 : size)),
    );
  }
  sum(x: Node, axes: readonly number[], keep = false): Node {
    return this.reduce("sum", x, axes, keep);
  }
  /** Mean over axes. */
  mean(x: Node, axes: readonly number[], keep = false): Node {
    const rank = x.type.shape.length;
    const count = axes.reduce(
      (product, axis) => product * x.type.shape[axis < 0 ? axis + rank : axis]!,
      1,
    );
    return this.mul(this.sum(x, axes, keep), 1 / count);
  }
  argmax(x: Node, axis: number): Node {
    return this.make("argmax", [x], { axis: axis < 0 ? axis + x.type.shape.length : axis });
  }
  /** Leading sizes are broadcast; both operands have rank 2 at least. */
  matmul(x: Node, y: Node): Node {
    const a = x.type.shape;
    const c = y.type.shape;
    invariant(
      a.length >= 2 && c.length >= 2,
      () => `matmul of ${typeText(x.type)} and ${typeText(y.type)}`,
    );
    const batch = broadcastShape(a.slice(0, -2), c.slice(0, -2));
    return this.make(
      "matmul",
      [
        this.broadcastTo(x, [...batch, ...a.slice(-2)]),
        this.broadcastTo(y, [...batch, ...c.slice(-2)]),
      ],
      {},
    );
  }

  /** Queries [batch, heads, n, width], keys and values [batch, heads, m, width]; bias and visible are broadcast to the scores. */
  attention(
    queries: Node,
    keys: Node,
    values: Node,
    options: { readonly scale: number; readonly bias?: Node; readonly visible?: Node },
  ): NodeOf<"attention"> {
    const { scale, bias = this.constant(0), visible = this.constant(1, [], "bool") } = options;
    const scores = [...queries.type.shape.slice(0, 3), keys.type.shape[2]!];
    return this.make(
      "attention",
      [queries, keys, values, this.broadcastTo(bias, scores), this.broadcastTo(visible, scores)],
      { scale, gives: "mixed" },
    );
  }

  /** One size may be -1. */
  reshape(x: Node, shape: Shape): Node {
    const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
    const full = shape.map((size) => (size === -1 ? elements(x.type.shape) / known : size));
    return sameShape(full, x.type.shape) ? x : this.make("reshape", [x], { shape: full });
  }
  transpose(x: Node, permutation: readonly number[]): Node {
    const identity = permutation.every((axis, position) => axis === position);
    return identity ? x : this.make("transpose", [x], { permutation });
  }
  /** Exchanges the last two axes. */
  swap(x: Node): Node {
    const rank = x.type.shape.length;
    const permutation = x.type.shape.map((_, axis) =>
      axis === rank - 2 ? rank - 1 : axis === rank - 1 ? rank - 2 : axis,
    );
    return this.transpose(x, permutation);
  }
  /** Prepends axes of 1 and repeats sizes of 1 until the shape is `shape`. */
  broadcastTo(x: Node, shape: Shape): Node {
    if (sameShape(x.type.shape, shape)) return x;
    const missing = shape.length - x.type.shape.length;
    invariant(missing >= 0, () => `broadcast of ${typeText(x.type)} to [${shape}]`);
    const lifted = this.reshape(x, [...new Array<number>(missing).fill(1), ...x.type.shape]);
    return sameShape(lifted.type.shape, shape)
      ? lifted
      : this.make("broadcast", [lifted], { shape });
  }
  /** Half-open range along one axis. */
  slice(x: Node, axis: number, start: number, end: number): Node {
    const at = axis < 0 ? axis + x.type.shape.length : axis;
    if (start === 0 && end === x.type.shape[at]) return x;
    return this.make("slice", [x], {
      start: x.type.shape.map((_, i) => (i === at ? start : 0)),
      end: x.type.shape.map((size, i) => (i === at ? end : size)),
    });
  }
  pad(x: Node, axis: number, before: number, after: number): Node {
    const at = axis < 0 ? axis + x.type.shape.length : axis;
    if (before === 0 && after === 0) return x;
    return this.make("pad", [x], {
      before: x.type.shape.map((_, i) => (i === at ? before : 0)),
      after: x.type.shape.map((_, i) => (i === at ? after : 0)),
    });
  }
  concat(parts: readonly Node[], axis: number): Node {
    invariant(parts.length > 0, "concat of nothing");
    if (parts.length === 1) return parts[0]!;
    if (parts.length > mostParts) {
      const size = Math.max(mostParts, Math.ceil(parts.length / mostParts));
      const count = Math.ceil(parts.length / size);
      const groups = Array.from({ length: count }, (_, i) => parts.slice(i * size, (i + 1) * size));
      return this.concat(
        groups.map((group) => this.concat(group, axis)),
        axis,
      );
    }
    return this.make("concat", parts, {
      axis: axis < 0 ? axis + parts[0]!.type.shape.length : axis,
    });
  }
  pack(parts: readonly Node[]): NodeOf<"pack"> {
    return this.make("pack", parts, {});
  }
  /** What stands at `start` of a pack, in the `shape` that it was packed in. */
  unpack(packed: Node, start: number, shape: Shape): Node {
    return this.reshape(this.slice(packed, 0, start, start + elements(shape)), shape);
  }
  gather(table: Node, indices: Node): Node {
    return this.make("gather", [table, indices], {});
  }
  scatterAdd(indices: Node, updates: Node, rows: number): Node {
    return this.make("scatterAdd", [indices, updates], { rows });
  }

  #pair(x: Operand, y: Operand): readonly [Node, Node] {
    if (typeof x === "number") {
      invariant(typeof y !== "number", "two numbers where a tensor is needed");
      return [this.broadcastTo(this.constant(x, [], y.type.dtype), y.type.shape), y];
    }
    if (typeof y === "number")
      return [x, this.broadcastTo(this.constant(y, [], x.type.dtype), x.type.shape)];
    const shape = broadcastShape(x.type.shape, y.type.shape);
    return [this.broadcastTo(x, shape), this.broadcastTo(y, shape)];
  }
}

/** A concat of more parts is made of concats: a kernel reads few buffers. */
const mostParts = 6;

/** NumPy's rule: align at the end, sizes of 1 are repeated. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    invariant(x === y || x === 1 || y === 1, () => `shapes [${a}] and [${b}] do not broadcast`);
    return x === 1 ? y : x;
  });
}
