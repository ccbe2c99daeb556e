/** ONNX operators that move elements or change shapes. */

import { broadcastShape } from "../../../../compiler/ir/builder.ts";
import type { Node } from "../../../../compiler/ir/node.ts";
import { type Call, Inexpressible, type Operator } from "../call.ts";
import { axisOf, product, take, upTo } from "./helpers.ts";

function reshape(call: Call): Node[] {
  const x = call.input(0);
  const keepZero = call.integer("allowzero", 0) === 1;
  const sizes = call
    .numbers(1)!
    .map((size, axis) => (size === 0 && !keepZero ? x.type.shape[axis]! : size));
  return [call.b.reshape(x, sizes)];
}

function flatten(call: Call): Node[] {
  const x = call.input(0);
  const axis = axisOf(call.integer("axis", 1), x.type.shape.length);
  const { shape } = x.type;
  return [call.b.reshape(x, [product(shape.slice(0, axis)), product(shape.slice(axis))])];
}

function squeeze(call: Call): Node[] {
  const x = call.input(0);
  const axes = axesOf(call, x.type.shape.length);
  const isDropped = (size: number, axis: number) =>
    axes === undefined ? size === 1 : axes.includes(axis);
  return [
    call.b.reshape(
      x,
      x.type.shape.filter((size, axis) => !isDropped(size, axis)),
    ),
  ];
}

function unsqueeze(call: Call): Node[] {
  const x = call.input(0);
  const given = call.integers("axes") ?? call.numbers(1)!;
  const rank = x.type.shape.length + given.length;
  const axes = given.map((axis) => axisOf(axis, rank));
  let next = 0;
  return [
    call.b.reshape(
      x,
      upTo(rank).map((axis) => (axes.includes(axis) ? 1 : x.type.shape[next++]!)),
    ),
  ];
}

function axesOf(call: Call, rank: number): number[] | undefined {
  return (call.integers("axes") ?? call.numbers(1))?.map((axis) => axisOf(axis, rank));
}

function expand(call: Call): Node[] {
  const x = call.input(0);
  return [call.b.broadcastTo(x, broadcastShape(x.type.shape, call.numbers(1)!))];
}

function tile(call: Call): Node[] {
  const { b } = call;
  const x = call.input(0);
  const repeats = call.numbers(1)!;
  const { shape } = x.type;
  const lifted = b.reshape(
    x,
    shape.flatMap((size) => [1, size]),
  );
  const spread = b.broadcastTo(
    lifted,
    shape.flatMap((size, axis) => [repeats[axis]!, size]),
  );
  return [
    b.reshape(
      spread,
      shape.map((size, axis) => size * repeats[axis]!),
    ),
  ];
}

function split(call: Call): Node[] {
  const x = call.input(0);
  const axis = axisOf(call.integer("axis", 0), x.type.shape.length);
  const size = x.type.shape[axis]!;
  const count = call.integer("num_outputs", call.model.outputs.length);
  const each = Math.ceil(size / count);
  const even = upTo(count).map((i) => Math.max(0, Math.min(each, size - i * each)));
  let start = 0;
  return (call.integers("split") ?? call.numbers(1) ?? even).map((length) => {
    start += length;
    return call.b.slice(x, axis, start - length, start);
  });
}

function slice(call: Call): Node[] {
  let x = call.input(0);
  const rank = x.type.shape.length;
  const starts = call.numbers(1)!;
  const axes = call.numbers(3) ?? upTo(starts.length);
  const steps = call.numbers(4) ?? starts.map(() => 1);
  const ends = call.numbers(2)!;
  axes.forEach((given, i) => {
    const axis = axisOf(given, rank);
    const size = x.type.shape[axis]!;
    const step = steps[i]!;
    const bound = (place: number): number => {
      const at = place < 0 ? place + size : place;
      return step > 0 ? Math.min(Math.max(at, 0), size) : Math.min(Math.max(at, -1), size - 1);
    };
    const [from, to] = [bound(starts[i]!), bound(ends[i]!)];
    const count = Math.max(0, Math.ceil((to - from) / step));
    x =
      count === 0
        ? call.b.slice(x, axis, 0, 0)
        : take(
            call.b,
            x,
            axis,
            upTo(count).map((k) => from + k * step),
          );
  });
  return [x];
}

function pad(call: Call): Node[] {
  const { b } = call;
  let x = call.input(0);
  const rank = x.type.shape.length;
  const pads = call.numbers(1)!;
  const axes = call.numbers(3)?.map((axis) => axisOf(axis, rank)) ?? upTo(rank);
  const mode = call.text("mode", "constant");
  const from = { reflect: reflected, edge: held, wrap: around }[mode];
  let inside: Node = b.constant(1, x.type.shape);
  axes.forEach((axis, i) => {
    const [before, after] = [pads[i]!, pads[i + axes.length]!];
    if (before < 0 || after < 0) throw new Inexpressible("negative pads");
    const size = x.type.shape[axis]!;
    if (from === undefined) {
      x = b.pad(x, axis, before, after);
      inside = b.pad(inside, axis, before, after);
    } else
      x = take(
        b,
        x,
        axis,
        upTo(before + size + after).map((at) => from(at - before, size)),
      );
  });
  const value = from === undefined ? call.optional(2) : undefined;
  return [value === undefined ? x : b.select(b.less(0, inside), x, b.reshape(value, []))];
}

const around = (at: number, size: number): number => ((at % size) + size) % size;
const held = (at: number, size: number): number => Math.min(Math.max(at, 0), size - 1);
const reflected = (at: number, size: number): number => {
  if (size === 1) return 0;
  const turn = around(at, 2 * (size - 1));
  return turn < size ? turn : 2 * (size - 1) - turn;
};

function trilu(call: Call): Node[] {
  const { b } = call;
  const x = call.input(0);
  const shift = call.numbers(1)?.[0] ?? 0;
  const square = x.type.shape.slice(-2);
  const [row, column] = [b.iota(square, 0), b.iota(square, 1)];
  const kept =
    call.integer("upper", 1) === 1
      ? b.less(b.add(row, shift - 1), column)
      : b.less(column, b.add(row, shift + 1));
  return [b.select(kept, x, 0)];
}

export const layout: Readonly<Record<string, Operator>> = {
  Concat: (call) => [call.b.concat(call.all(), call.integer("axis", 0))],
  Expand: expand,
  Flatten: flatten,
  Pad: pad,
  Reshape: reshape,
  Slice: slice,
  Split: split,
  Squeeze: squeeze,
  Tile: tile,
  Transpose: (call) => {
    const x = call.input(0);
    const reversed = upTo(x.type.shape.length).reverse();
    return [call.b.transpose(x, call.integers("perm") ?? reversed)];
  },
  Trilu: trilu,
  Unsqueeze: unsqueeze,
};
