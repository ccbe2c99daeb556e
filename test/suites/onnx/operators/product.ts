/** ONNX operators that are matrix products: MatMul, Gemm, Conv, Resize. */
import type { Node } from "../../../../compiler/ir/node.ts";
import { type Call, Inexpressible, type Operator } from "../call.ts";
import { product, upTo } from "./helpers.ts";
import { resize } from "./resize.ts";

/** Vectors count as a row on the left and as a column on the right. */
function matMul(call: Call): Node[] {
  const { b } = call;
  const [x, y] = [call.input(0), call.input(1)];
  const [isRow, isColumn] = [x.type.shape.length === 1, y.type.shape.length === 1];
  const result = b.matmul(isRow ? b.reshape(x, [1, -1]) : x, isColumn ? b.reshape(y, [-1, 1]) : y);
  const shape = [...result.type.shape];
  if (isColumn) shape.pop();
  if (isRow) shape.splice(isColumn ? -1 : -2, 1);
  return [b.reshape(result, shape)];
}

function gemm(call: Call): Node[] {
  const { b } = call;
  const side = (index: number, name: string): Node => {
    const x = call.input(index);
    return call.integer(name, 0) === 1 ? b.swap(x) : x;
  };
  const sum = b.mul(b.matmul(side(0, "transA"), side(1, "transB")), call.float("alpha", 1));
  const shift = call.optional(2);
  return [shift === undefined ? sum : b.add(sum, b.mul(shift, call.float("beta", 1)))];
}

/** Pieces of the picture as rows, times the kernels as columns. */
function conv(call: Call): Node[] {
  const { b } = call;
  const x = call.input(0);
  const kernels = call.input(1);
  if (call.integer("group", 1) !== 1) throw new Inexpressible("grouped convolution");
  const [batch, channels, ...sizes] = x.type.shape as [number, number, ...number[]];
  const [count, , ...window] = kernels.type.shape as [number, number, ...number[]];
  const strides = call.integers("strides") ?? sizes.map(() => 1);
  const spread = call.integers("dilations") ?? sizes.map(() => 1);
  const pads = padsOf(call, sizes, window, strides);
  let padded = x;
  sizes.forEach((_, i) => {
    padded = b.pad(padded, i + 2, pads[i]!, pads[i + sizes.length]!);
  });
  const full = padded.type.shape.slice(2);
  const places = full.map(
    (size, i) => Math.floor((size - spread[i]! * (window[i]! - 1) - 1) / strides[i]!) + 1,
  );
  const at = grid(places).flatMap((place) =>
    grid(window).map((offset) =>
      full.reduce(
        (sum, size, i) => sum * size + place[i]! * strides[i]! + offset[i]! * spread[i]!,
        0,
      ),
    ),
  );
  const [rows, inner] = [product(places), product(window)];
  const pixels = b.transpose(b.reshape(padded, [batch, channels, product(full)]), [2, 0, 1]);
  const pieces = b.gather(pixels, b.constant(at, [rows, inner], "i32"));
  const left = b.reshape(b.transpose(pieces, [2, 0, 3, 1]), [batch, rows, channels * inner]);
  const right = b.swap(b.reshape(kernels, [count, channels * inner]));
  const result = b.reshape(b.swap(b.matmul(left, right)), [batch, count, ...places]);
  const shift = call.optional(2);
  if (shift === undefined) return [result];
  return [b.add(result, b.reshape(shift, [count, ...sizes.map(() => 1)]))];
}

/** Coordinates of every place of a grid, row-major. */
function grid(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (list, size) => list.flatMap((start) => upTo(size).map((i) => [...start, i])),
    [[]],
  );
}

function padsOf(
  call: Call,
  sizes: readonly number[],
  window: readonly number[],
  strides: readonly number[],
): readonly number[] {
  const mode = call.text("auto_pad", "NOTSET");
  if (mode === "NOTSET") return call.integers("pads") ?? sizes.flatMap(() => [0, 0]);
  if (mode === "VALID") return sizes.flatMap(() => [0, 0]);
  const totals = sizes.map((size, i) => {
    const places = Math.ceil(size / strides[i]!);
    return Math.max(0, (places - 1) * strides[i]! + window[i]! - size);
  });
  const small = totals.map((total) => Math.floor(total / 2));
  const large = totals.map((total, i) => total - small[i]!);
  return mode === "SAME_UPPER" ? [...small, ...large] : [...large, ...small];
}

export const products: Readonly<Record<string, Operator>> = {
  Conv: conv,
  Gemm: gemm,
  MatMul: matMul,
  Resize: resize,
};
