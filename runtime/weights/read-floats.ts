/** A range of a tensor on disk → f32 values in a given buffer. */
import { floatsInto } from "./convert.ts";
import { bytesOfDataType, type DataType } from "./data-type.ts";

/** Values converted at once, to bound the memory beside the result. */
const convertLimit = 1 << 20;

/**
 * Fills `target` with elements from index `from` on. `readInto` reads raw bytes: an F32 tensor goes straight into
 * `target`, other floating-point types by way of a small buffer. Throws an Error for types that are not floating-point.
 */
export function readFloats(
  dtype: DataType,
  readInto: (target: Uint8Array, fromByte: number) => void,
  target: Float32Array,
  from = 0,
): void {
  const stride = bytesOfDataType[dtype];
  if (dtype === "F32") {
    readInto(new Uint8Array(target.buffer, target.byteOffset, target.byteLength), from * stride);
    return;
  }
  for (let at = 0; at < target.length; at += convertLimit) {
    const part = target.subarray(at, at + convertLimit);
    const bytes = new Uint8Array(part.length * stride);
    readInto(bytes, (from + at) * stride);
    floatsInto(dtype, bytes, part);
  }
}
