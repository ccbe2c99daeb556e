/** Bytes of a safetensors header → its tensors and metadata, or the reason why it is refused. */
import { bytesOfDataType, type DataType, elementsOf, isDataType } from "./data-type.ts";
import { type StrictJson, scanStrictJson } from "./strict-json.ts";

/** The format's limit on the header's length, in bytes. */
export const maximumHeaderBytes = 100_000_000;

/** The key beside the tensors' names that holds text. */
export const metadataKey = "__metadata__";

/** One tensor of a file: `begin` and `end` count bytes from the start of the data section. */
export interface TensorInfo {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** A header that holds every promise of the format. Tensors stand in the header's order. */
export interface Header {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Stricter than the reference reader (0.8.0): duplicate keys, unknown fields, white space before `{` and anything but
 * spaces after `}` are refused. `dataBytes` is what the file holds after the header; the tensors must fill it without
 * hole, overlap or rest. Throws an Error whose message is the reason, with the tensor's name where there is one.
 */
export function parseHeader(bytes: Uint8Array, dataBytes: number): Header {
  const text = decoded(bytes);
  if (text[0] !== "{") throw new Error("the header does not begin with {");
  const { value, end } = scanStrictJson(text, { maximumDepth: 3, numbers: "unsigned" });
  for (let at = end; at < text.length; at += 1) {
    if (text[at] !== " ") throw new Error("something other than spaces follows the header's }");
  }
  const tensors = new Map<string, TensorInfo>();
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, entry] of asObject(value, "the header")) {
    if (name === metadataKey) metadata = metadataOf(entry);
    else tensors.set(name, tensorOf(name, entry));
  }
  checkLayout(tensors, dataBytes);
  return { tensors, metadata };
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error("the header is not UTF-8");
  }
}

function metadataOf(value: StrictJson): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  for (const [key, text] of asObject(value, metadataKey)) {
    if (typeof text !== "string") {
      throw new Error(`${metadataKey} entry ${JSON.stringify(key)} is not a string`);
    }
    metadata.set(key, text);
  }
  return metadata;
}

function tensorOf(name: string, value: StrictJson): TensorInfo {
  const label = `tensor ${JSON.stringify(name)}`;
  const fields = asObject(value, label);
  for (const field of fields.keys()) {
    if (field !== "dtype" && field !== "shape" && field !== "data_offsets") {
      throw new Error(`${label} has an unknown field ${JSON.stringify(field)}`);
    }
  }
  const dtype = fields.get("dtype");
  if (typeof dtype !== "string") throw new Error(`${label} has no dtype`);
  if (!isDataType(dtype)) throw new Error(`${label} has unknown dtype ${JSON.stringify(dtype)}`);
  const shape = numbersOf(fields.get("shape"), `${label}: shape`);
  const offsets = numbersOf(fields.get("data_offsets"), `${label}: data_offsets`);
  const [begin, end] = offsets;
  if (offsets.length !== 2 || begin === undefined || end === undefined) {
    throw new Error(`${label}: data_offsets holds ${offsets.length} numbers instead of 2`);
  }
  if (begin > end) throw new Error(`${label} begins at ${begin} after its end ${end}`);
  const elements = elementsOf(shape);
  const bytes = elements === undefined ? undefined : elements * bytesOfDataType[dtype];
  if (bytes === undefined || !Number.isSafeInteger(bytes)) {
    throw new Error(`${label}: shape [${shape.join(", ")}] has more than 2^53 - 1 bytes`);
  }
  if (bytes !== end - begin) {
    throw new Error(
      `${label}: shape [${shape.join(", ")}] of ${dtype} takes ${bytes} bytes, data_offsets hold ${end - begin}`,
    );
  }
  return { dtype, shape, begin, end };
}

function checkLayout(tensors: ReadonlyMap<string, TensorInfo>, dataBytes: number): void {
  const ordered = [...tensors].sort(
    ([, left], [, right]) => left.begin - right.begin || left.end - right.end,
  );
  let reached = 0;
  for (const [name, tensor] of ordered) {
    const label = `tensor ${JSON.stringify(name)}`;
    if (tensor.begin < reached) {
      throw new Error(`${label} begins at ${tensor.begin}, inside another tensor (to ${reached})`);
    }
    if (tensor.begin > reached) {
      throw new Error(`${tensor.begin - reached} bytes before ${label} belong to no tensor`);
    }
    reached = tensor.end;
    if (reached > dataBytes) {
      throw new Error(`${label} ends at ${reached}, but the file holds ${dataBytes} bytes of data`);
    }
  }
  if (reached < dataBytes) {
    throw new Error(`${dataBytes - reached} bytes at the end of the file belong to no tensor`);
  }
}

function asObject(value: StrictJson, label: string): ReadonlyMap<string, StrictJson> {
  if (!(value instanceof Map)) throw new Error(`${label} is not an object`);
  return value;
}

function numbersOf(value: StrictJson | undefined, label: string): readonly number[] {
  if (value === undefined) throw new Error(`${label} is absent`);
  if (!Array.isArray(value)) throw new Error(`${label} is not a list`);
  return value.map((item: StrictJson) => {
    if (typeof item !== "number") throw new Error(`${label} holds something that is not a number`);
    return item;
  });
}
