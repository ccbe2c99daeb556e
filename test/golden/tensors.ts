/** The `tensors.safetensors` of a reference folder → arrays by name. */
import { readFileSync } from "node:fs";

/** A tensor of a reference folder; `data` has the array type of its dtype. */
export interface ReferenceTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** Reads F32, I32 and U8 tensors. */
export function readTensors(path: string): ReadonlyMap<string, ReferenceTensor> {
  const bytes = readFileSync(path);
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  const header: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }> =
    JSON.parse(bytes.toString("utf8", 8, 8 + headerBytes));
  const tensors = new Map<string, ReferenceTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const [start, end] = entry.data_offsets;
    const raw = bytes.buffer.slice(
      bytes.byteOffset + 8 + headerBytes + start,
      bytes.byteOffset + 8 + headerBytes + end,
    ) as ArrayBuffer;
    const arrays = { F32: Float32Array, I32: Int32Array, U8: Uint8Array };
    const ArrayOf = arrays[entry.dtype as keyof typeof arrays];
    if (ArrayOf === undefined) throw new Error(`${path}: ${name} has dtype ${entry.dtype}`);
    tensors.set(name, { shape: entry.shape, data: new ArrayOf(raw) });
  }
  return tensors;
}
