/** Little-endian bytes of a tensor → f32 or i32 values. */

import { floatFromBrain, floatFromHalf } from "../half.ts";
import { bytesOfDataType, type DataType } from "./data-type.ts";

type Element = (view: DataView, at: number) => number;

const floatElements: Partial<Record<DataType, Element>> = {
  F16: (view, at) => floatFromHalf(view.getUint16(at, true)),
  BF16: (view, at) => floatFromBrain(view.getUint16(at, true)),
  F32: (view, at) => view.getFloat32(at, true),
  F64: (view, at) => view.getFloat64(at, true),
};

const integerElements: Partial<Record<DataType, Element>> = {
  BOOL: (view, at) => view.getUint8(at),
  U8: (view, at) => view.getUint8(at),
  I8: (view, at) => view.getInt8(at),
  U16: (view, at) => view.getUint16(at, true),
  I16: (view, at) => view.getInt16(at, true),
  U32: (view, at) => view.getUint32(at, true),
  I32: (view, at) => view.getInt32(at, true),
  U64: (view, at) => Number(view.getBigUint64(at, true)),
  I64: (view, at) => Number(view.getBigInt64(at, true)),
};

/** True for the types that `floatsFrom` reads. */
export function isFloatType(dtype: DataType): boolean {
  return floatElements[dtype] !== undefined;
}

/** F16, BF16, F32 or F64 bytes into f32 `target` of as many elements. Throws an Error for any other type. */
export function floatsInto(dtype: DataType, bytes: Uint8Array, target: Float32Array): void {
  const element = floatElements[dtype];
  if (element === undefined) throw new Error(`${dtype} does not hold floating-point numbers`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stride = bytesOfDataType[dtype];
  for (let index = 0; index < target.length; index += 1) {
    target[index] = element(view, index * stride);
  }
}

/** Integer or BOOL bytes → i32 values. Throws an Error for other types and for values outside i32. */
export function integersFrom(dtype: DataType, bytes: Uint8Array): Int32Array<ArrayBuffer> {
  const element = integerElements[dtype];
  if (element === undefined) throw new Error(`${dtype} does not hold whole numbers`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stride = bytesOfDataType[dtype];
  const values = new Int32Array(bytes.byteLength / stride);
  for (let index = 0; index < values.length; index += 1) {
    const value = element(view, index * stride);
    if (value !== (value | 0)) throw new Error(`element ${index} is ${value}, outside 32 bits`);
    values[index] = value;
  }
  return values;
}
