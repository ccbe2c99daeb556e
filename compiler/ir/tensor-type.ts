/** Shapes and element types of tensors in the graph. */

/** Element types. `bool` is stored as u32; `f16` is for stored weights and operands of products; all sums and other arithmetic are f32. */
export type DType = "f32" | "f16" | "i32" | "bool";

/** Sizes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** What is known of a tensor before it is computed. */
export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Number of elements. */
export function elements(shape: Shape): number {
  let product = 1;
  for (let axis = 0; axis < shape.length; axis++) product *= shape[axis]!;
  return product;
}

/** Bytes that a tensor takes on the device: 2 an element for f16 (padded to 4), else 4. */
export function storageBytes(type: TensorType): number {
  const count = Math.max(1, elements(type.shape));
  return type.dtype === "f16" ? 4 * Math.ceil(count / 2) : 4 * count;
}

/** Row-major strides of a dense tensor, in elements. */
export function denseStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** True when both shapes have the same rank and sizes. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** `f32[2,5,8]`. */
export function typeText(type: TensorType): string {
  return `${type.dtype}[${type.shape.join(",")}]`;
}
