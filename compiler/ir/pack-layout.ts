/** Where tensors stand in a pack: one after another in one buffer, each where any adapter can bind it alone. */
import { elements, type Shape } from "./tensor-type.ts";

/** Elements: 256 bytes of f32, the coarsest step at which adapters bind parts of a buffer. */
const step = 64;

/** Elements. */
export interface PackLayout {
  /** Where each tensor begins; zeros stand between its end and the next one. */
  readonly starts: readonly number[];
  /** Of the whole pack. */
  readonly size: number;
}

/** The whole has divisors near its square root, so that a fold over it can be cut in equal parts. */
export function packLayout(shapes: readonly Shape[]): PackLayout {
  const starts: number[] = [];
  let end = 0;
  for (const shape of shapes) {
    starts.push(end);
    end += Math.ceil(elements(shape) / step) * step;
  }
  const side = Math.max(step, 2 ** Math.floor(Math.log2(Math.max(end, 1)) / 2));
  return { starts, size: Math.ceil(Math.max(end, 1) / side) * side };
}
