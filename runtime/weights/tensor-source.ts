/** What weights are read through, be they one file, many shards or a part of another source. */
import type { TensorInfo } from "./header.ts";

/** Named tensors on disk. Every read throws `FileError`, naming file and tensor, when the bytes cannot be had. */
export interface TensorSource {
  /** The file or index that was opened, for messages. */
  readonly path: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: ReadonlyMap<string, string>;
  /** A copy of the tensor's little-endian bytes. */
  read(name: string): Uint8Array<ArrayBuffer>;
  /** Fills all of `target` with the tensor's bytes from byte `from` on (default 0), without a copy between. */
  readInto(name: string, target: Uint8Array, from?: number): void;
  /** F16, BF16, F32 or F64 values as f32. */
  readFloat32(name: string): Float32Array<ArrayBuffer>;
  /** Integer or BOOL values as i32; values that do not fit are refused. */
  readInt32(name: string): Int32Array<ArrayBuffer>;
  /** Closes the files; reading afterwards throws. */
  close(): void;
}

/** The tensors of `source` whose names begin with `prefix`, under their names without it. Closing it closes `source`. */
export function tensorsUnder(source: TensorSource, prefix: string): TensorSource {
  const tensors = new Map<string, TensorInfo>();
  for (const [name, tensor] of source.tensors) {
    if (name.startsWith(prefix)) tensors.set(name.slice(prefix.length), tensor);
  }
  return {
    path: source.path,
    tensors,
    metadata: source.metadata,
    read: (name) => source.read(prefix + name),
    readInto: (name, target, from) => source.readInto(prefix + name, target, from),
    readFloat32: (name) => source.readFloat32(prefix + name),
    readInt32: (name) => source.readInt32(prefix + name),
    close: () => source.close(),
  };
}
