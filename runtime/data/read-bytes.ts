/** Files of which parts are read: opening one, and bytes at a place. */
import { openSync, readSync } from "node:fs";
import { DataError, whyUnreadable } from "./data-error.ts";

/** Descriptor of an open file; the caller closes it. Throws DataError that says why there is none. */
export function openToRead(file: string): number {
  try {
    return openSync(file, "r");
  } catch (error) {
    throw new DataError({ file }, whyUnreadable(error), { cause: error });
  }
}

/** So many bytes of an open file. Throws RangeError when it ends before. */
export function bytesAt(
  descriptor: number,
  offset: number,
  length: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let have = 0;
  while (have < length) {
    const read = readSync(descriptor, bytes, have, length - have, offset + have);
    if (read === 0) throw new RangeError(`cut off at byte ${offset + have}`);
    have += read;
  }
  return bytes;
}
