/** Tensors with named axes: what expressions of objectives are made of, as functions over ops. */
import type { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";
import { crossEntropy, softCrossEntropy } from "../layers/cross-entropy.ts";
import { l2Normalize } from "../layers/norm.ts";
import type { Scope } from "../layers/scope.ts";
import { logSoftmax, softmax } from "../layers/softmax.ts";

/** A tensor whose axes are found by name, outermost first. f32, or i32 where it counts along an axis. */
export interface NamedTensor {
  readonly node: Node;
  readonly axes: readonly string[];
}

/** A tensor or a constant. */
export type Operand = NamedTensor | number;

/** A constant as a scalar tensor. */
export function tensorOf(b: Builder, x: Operand): NamedTensor {
  return typeof x === "number" ? { node: b.constant(x), axes: [] } : x;
}

/** Counts are made f32. */
export function numeric(b: Builder, x: NamedTensor): NamedTensor {
  return { ...x, node: b.cast(x.node, "f32") };
}

/** Element by element. */
export function mapped(x: NamedTensor, make: (x: Node) => Node): NamedTensor {
  return { axes: x.axes, node: make(x.node) };
}

/**
 * The tensor with its axes in this order, sizes of 1 for axes that it lacks: broadcasting does the rest.
 * `axes` holds all of its own.
 */
export function aligned(b: Builder, x: NamedTensor, axes: readonly string[]): Node {
  const own = axes.filter((name) => x.axes.includes(name));
  const ordered = ordering(b, x, own);
  if (own.length === axes.length || own.length === 0) return ordered;
  const sizes = axes.map((name) => (own.includes(name) ? sizeOf(x, name) : 1));
  return b.reshape(ordered, sizes);
}

/** Both aligned to the axes of the first and those that only the second has. */
export function joined(
  b: Builder,
  x: NamedTensor,
  y: NamedTensor,
  make: (x: Node, y: Node) => Node,
): NamedTensor {
  const axes = [...x.axes, ...y.axes.filter((name) => !x.axes.includes(name))];
  return { axes, node: make(aligned(b, x, axes), aligned(b, y, axes)) };
}

/**
 * Products summed over `over`: one matrix product. Axes of both are its batch, those of one its rows and columns.
 * Result: shared axes, rows, columns.
 */
export function dot(
  b: Builder,
  x: NamedTensor,
  y: NamedTensor,
  over: readonly string[],
): NamedTensor {
  const shared = x.axes.filter((name) => y.axes.includes(name) && !over.includes(name));
  const rows = x.axes.filter((name) => !y.axes.includes(name));
  const columns = y.axes.filter((name) => !x.axes.includes(name));
  const axes = [...shared, ...rows, ...columns];
  const count = (t: NamedTensor, names: readonly string[]) =>
    names.reduce((product, name) => product * sizeOf(t, name), 1);
  const flat = (t: NamedTensor, outer: readonly string[]) => {
    const batch = shared.length === 0 ? [] : [count(t, shared)];
    const ordered = ordering(b, t, [...shared, ...outer, ...over]);
    return b.reshape(ordered, [...batch, count(t, outer), count(t, over)]);
  };
  const product = b.matmul(flat(x, rows), b.swap(flat(y, columns)));
  const sizes = axes.map((name) => sizeOf(x.axes.includes(name) ? x : y, name));
  return { axes, node: b.reshape(product, sizes) };
}

/** Folds axes away. */
export function fold(
  b: Builder,
  kind: "sum" | "mean" | "max" | "min" | "log_sum_exp",
  x: NamedTensor,
  over: readonly string[],
): NamedTensor {
  const places = over.map((name) => x.axes.indexOf(name));
  const axes = x.axes.filter((name) => !over.includes(name));
  switch (kind) {
    case "sum":
      return { axes, node: b.sum(x.node, places) };
    case "mean":
      return { axes, node: b.mean(x.node, places) };
    case "max":
      return { axes, node: b.reduce("max", x.node, places) };
    case "min":
      return { axes, node: b.neg(b.reduce("max", b.neg(x.node), places)) };
    case "log_sum_exp": {
      const greatest = b.stopGradient(b.reduce("max", x.node, places, true));
      const powers = b.sum(b.exp(b.sub(x.node, greatest)), places);
      return { axes, node: b.add(b.log(powers), b.reshape(greatest, powers.type.shape)) };
    }
  }
}

/** Functions along one axis that keep it. */
export function along(
  s: Scope,
  kind: "softmax" | "log_softmax" | "normalize",
  x: NamedTensor,
  over: string,
): NamedTensor {
  const { b } = s;
  const last = toLast(b, x, over);
  const made =
    kind === "softmax"
      ? softmax(b, last.node)
      : kind === "log_softmax"
        ? logSoftmax(b, last.node)
        : l2Normalize(s, last.node);
  return { axes: x.axes, node: ordering(b, { node: made, axes: last.axes }, x.axes) };
}

/** i32: position of the greatest element along the axis, the first of equals. */
export function argmaxOver(b: Builder, x: NamedTensor, over: string): NamedTensor {
  return {
    axes: x.axes.filter((name) => name !== over),
    node: b.argmax(x.node, x.axes.indexOf(over)),
  };
}

/**
 * Mean over all other axes of -log softmax at the target: an i32 index, or shares that have the axis `over` too. Both
 * may lack axes of the logits.
 */
export function crossEntropyOver(
  b: Builder,
  x: NamedTensor,
  over: string,
  target: NamedTensor,
  smoothing: number,
): NamedTensor {
  const last = toLast(b, x, over);
  const outer = last.axes.slice(0, -1);
  const classes = sizeOf(x, over);
  const logits = b.reshape(last.node, [-1, classes]);
  const rows = logits.type.shape[0]!;
  const sizes = outer.map((name) => sizeOf(x, name));
  if (target.axes.includes(over)) {
    const shares = b.broadcastTo(aligned(b, target, last.axes), [...sizes, classes]);
    return { axes: [], node: softCrossEntropy(b, logits, b.reshape(shares, [rows, classes])) };
  }
  const indices = b.broadcastTo(aligned(b, target, outer), sizes);
  const loss = crossEntropy(b, logits, b.reshape(indices, [rows]), { smoothing });
  return { axes: [], node: loss };
}

/** The same tensor under other names. */
export function renamed(
  x: NamedTensor,
  names: readonly { readonly from: string; readonly to: string }[],
): NamedTensor {
  return {
    node: x.node,
    axes: x.axes.map((axis) => names.find(({ from }) => from === axis)?.to ?? axis),
  };
}

/** Extent of an axis. */
export function sizeOf(x: NamedTensor, name: string): number {
  return x.node.type.shape[x.axes.indexOf(name)]!;
}

/** The tensor with this axis last. */
function toLast(b: Builder, x: NamedTensor, name: string): NamedTensor {
  const axes = [...x.axes.filter((axis) => axis !== name), name];
  return { axes, node: ordering(b, x, axes) };
}

/** Its node with the axes in this order; `axes` are all of its own. */
function ordering(b: Builder, x: NamedTensor, axes: readonly string[]): Node {
  return b.transpose(
    x.node,
    axes.map((name) => x.axes.indexOf(name)),
  );
}
