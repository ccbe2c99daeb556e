/** A file that a pipeline reads → what blip.lock says of it: size, sha256, and of weights names and shapes of the tensors. */
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { LockedFile, NeededFile } from "../../compiler/lock/lock.ts";
import { type Project, tokenizerPlaces } from "../train/project.ts";
import { openWeights, shardsOf } from "../weights/open-weights.ts";

/** Bytes read at a time. */
const chunk = 8 * 1024 * 1024;

/** Where blip.lock lies: in the project's folder. */
export function lockPath(project: Project): string {
  return join(lockFolder(project), "blip.lock");
}

function lockFolder(project: Project): string {
  return project.roots[0] ?? project.base;
}

/** Where a needed file lies; of a tokenizer that is nowhere, where it should. Throws `RunFault` outside of the project. */
export function placeOf({ kind, written, base }: NeededFile, project: Project): string {
  if (kind !== "tokenizer") return project.resolve(written, base);
  const places = tokenizerPlaces(project.tokenizerFolders, written);
  return places.find((place) => existsSync(place)) ?? places[0]!;
}

/** Path of a file as the lock writes it. */
export function lockedPath(path: string, project: Project): string {
  return relative(lockFolder(project), path).replaceAll("\\", "/");
}

/** Bytes of a file; undefined for a folder and for what cannot be looked at. Reads nothing. */
export function sizeNow(path: string): number | undefined {
  try {
    const status = statSync(path);
    return status.isFile() ? status.size : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the whole file, and all shards of an index. Throws `FileError` for weights that are damaged. */
export function pinFile(
  path: string,
  kind: LockedFile["kind"],
  project: Project,
): LockedFile | undefined {
  if (!existsSync(path)) return undefined;
  if (kind !== "weights") return { ...hashed(path, project), kind };
  const source = openWeights(path);
  try {
    const tensors = Object.fromEntries(
      [...source.tensors]
        .map(([name, { dtype, shape }]) => [name, `${dtype}[${shape.join(",")}]`] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
    const shape = createHash("sha256").update(JSON.stringify(tensors)).digest("hex").slice(0, 16);
    const own = hashed(source.path, project);
    const facts = { ...own, path: lockedPath(path, project), kind, shape, tensors };
    if (!source.path.endsWith(".json")) return facts;
    const shards = shardsOf(source.path).map((shard) => hashed(shard, project));
    return { ...facts, size: shards.reduce((sum, { size }) => sum + size, own.size), shards };
  } finally {
    source.close();
  }
}

function hashed(path: string, project: Project): Omit<LockedFile, "kind"> {
  const descriptor = openSync(path, "r");
  try {
    const hash = createHash("sha256");
    const buffer = new Uint8Array(chunk);
    let size = 0;
    for (;;) {
      const count = readSync(descriptor, buffer, 0, chunk, size);
      if (count === 0) break;
      hash.update(buffer.subarray(0, count));
      size += count;
    }
    return { path: lockedPath(path, project), size, sha256: hash.digest("hex") };
  } finally {
    closeSync(descriptor);
  }
}
