/** Features of some pictures ↔ one .safetensors file: tensor `features` [pictures, …], the pictures as metadata. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FileError, messageOf } from "../weights/file-error.ts";
import { openSafetensors } from "../weights/safetensors.ts";
import { writeSafetensors } from "../weights/write-safetensors.ts";
import type { PictureIdentity } from "./picture-identity.ts";

/** A file of features. */
export interface Shard {
  readonly path: string;
  /** Byte of the file at which the first picture's features start. */
  readonly begin: number;
  /** A row each. */
  readonly pictures: readonly PictureIdentity[];
}

/** What every shard of a folder has in common. */
export interface ShardFormat {
  readonly dtype: "f16" | "f32";
  /** Of one picture. */
  readonly shape: readonly number[];
}

const suffix = ".safetensors";
const tensor = "features";

/** The shards of a folder, by name. One that is broken or of another shape is taken away. */
export function readShards(
  folder: string,
  format: ShardFormat,
  onBroken: (message: string) => void,
): readonly Shard[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(suffix) && name[0] !== ".");
  return names.toSorted().flatMap((name) => {
    const path = join(folder, name);
    try {
      return [readShard(path, format)];
    } catch (thrown) {
      onBroken(messageOf(thrown));
      rmSync(path, { force: true });
      return [];
    }
  });
}

function readShard(path: string, { dtype, shape }: ShardFormat): Shard {
  const file = openSafetensors(path);
  try {
    const found = file.tensors.get(tensor);
    const pictures = JSON.parse(
      file.metadata.get("pictures") ?? "[]",
    ) as readonly PictureIdentity[];
    const wanted = [pictures.length, ...shape].join();
    if (found?.dtype !== dtype.toUpperCase() || found.shape.join() !== wanted) {
      throw new FileError(path, `holds no ${dtype} features [${wanted}]`);
    }
    return { path, begin: file.dataBegin + found.begin, pictures };
  } finally {
    file.close();
  }
}

/** Writes a shard, wholly or not at all; its name is made of its pictures. Throws `FileError`. */
export function writeShard(
  folder: string,
  { dtype, shape }: ShardFormat,
  rows: readonly { readonly data: Uint8Array; readonly identity: PictureIdentity }[],
): Shard {
  const pictures = rows.map(({ identity }) => identity);
  const name = createHash("sha256");
  for (const { sha256 } of pictures) name.update(sha256);
  const path = join(folder, `${name.digest("hex").slice(0, 16)}${suffix}`);
  const data = Buffer.concat(rows.map((row) => row.data));
  const whole = [rows.length, ...shape];
  const dataType = dtype === "f16" ? "F16" : "F32";
  writeSafetensors(path, [{ name: tensor, dtype: dataType, shape: whole, data }], {
    pictures: JSON.stringify(pictures),
  });
  return readShard(path, { dtype, shape });
}

/** The `bytes` bytes of a row. Throws `FileError`. */
export function readRow({ path, begin }: Shard, row: number, bytes: number): Uint8Array {
  const data = new Uint8Array(bytes);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    for (let done = 0; done < bytes; ) {
      const count = readSync(descriptor, data, done, bytes - done, begin + row * bytes + done);
      if (count === 0) throw new Error("the file is shorter than it was");
      done += count;
    }
    return data;
  } catch (thrown) {
    throw new FileError(path, `cannot be read: ${messageOf(thrown)}`, { cause: thrown });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
