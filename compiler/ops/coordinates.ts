/** Walks a shape in row-major order: the loop under every reference of a movement op. */
import { denseStrides, elements, type Shape } from "../ir/tensor-type.ts";

export interface Coordinates {
  readonly strides: readonly number[];
  /** Calls `visit` with the coordinates (one array, reused) and the row-major position. */
  forEach(visit: (at: readonly number[], position: number) => void): void;
}

export function coordinates(shape: Shape): Coordinates {
  return {
    strides: denseStrides(shape),
    forEach(visit) {
      const at = new Array<number>(shape.length).fill(0);
      const count = elements(shape);
      for (let position = 0; position < count; position++) {
        visit(at, position);
        for (let axis = shape.length - 1; axis >= 0; axis--) {
          at[axis]! += 1;
          if (at[axis]! < shape[axis]!) break;
          at[axis] = 0;
        }
      }
    },
  };
}
