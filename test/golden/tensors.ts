/** The `tensors.safetensors` of a reference folder → arrays by name. */
import { openSafetensors } from "../../runtime/weights/safetensors.ts";

/** A tensor of a reference folder; `data` has the array type of its dtype. */
export interface ReferenceTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** Reads all tensors: U8 as bytes, I32 as integers, the rest as float32. */
export function readTensors(path: string): ReadonlyMap<string, ReferenceTensor> {
  const file = openSafetensors(path);
  try {
    return new Map(
      Array.from(file.tensors, ([name, { dtype, shape }]) => {
        const data =
          dtype === "U8"
            ? file.read(name)
            : dtype === "I32"
              ? file.readInt32(name)
              : file.readFloat32(name);
        return [name, { shape, data }];
      }),
    );
  } finally {
    file.close();
  }
}
