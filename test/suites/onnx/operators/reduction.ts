/** ONNX operators that fold axes away, and those that run along one: sums so far, ranks. */
import type { Builder } from "../../../../compiler/ir/builder.ts";
import type { Node } from "../../../../compiler/ir/node.ts";
import type { Call, Operator } from "../call.ts";
import { and, axisOf, moved, or, take, upTo } from "./helpers.ts";

type Fold = (b: Builder, x: Node, axes: readonly number[], keep: boolean) => Node;

const reduce =
  (fold: Fold): Operator =>
  (call) => {
    const x = call.input(0);
    const rank = x.type.shape.length;
    const named = call.integers("axes") ?? call.numbers(1) ?? [];
    const all = call.integer("noop_with_empty_axes", 0) === 1 ? [] : upTo(rank);
    const axes = named.length === 0 ? all : named.map((axis) => axisOf(axis, rank));
    return [fold(call.b, x, axes, call.integer("keepdims", 1) === 1)];
  };

const square = (b: Builder, x: Node): Node => b.mul(x, x);
const sumSquare: Fold = (b, x, axes, keep) => b.sum(square(b, x), axes, keep);
const greatest: Fold = (b, x, axes, keep) =>
  b.cast(b.reduce("max", x.type.dtype === "bool" ? b.cast(x, "i32") : x, axes, keep), x.type.dtype);
const least: Fold = (b, x, axes, keep) => {
  const numbers = x.type.dtype === "bool" ? b.cast(x, "i32") : x;
  return b.cast(b.neg(b.reduce("max", b.neg(numbers), axes, keep)), x.type.dtype);
};

function argMax(call: Call): Node[] {
  const { b } = call;
  const x = call.input(0);
  const axis = axisOf(call.integer("axis", 0), x.type.shape.length);
  const size = x.type.shape[axis]!;
  const found =
    call.integer("select_last_index", 0) === 1
      ? b.sub(size - 1, b.argmax(take(b, x, axis, upTo(size).reverse()), axis))
      : b.argmax(x, axis);
  if (call.integer("keepdims", 1) === 0) return [found];
  return [
    b.reshape(
      found,
      x.type.shape.map((length, i) => (i === axis ? 1 : length)),
    ),
  ];
}

/** For each place the elements before it (and itself), summed. */
function cumSum(call: Call): Node[] {
  const { b } = call;
  const x = call.input(0);
  const axis = axisOf(call.numbers(1)![0]!, x.type.shape.length);
  const { x: last, back } = moved(b, x, axis, "back");
  const shape = last.type.shape;
  const size = shape.at(-1)!;
  const [to, from] = [b.iota([size, size], 0), b.iota([size, size], 1)];
  const [early, late] = call.integer("reverse", 0) === 1 ? [to, from] : [from, to];
  const counts =
    call.integer("exclusive", 0) === 1 ? b.less(early, late) : b.less(early, b.add(late, 1));
  const row = b.reshape(last, [...shape.slice(0, -1), 1, size]);
  return [back(b.sum(b.select(counts, row, 0), [-1]))];
}

/** Each element's rank is the number of elements that come before it; rank r goes to place r. */
function topK(call: Call): Node[] {
  const { b } = call;
  const x = call.input(0);
  const axis = axisOf(call.integer("axis", -1), x.type.shape.length);
  const count = call.numbers(1)![0]!;
  const { x: last, back } = moved(b, x, axis, "back");
  const outer = last.type.shape.slice(0, -1);
  const size = last.type.shape.at(-1)!;
  const spread = (y: Node, shape: readonly number[]) =>
    b.broadcastTo(b.reshape(y, shape), [...outer, size, size]);
  const [mine, other] = [spread(last, [...outer, size, 1]), spread(last, [...outer, 1, size])];
  const wins = call.integer("largest", 1) === 1 ? b.less(mine, other) : b.less(other, mine);
  const full = [...outer, size, size];
  const earlier = b.less(b.iota(full, full.length - 1), b.iota(full, full.length - 2));
  const ahead = or(b, wins, and(b, b.equal(mine, other), earlier));
  const rank = b.sum(b.cast(ahead, "i32"), [-1]);
  const wanted = [...outer, count, size];
  const hit = b.equal(b.iota(wanted, wanted.length - 2), b.reshape(rank, [...outer, 1, size]));
  const chosen = (y: Node) => b.sum(b.select(hit, b.reshape(y, [...outer, 1, size]), 0), [-1]);
  return [back(chosen(last)), back(chosen(b.iota(last.type.shape, outer.length)))];
}

export const reduction: Readonly<Record<string, Operator>> = {
  ArgMax: argMax,
  CumSum: cumSum,
  ReduceL2: reduce((b, x, axes, keep) => b.sqrt(sumSquare(b, x, axes, keep))),
  ReduceMax: reduce(greatest),
  ReduceMean: reduce((b, x, axes, keep) => b.mean(x, axes, keep)),
  ReduceMin: reduce(least),
  ReduceSum: reduce((b, x, axes, keep) => b.sum(x, axes, keep)),
  ReduceSumSquare: reduce(sumSquare),
  TopK: topK,
};
