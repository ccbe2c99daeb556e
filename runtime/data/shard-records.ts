/** WebDataset shards (`KEY.jpg` beside `KEY.txt` or `KEY.json` in tar files) → records; pictures stay in the archives. */
import { closeSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { type Annotation, annotationOf } from "./annotations.ts";
import { DataError } from "./data-error.ts";
import { type Dataset, numberedDataset } from "./dataset.ts";
import { bytesAt, openToRead } from "./read-bytes.ts";
import { type TarMember, tarMembers } from "./tar-index.ts";

/** Endings of members that are pictures. */
const pictureEndings = ["jpg", "jpeg", "png", "webp"];

const decoder = new TextDecoder("utf-8", { fatal: true });

/** A picture in an archive. */
interface Packed {
  readonly shard: string;
  readonly member: TarMember;
}

/**
 * Reads headers and texts of all shards, in their order; no picture is opened. What stands before the first dot of a
 * member's file name is its record. The caption is the text of `.txt`, else the field `caption` of `.json`, whose field
 * `image_id`, when there is one, says which records show the same picture. A record without a picture is one whose
 * picture is missing: `skip` passes over it. A picture's path is that of its shard, then its name in it.
 * Throws DataError naming shard and record for anything malformed.
 */
export function shardDataset(shards: readonly string[]): Dataset {
  const packed = new Map<string, Packed>();
  const annotations = shards.flatMap((shard) => recordsOf(shard, packed));
  const find = (path: string): Packed => {
    const found = packed.get(path);
    if (found !== undefined) return found;
    throw Object.assign(new Error(`there is no ${path}`), { code: "ENOENT" });
  };
  return {
    ...numberedDataset(annotations, (image) => image),
    pictures: {
      stat: async (path) => {
        const { shard, member } = find(path);
        return { size: member.size, mtimeMs: (await stat(shard)).mtimeMs };
      },
      read: async (path) => {
        const { shard, member } = find(path);
        const file = await open(shard);
        try {
          const bytes = new Uint8Array(member.size);
          const { bytesRead } = await file.read(bytes, 0, member.size, member.offset);
          // A shard that was cut off since it was opened gives a damaged picture.
          return bytes.subarray(0, bytesRead);
        } finally {
          await file.close();
        }
      },
    },
  };
}

function recordsOf(shard: string, packed: Map<string, Packed>): readonly Annotation[] {
  const descriptor = openToRead(shard);
  try {
    const groups = groupsOf(membersOf(descriptor, shard), shard);
    if (groups.length === 0)
      throw new DataError({ file: shard }, "there is no record in this file");
    return groups.map(([key, parts], record) => {
      const pictures = pictureEndings.filter((ending) => parts.has(ending));
      if (pictures.length > 1) {
        const reason = `${JSON.stringify(key)} has two pictures: .${pictures[0]}, .${pictures[1]}`;
        throw new DataError({ file: shard, record }, reason);
      }
      const image = `${shard}/${key}.${pictures[0] ?? "jpg"}`;
      const picture = parts.get(pictures[0] ?? "");
      if (picture !== undefined) packed.set(image, { shard, member: picture });
      const value = { ...fieldsOf(descriptor, parts, key, { shard, record }), image };
      return annotationOf({ record, value }, shard, {});
    });
  } finally {
    closeSync(descriptor);
  }
}

function membersOf(descriptor: number, shard: string): readonly TarMember[] {
  try {
    return tarMembers(descriptor);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError({ file: shard }, `this is not a whole tar file: ${reason}`, {
      cause: error,
    });
  }
}

/** Members by key and ending, in the order of the archive. Members of a record stand together in it. */
function groupsOf(
  members: readonly TarMember[],
  shard: string,
): readonly (readonly [string, ReadonlyMap<string, TarMember>])[] {
  const groups = new Map<string, Map<string, TarMember>>();
  let last = "";
  for (const member of members) {
    const file = basename(member.name);
    const dot = file.indexOf(".");
    // Without a key or without an ending it belongs to no record, as WebDataset has it.
    if (dot <= 0) continue;
    const key = member.name.slice(0, member.name.length - file.length + dot);
    const ending = file.slice(dot + 1).toLowerCase();
    const known = groups.get(key);
    const place = { file: shard, record: known === undefined ? groups.size : groups.size - 1 };
    if (known !== undefined && key !== last) {
      const reason = `the members of ${JSON.stringify(key)} do not stand together`;
      throw new DataError({ file: shard, record: [...groups.keys()].indexOf(key) }, reason);
    }
    if (known?.has(ending) === true) {
      throw new DataError(place, `${JSON.stringify(member.name)} stands twice`);
    }
    groups.set(key, (known ?? new Map()).set(ending, member));
    last = key;
  }
  return [...groups];
}

function fieldsOf(
  descriptor: number,
  parts: ReadonlyMap<string, TarMember>,
  key: string,
  { shard, record }: { readonly shard: string; readonly record: number },
): Readonly<Record<string, unknown>> {
  const text = (ending: string): string | undefined => {
    const member = parts.get(ending);
    if (member === undefined) return undefined;
    const bytes = bytesAt(descriptor, member.offset, member.size);
    try {
      return decoder.decode(bytes);
    } catch (error) {
      const reason = `${JSON.stringify(member.name)} is not UTF-8`;
      throw new DataError({ file: shard, record }, reason, { cause: error });
    }
  };
  const written = text("txt")?.trim();
  const json = text("json");
  if (written === undefined && json === undefined) {
    const reason = `${JSON.stringify(key)} has neither .txt nor .json, so it has no caption`;
    throw new DataError({ file: shard, record }, reason);
  }
  const fields = json === undefined ? {} : objectOf(json, `${key}.json`, { shard, record });
  const id = fields["image_id"];
  return {
    caption: written ?? fields["caption"],
    ...(id === undefined || id === null ? {} : { image_id: id }),
  };
}

function objectOf(
  text: string,
  name: string,
  { shard, record }: { readonly shard: string; readonly record: number },
): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const reason = `${JSON.stringify(name)} is not JSON (${message})`;
    throw new DataError({ file: shard, record }, reason, { cause: error });
  }
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return { ...value };
  }
  const reason = `${JSON.stringify(name)} is not an object with fields`;
  throw new DataError({ file: shard, record }, reason);
}
