/** ONNX operators that pick or put elements by index. */
import type { Builder } from "../../../../compiler/ir/builder.ts";
import type { Node } from "../../../../compiler/ir/node.ts";
import { denseStrides, type Shape } from "../../../../compiler/ir/tensor-type.ts";
import type { Call, Operator } from "../call.ts";
import { axisOf, moved, product, scattered, upTo, wrapped } from "./helpers.ts";

function gather(call: Call): Node[] {
  const { b } = call;
  const data = call.input(0);
  const rank = data.type.shape.length;
  const axis = axisOf(call.integer("axis", 0), rank);
  const indices = wrapped(b, call.input(1), data.type.shape[axis]!);
  const picked = b.gather(moved(b, data, axis, "front").x, indices);
  // [...at, ...before, ...after] to [...before, ...at, ...after].
  const depth = indices.type.shape.length;
  const before = upTo(axis).map((i) => depth + i);
  const after = upTo(rank - 1 - axis).map((i) => depth + axis + i);
  return [b.transpose(picked, [...before, ...upTo(depth), ...after])];
}

/** Row-major positions in a tensor of `shape` where axis `axis` is replaced by `indices`. */
function positions(b: Builder, shape: Shape, axis: number, indices: Node): Node {
  const at = indices.type.shape;
  return denseStrides(shape)
    .map((stride, i) =>
      b.mul(i === axis ? wrapped(b, indices, shape[axis]!) : b.iota(at, i), stride),
    )
    .reduce((sum, part) => b.add(sum, part));
}

function gatherElements(call: Call): Node[] {
  const { b } = call;
  const data = call.input(0);
  const { shape } = data.type;
  const axis = axisOf(call.integer("axis", 0), shape.length);
  return [b.gather(b.reshape(data, [-1]), positions(b, shape, axis, call.input(1)))];
}

function scatterElements(call: Call): Node[] {
  const { b } = call;
  const data = call.input(0);
  const { shape } = data.type;
  const axis = axisOf(call.integer("axis", 0), shape.length);
  const at = b.reshape(positions(b, shape, axis, call.input(1)), [-1]);
  const updates = b.reshape(call.input(2), [-1]);
  const flat = scattered(b, b.reshape(data, [-1]), at, updates, call.text("reduction", "none"));
  return [b.reshape(flat, shape)];
}

/** Rows that the last axis of `indices` names, after `batch` axes that both have: i32[...at]. */
function namedRows(b: Builder, shape: Shape, indices: Node, batch: number): Node {
  const at = indices.type.shape.slice(0, -1);
  const depth = indices.type.shape.at(-1)!;
  const strides = denseStrides(shape.slice(0, batch + depth));
  const batches = upTo(batch).map((axis) => b.mul(b.iota(at, axis), strides[axis]!));
  const named = upTo(depth).map((i) => {
    const index = b.reshape(b.slice(indices, -1, i, i + 1), at);
    return b.mul(wrapped(b, index, shape[batch + i]!), strides[batch + i]!);
  });
  return [...batches, ...named].reduce((sum, part) => b.add(sum, part));
}

function gatherND(call: Call): Node[] {
  const { b } = call;
  const data = call.input(0);
  const indices = call.input(1);
  const batch = call.integer("batch_dims", 0);
  const known = batch + indices.type.shape.at(-1)!;
  const { shape } = data.type;
  const rows = b.reshape(data, [product(shape.slice(0, known)), ...shape.slice(known)]);
  return [b.gather(rows, namedRows(b, shape, indices, batch))];
}

function scatterND(call: Call): Node[] {
  const { b } = call;
  const data = call.input(0);
  const indices = call.input(1);
  const { shape } = data.type;
  const depth = indices.type.shape.at(-1)!;
  const at = b.reshape(namedRows(b, shape, indices, 0), [-1]);
  const rest = shape.slice(depth);
  const rows = b.reshape(data, [product(shape.slice(0, depth)), ...rest]);
  const updates = b.reshape(call.input(2), [at.type.shape[0]!, ...rest]);
  return [b.reshape(scattered(b, rows, at, updates, call.text("reduction", "none")), shape)];
}

/** Writes `update` into a cache along the axis of time, from a place of its own in each sequence. */
function tensorScatter(call: Call): Node[] {
  const { b } = call;
  const past = call.input(0);
  const rank = past.type.shape.length;
  const axis = axisOf(call.integer("axis", -2), rank);
  const order = [0, axis, ...upTo(rank).filter((other) => other !== 0 && other !== axis)];
  const inverse = upTo(rank).map((place) => order.indexOf(place));
  const front = b.transpose(past, order);
  const update = b.transpose(call.input(1), order);
  const [batch, length, ...rest] = front.type.shape as [number, number, ...number[]];
  const count = update.type.shape[1]!;
  const start = call.optional(2) ?? b.constant(0, [batch], "i32");
  const place = b.add(b.reshape(start, [batch, 1]), b.iota([batch, count], 1));
  const held =
    call.text("mode", "linear") === "circular"
      ? b.select(b.less(place, length), place, b.sub(place, length))
      : place;
  const at = b.reshape(b.add(held, b.mul(b.iota([batch, count], 0), length)), [-1]);
  const rows = b.reshape(front, [batch * length, ...rest]);
  const result = scattered(b, rows, at, b.reshape(update, [batch * count, ...rest]), "none");
  return [b.transpose(b.reshape(result, front.type.shape), inverse)];
}

function oneHot(call: Call): Node[] {
  const { b } = call;
  const depth = call.numbers(1)![0]!;
  const indices = wrapped(b, b.cast(call.input(0), "i32"), depth);
  const at = indices.type.shape;
  const axis = axisOf(call.integer("axis", -1), at.length + 1);
  const shape = [...at.slice(0, axis), depth, ...at.slice(axis)];
  const lifted = b.reshape(indices, [...at.slice(0, axis), 1, ...at.slice(axis)]);
  const values = call.input(2);
  const value = (i: number) => b.reshape(b.slice(values, 0, i, i + 1), []);
  return [b.select(b.equal(b.iota(shape, axis), lifted), value(1), value(0))];
}

export const indexing: Readonly<Record<string, Operator>> = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  OneHot: oneHot,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
  TensorScatter: tensorScatter,
};
