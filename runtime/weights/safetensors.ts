/** A .safetensors file → its tensors, checked wholly before any data is read or any memory set aside for it. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { integersFrom } from "./convert.ts";
import { bytesOfDataType } from "./data-type.ts";
import { FileError, messageOf } from "./file-error.ts";
import { conversionHint, foreignFormat, isPickleName } from "./foreign-format.ts";
import { type Header, maximumHeaderBytes, parseHeader, type TensorInfo } from "./header.ts";
import { readFloats } from "./read-floats.ts";
import type { TensorSource } from "./tensor-source.ts";

/** An open file. `begin` and `end` of its tensors count from `dataBegin`. */
export interface SafetensorsFile extends TensorSource {
  /** Byte of the file at which the data section starts. */
  readonly dataBegin: number;
  /** The header's own bytes (JSON, with its padding). */
  readonly headerBytes: Uint8Array;
}

/** One system call reads at most this many bytes (Linux stops at 2^31 - 4096). */
const readLimit = 1 << 30;

/**
 * Opens a file and checks its header against its size. Throws `FileError` naming the file and the reason: broken
 * promises of the format, other formats (pickles with a hint how to convert them), and whatever the system refuses.
 */
export function openSafetensors(path: string): SafetensorsFile {
  const descriptor = opened(path);
  try {
    const { header, headerBytes } = readHeader(descriptor, path);
    return reader(path, descriptor, header, headerBytes);
  } catch (thrown) {
    closeSync(descriptor);
    if (thrown instanceof FileError) throw thrown;
    const hint = isPickleName(path) ? `; ${conversionHint}` : "";
    throw new FileError(path, `not a safetensors file: ${messageOf(thrown)}${hint}`, {
      cause: thrown,
    });
  }
}

function opened(path: string): number {
  try {
    return openSync(path, "r");
  } catch (thrown) {
    throw new FileError(path, `cannot be opened: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function readHeader(
  descriptor: number,
  path: string,
): { readonly header: Header; readonly headerBytes: Uint8Array } {
  const status = fstatSync(descriptor);
  if (!status.isFile()) throw new FileError(path, "is not a regular file");
  const start = new Uint8Array(Math.min(16, status.size));
  fill(descriptor, start, 0);
  const foreign = foreignFormat(start);
  if (foreign !== undefined) throw new FileError(path, `is ${foreign}; ${conversionHint}`);
  if (status.size < 8) {
    throw new Error(`it holds ${status.size} bytes, fewer than the 8 of a header's length`);
  }
  const length = new DataView(start.buffer).getBigUint64(0, true);
  if (length > BigInt(maximumHeaderBytes)) {
    throw new Error(`its header claims ${length} bytes, more than ${maximumHeaderBytes}`);
  }
  const headerLength = Number(length);
  if (headerLength > status.size - 8) {
    throw new Error(`its header claims ${headerLength} bytes, the file holds ${status.size - 8}`);
  }
  const headerBytes = new Uint8Array(headerLength);
  fill(descriptor, headerBytes, 8);
  return { header: parseHeader(headerBytes, status.size - 8 - headerLength), headerBytes };
}

function fill(descriptor: number, target: Uint8Array, position: number): void {
  let done = 0;
  while (done < target.byteLength) {
    const length = Math.min(target.byteLength - done, readLimit);
    const count = readSync(descriptor, target, done, length, position + done);
    if (count === 0) throw new Error(`it ends at byte ${position + done}; was it cut short?`);
    done += count;
  }
}

function reader(
  path: string,
  descriptor: number,
  header: Header,
  headerBytes: Uint8Array,
): SafetensorsFile {
  const dataBegin = 8 + headerBytes.byteLength;
  let isOpen = true;

  const tensorOf = (name: string): TensorInfo => {
    const tensor = header.tensors.get(name);
    if (tensor === undefined) throw new FileError(path, `has no tensor ${JSON.stringify(name)}`);
    return tensor;
  };
  const faultOf = (name: string, thrown: unknown): FileError =>
    thrown instanceof FileError
      ? thrown
      : new FileError(path, `tensor ${JSON.stringify(name)}: ${messageOf(thrown)}`, {
          cause: thrown,
        });

  const readInto = (name: string, target: Uint8Array, from = 0): void => {
    const tensor = tensorOf(name);
    try {
      if (!isOpen) throw new Error("the file is closed");
      const held = tensor.end - tensor.begin;
      if (!Number.isSafeInteger(from) || from < 0 || from + target.byteLength > held) {
        throw new Error(`bytes ${from} to ${from + target.byteLength} asked of ${held}`);
      }
      fill(descriptor, target, dataBegin + tensor.begin + from);
    } catch (thrown) {
      throw faultOf(name, thrown);
    }
  };
  const read = (name: string): Uint8Array<ArrayBuffer> => {
    const { begin, end } = tensorOf(name);
    const bytes = new Uint8Array(end - begin);
    readInto(name, bytes);
    return bytes;
  };

  return {
    path,
    dataBegin,
    headerBytes,
    tensors: header.tensors,
    metadata: header.metadata,
    read,
    readInto,
    readFloat32(name) {
      const { dtype, begin, end } = tensorOf(name);
      const values = new Float32Array((end - begin) / bytesOfDataType[dtype]);
      try {
        readFloats(dtype, (target, from) => readInto(name, target, from), values);
        return values;
      } catch (thrown) {
        throw faultOf(name, thrown);
      }
    },
    readInt32(name) {
      try {
        return integersFrom(tensorOf(name).dtype, read(name));
      } catch (thrown) {
        throw faultOf(name, thrown);
      }
    },
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}
