/** A product that was measured must also be right: a few of its elements against sums in f64. */
import type { Product } from "../workloads.ts";

/** Throws when one of 64 elements spread over the result is off by more than f32 sums explain. */
export function checkProduct(
  { name, batch, rows, depth, columns, form }: Product,
  x: Float32Array,
  y: Float32Array,
  result: Float32Array,
): void {
  for (let probe = 0; probe < 64; probe++) {
    const at = Math.floor(((batch * rows * columns - 1) * probe) / 63);
    const column = at % columns;
    const row = Math.floor(at / columns) % rows;
    const one = Math.floor(at / (rows * columns));
    let sum = 0;
    let size = 0;
    for (let k = 0; k < depth; k++) {
      const left = x[one * rows * depth + (form === "TN" ? k * rows + row : row * depth + k)]!;
      const right =
        y[one * depth * columns + (form === "NT" ? column * depth + k : k * columns + column)]!;
      sum += left * right;
      size += Math.abs(left * right);
    }
    const found = result[at]!;
    if (!(Math.abs(found - sum) <= 1e-5 * size + 1e-12)) {
      throw new Error(`${name}: element ${at} is ${found}, not ${sum}`);
    }
  }
}
