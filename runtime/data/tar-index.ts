/**
 * A tar file → where its members lie. Only headers are read: the bytes of pictures are passed over, so that a large
 * archive opens as fast as a small one. POSIX.1-1988 (ustar), -2001 (pax: `path`, `size`) and GNU long names.
 */
import { fstatSync } from "node:fs";
import { bytesAt } from "./read-bytes.ts";

/** A file in an archive. */
export interface TarMember {
  readonly name: string;
  /** Bytes before its content, from the start of the archive. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

const block = 512;
const decoder = new TextDecoder();
/** Longest pax header or long name that is read, in bytes. */
const longestExtension = 1024 * 1024;

/**
 * The regular files of an archive, in its order; folders, links and devices are left out. `descriptor`: of the open
 * file. Throws RangeError that says at which byte the archive is cut off or is none.
 */
export function tarMembers(descriptor: number): readonly TarMember[] {
  const length = fstatSync(descriptor).size;
  const members: TarMember[] = [];
  let extended: ReadonlyMap<string, string> = new Map();
  let at = 0;
  while (at < length) {
    if (at + block > length) throw new RangeError(`cut off at byte ${length}, inside of a header`);
    const header = bytesAt(descriptor, at, block);
    if (header[0] === 0 && header.every((byte) => byte === 0)) return members;
    checkSum(header, at);
    const type = String.fromCharCode(header[156]!);
    const isExtension = "xgLK".includes(type);
    const own = numberAt(header, 124, 12, at);
    const size = isExtension ? own : Number(extended.get("size") ?? own);
    const name = isExtension ? "a header" : (extended.get("path") ?? nameOf(header));
    const offset = at + block;
    if (!(Number.isSafeInteger(size) && size >= 0)) {
      throw new RangeError(`the header at byte ${at} has no size that can be read`);
    }
    if (offset + size > length) {
      throw new RangeError(`cut off at byte ${length}, inside of ${JSON.stringify(name)}`);
    }
    if (isExtension) {
      if (size > longestExtension) {
        throw new RangeError(`the extended header at byte ${at} has ${size} bytes`);
      }
      const content = bytesAt(descriptor, offset, size);
      if (type === "x") extended = new Map([...extended, ...paxFields(content, at)]);
      else if (type === "L") extended = new Map([...extended, ["path", textOf(content)]]);
    } else {
      if (type === "0" || type === "\0" || type === "7") members.push({ name, offset, size });
      extended = new Map();
    }
    at = offset + Math.ceil(size / block) * block;
  }
  return members;
}

/** The sum of the header's bytes, its own field counted as spaces. */
function checkSum(header: Uint8Array, at: number): void {
  const stated = numberAt(header, 148, 8, at);
  let sum = 8 * 32;
  for (let index = 0; index < block; index++) {
    if (index < 148 || index >= 156) sum += header[index]!;
  }
  if (sum !== stated) throw new RangeError(`there is no tar header at byte ${at}`);
}

/** Octal digits, or the bytes of a number behind a first byte of 128. */
function numberAt(header: Uint8Array, from: number, length: number, at: number): number {
  const field = header.subarray(from, from + length);
  if (field[0] === 128) return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
  const text = textOf(field).trim();
  if (!/^[0-7]*$/.test(text)) throw new RangeError(`there is no tar header at byte ${at}`);
  return text === "" ? 0 : Number.parseInt(text, 8);
}

function nameOf(header: Uint8Array): string {
  const name = textOf(header.subarray(0, 100));
  const isPosix = textOf(header.subarray(257, 263)) === "ustar";
  const prefix = isPosix ? textOf(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** `LENGTH KEY=VALUE\n`, one behind the other; the length counts itself. */
function paxFields(content: Uint8Array, at: number): readonly (readonly [string, string])[] {
  const fields: (readonly [string, string])[] = [];
  let start = 0;
  while (start < content.length) {
    const space = content.indexOf(32, start);
    const length = Number(decoder.decode(content.subarray(start, Math.max(start, space))));
    const field = decoder.decode(content.subarray(space + 1, start + length - 1));
    const equals = field.indexOf("=");
    if (space < 0 || !(length > 0) || start + length > content.length || equals < 0) {
      throw new RangeError(`the extended header at byte ${at} cannot be read`);
    }
    fields.push([field.slice(0, equals), field.slice(equals + 1)]);
    start += length;
  }
  return fields;
}

/** Up to the first zero. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
