/** Small functions over ops that several ONNX operators share. */
import type { Builder } from "../../../../compiler/ir/builder.ts";
import type { Node } from "../../../../compiler/ir/node.ts";
import type { Shape } from "../../../../compiler/ir/tensor-type.ts";

/** 0, 1, …, count - 1. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export const product = (sizes: Shape): number => sizes.reduce((result, size) => result * size, 1);

/** An axis counted from the front. */
export const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

export const minimum = (b: Builder, x: Node, y: Node): Node => b.neg(b.max(b.neg(x), b.neg(y)));

export const and = (b: Builder, x: Node, y: Node): Node =>
  b.select(...same(b, x, y), b.constant(0, [], "bool"));

export const or = (b: Builder, x: Node, y: Node): Node => {
  const [first, second] = same(b, x, y);
  return b.select(first, b.constant(1, [], "bool"), second);
};

export const not = (b: Builder, x: Node): Node =>
  b.select(x, b.constant(0, [], "bool"), b.constant(1, [], "bool"));

/** Broadcasts two bools by way of integers' rule for pairs. */
function same(b: Builder, x: Node, y: Node): [Node, Node] {
  const rank = Math.max(x.type.shape.length, y.type.shape.length);
  const size = (node: Node, axis: number) =>
    node.type.shape[node.type.shape.length - rank + axis] ?? 1;
  const shape = upTo(rank).map((axis) => {
    const first = size(x, axis);
    return first === 1 ? size(y, axis) : first;
  });
  return [b.broadcastTo(x, shape), b.broadcastTo(y, shape)];
}

/** `axis` moved to the front or to the back, and the way back for a tensor of the same rank. */
export function moved(
  b: Builder,
  x: Node,
  axis: number,
  to: "front" | "back",
): { readonly x: Node; readonly back: (y: Node) => Node } {
  const others = upTo(x.type.shape.length).filter((other) => other !== axis);
  const permutation = to === "front" ? [axis, ...others] : [...others, axis];
  const inverse = upTo(permutation.length).map((place) => permutation.indexOf(place));
  return { x: b.transpose(x, permutation), back: (y) => b.transpose(y, inverse) };
}

/** Elements `indices` (known while building) of `axis`. */
export function take(b: Builder, x: Node, axis: number, indices: readonly number[]): Node {
  const first = indices[0] ?? 0;
  if (indices.every((index, i) => index === first + i))
    return b.slice(x, axis, first, first + indices.length);
  const { x: front, back } = moved(b, x, axis, "front");
  return back(b.gather(front, b.constant(indices, [indices.length], "i32")));
}

/** Indices below zero count from the end. */
export const wrapped = (b: Builder, indices: Node, size: number): Node =>
  b.select(b.less(indices, 0), b.add(indices, size), indices);

/** i32 of `shape`: 1, 2, 3 along `axis`. */
export const along = (b: Builder, shape: Shape, axis: number): Node => b.iota(shape, axis);

/** All of `x` in a matrix: the axes before `axis` and the rest. */
export const asMatrix = (b: Builder, x: Node, axis: number): Node =>
  b.reshape(x, [product(x.type.shape.slice(0, axis)), product(x.type.shape.slice(axis))]);

/** Rows of `updates` put into rows `at` (i32[n]) of `data` [rows, …]; without a reduction each row is met once. */
export function scattered(
  b: Builder,
  data: Node,
  at: Node,
  updates: Node,
  reduction: string,
): Node {
  const rows = data.type.shape[0]!;
  const { dtype } = data.type;
  if (reduction === "add")
    return b.add(data, b.cast(b.scatterAdd(at, b.cast(updates, "f32"), rows), dtype));
  if (reduction === "none") {
    const ones = b.constant(1, updates.type.shape);
    const sum = b.cast(b.scatterAdd(at, b.cast(updates, "f32"), rows), dtype);
    return b.select(b.less(0, b.scatterAdd(at, ones, rows)), sum, data);
  }
  const row = b.iota(data.type.shape, 0);
  return upTo(at.type.shape[0]!).reduce((result, i) => {
    const update = b.broadcastTo(b.slice(updates, 0, i, i + 1), data.type.shape);
    const index = b.reshape(
      b.slice(at, 0, i, i + 1),
      data.type.shape.map(() => 1),
    );
    const joined =
      reduction === "mul"
        ? b.mul(result, update)
        : reduction === "max"
          ? b.max(result, update)
          : minimum(b, result, update);
    return b.select(b.equal(row, index), joined, result);
  }, data);
}
