/** Named tensors → a .safetensors file, the same bytes for the same tensors, never half written. */
import { writeAtomically } from "./atomic-write.ts";
import { bytesOfDataType, type DataType, elementsOf } from "./data-type.ts";
import { type FileSystem, nodeFileSystem } from "./file-system.ts";
import { metadataKey } from "./header.ts";

/** A tensor to be written: `data` holds its elements little-endian and row-major. */
export interface TensorData {
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** Text beside the tensors. */
export type Metadata = Readonly<Record<string, string>>;

/** f32 values as a tensor to be written; shares their memory. */
export function floatTensor(
  name: string,
  shape: readonly number[],
  values: Float32Array,
): TensorData {
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, dtype: "F32", shape, data };
}

/**
 * Writes through `writeAtomically`: an old file at `path` stays until the new one is wholly on disk. Tensors are laid
 * out by falling element size, then by name, so that each is aligned; metadata by key. Throws `FileError` when the disk
 * refuses, Error when a tensor's bytes do not fit its shape or a name stands twice.
 */
export function writeSafetensors(
  path: string,
  tensors: readonly TensorData[],
  metadata: Metadata = {},
  system: FileSystem = nodeFileSystem,
): void {
  const ordered = layoutOrder(tensors);
  const header = headerOf(ordered, metadata);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.byteLength), true);
  writeAtomically(path, [length, header, ...ordered.map((tensor) => tensor.data)], system);
}

/** The order of tensors in a file. */
export function layoutOrder(tensors: readonly TensorData[]): readonly TensorData[] {
  return [...tensors].sort(
    (left, right) =>
      bytesOfDataType[right.dtype] - bytesOfDataType[left.dtype] ||
      (left.name < right.name ? -1 : left.name > right.name ? 1 : 0),
  );
}

/** The header's bytes for tensors in layout order, padded with spaces so that the data starts at a multiple of 8. */
export function headerOf(ordered: readonly TensorData[], metadata: Metadata): Uint8Array {
  const entries: string[] = [];
  const keys = Object.keys(metadata).sort();
  if (keys.length > 0) {
    const fields = keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(metadata[key])}`);
    entries.push(`${JSON.stringify(metadataKey)}:{${fields.join(",")}}`);
  }
  const seen = new Set<string>([metadataKey]);
  let begin = 0;
  for (const tensor of ordered) {
    const { name, dtype, shape, data } = tensor;
    if (seen.has(name)) throw new Error(`tensor ${JSON.stringify(name)} stands twice`);
    seen.add(name);
    const elements = elementsOf(shape);
    if (elements === undefined || elements * bytesOfDataType[dtype] !== data.byteLength) {
      throw new Error(
        `tensor ${JSON.stringify(name)}: ${data.byteLength} bytes for ${dtype} [${shape.join(", ")}]`,
      );
    }
    const end = begin + data.byteLength;
    entries.push(
      `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`,
    );
    begin = end;
  }
  const text = new TextEncoder().encode(`{${entries.join(",")}}`);
  const padded = new Uint8Array(Math.ceil(text.byteLength / 8) * 8).fill(0x20);
  padded.set(text);
  return padded;
}
