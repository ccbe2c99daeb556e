/** Outputs of a program → where they stand in the buffer through which the host reads them: what the plan counts is what runs take. */

/** Bytes: WebGPU wants mapped ranges to begin at multiples of it. */
const stride = 8;

/** `sizes` in bytes, in order; `bytes` is a multiple of 8. */
export function readbackLayout(sizes: readonly number[]): {
  readonly offsets: readonly number[];
  readonly bytes: number;
} {
  let bytes = 0;
  const offsets = sizes.map((size) => {
    const offset = bytes;
    bytes += stride * Math.ceil(size / stride);
    return offset;
  });
  return { offsets, bytes };
}
