/** Lengths and salts → the same numbers in every column, so that results can be compared. */
import type { Block } from "./workloads.ts";

/** Values in ±0.05 that differ by `salt`: a linear congruential generator, quick in any language. */
export function fresh(length: number, salt: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(length);
  let state = Math.imul(salt + 1, 0x9e3779b9) >>> 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = (state / 2 ** 32 - 0.5) / 10;
  }
  return values;
}

/** The parameters of the block in order; the place in the list is the salt. Weights are [out, in]. */
export function blockParameters({ width, mlpWidth }: Pick<Block, "width" | "mlpWidth">): readonly {
  readonly name: string;
  readonly shape: readonly number[];
}[] {
  return [
    { name: "norm1.weight", shape: [width] },
    { name: "norm1.bias", shape: [width] },
    { name: "attention.qkv.weight", shape: [3 * width, width] },
    { name: "attention.qkv.bias", shape: [3 * width] },
    { name: "attention.output.weight", shape: [width, width] },
    { name: "attention.output.bias", shape: [width] },
    { name: "norm2.weight", shape: [width] },
    { name: "norm2.bias", shape: [width] },
    { name: "mlp.0.weight", shape: [mlpWidth, width] },
    { name: "mlp.0.bias", shape: [mlpWidth] },
    { name: "mlp.1.weight", shape: [width, mlpWidth] },
    { name: "mlp.1.bias", shape: [width] },
  ];
}

/** Salt of the block's input. */
export const inputSalt = 12;

/** A value of the block by its place in the list; norms start around 1. */
export function blockValue(
  name: string,
  shape: readonly number[],
  salt: number,
): Float32Array<ArrayBuffer> {
  const values = fresh(
    shape.reduce((product, size) => product * size, 1),
    salt,
  );
  return /^norm\d\.weight$/.test(name) ? values.map((value) => 1 + value) : values;
}

/** A matrix [rows, columns] as [columns, rows]: weights as libraries want them that multiply from the left. */
export function turned(
  values: Float32Array,
  [rows = 1, columns = 1]: readonly number[],
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j]!;
  return result;
}

/** Rate and decay of the training step in every column. */
export const adam = { rate: 1e-4, betas: [0.9, 0.999], epsilon: 1e-8, decay: 0.05 } as const;

/** Class that row `row` of the cross-entropy has. */
export function classOf(row: number, classes: number): number {
  return (row * 7919) % classes;
}

/** Elements by which results are compared: eight, spread over the whole. */
export function probes(values: ArrayLike<number>): readonly number[] {
  return Array.from({ length: 8 }, (_, i) => values[Math.floor(((values.length - 1) * i) / 7)]!);
}
