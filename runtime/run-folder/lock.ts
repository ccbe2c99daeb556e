/** A folder → the right to write in it, held by one process at a time and outliving none. */
import {
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { partialPath } from "../weights/atomic-write.ts";
import { codeOf, FileError, messageOf } from "../weights/file-error.ts";
import { processStart, unknownStart } from "./process-identity.ts";

interface Holder {
  readonly pid: number;
  readonly started: string;
  readonly host: string;
}

const lockName = /^lock\.([0-9]{1,15})$/;
const attempts = 50;

/** What `link` answers on file systems that have none (FAT, some network mounts). */
const withoutLinks = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/**
 * Takes the folder's lock and gives the function that returns it. Throws `FileError` when a living process holds it.
 *
 * Locks are files `lock.1`, `lock.2`, …; the highest counts. A stale or returned one is passed by creating the next
 * number, which the file system grants to one process only, and a lower number never comes back to life because
 * the highest file is not removed: so two processes that find the same stale lock cannot both win.
 */
export function takeLock(folder: string): () => void {
  const started = processStart(process.pid) ?? unknownStart;
  const content = JSON.stringify({ pid: process.pid, started, host: hostname() });
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const highest = numbersIn(folder).at(-1) ?? 0;
    const holder = highest === 0 ? undefined : holderOf(join(folder, `lock.${highest}`));
    if (holder !== undefined && isAlive(holder)) throw inUse(folder, highest, holder);
    const path = join(folder, `lock.${highest + 1}`);
    if (!createdWhole(path, content)) continue;
    const numbers = numbersIn(folder);
    if (numbers.at(-1) !== highest + 1) {
      removed(path);
      continue;
    }
    for (const number of numbers.slice(0, -1)) removed(join(folder, `lock.${number}`));
    return () => giveBack(path, content);
  }
  throw new FileError(folder, "several processes want this run folder at once; try again");
}

function numbersIn(folder: string): readonly number[] {
  return readdirSync(folder)
    .flatMap((name) => lockName.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((left, right) => left - right);
}

function holderOf(path: string): Holder | undefined {
  try {
    const value = JSON.parse(readFileSync(path, "utf8")) as Partial<Holder>;
    const { pid, started, host } = value;
    if (typeof pid !== "number" || typeof started !== "string" || typeof host !== "string") {
      return undefined;
    }
    return { pid, started, host };
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  // The processes of another machine cannot be seen from here, so its lock stands.
  if (holder.host !== hostname()) return true;
  const started = processStart(holder.pid);
  return started === unknownStart || started === holder.started;
}

function inUse(folder: string, number: number, holder: Holder): FileError {
  const where = holder.host === hostname() ? "" : ` on ${holder.host}`;
  const way =
    where === "" ? "" : `; if it no longer runs, remove ${join(folder, `lock.${number}`)}`;
  return new FileError(folder, `this run folder is in use by process ${holder.pid}${where}${way}`);
}

/** Creates a file with its content in one step, where the file system has hard links; false when it exists. */
function createdWhole(path: string, content: string): boolean {
  const partial = partialPath(path);
  try {
    writeFileSync(partial, content);
    try {
      linkSync(partial, path);
    } catch (thrown) {
      if (!withoutLinks.has(codeOf(thrown) ?? "")) throw thrown;
      writeFileSync(path, content, { flag: "wx" });
    }
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") return false;
    throw new FileError(path, `cannot be created: ${messageOf(thrown)}`, { cause: thrown });
  } finally {
    removed(partial);
  }
}

function giveBack(path: string, content: string): void {
  try {
    if (readFileSync(path, "utf8") !== content) return;
    const partial = partialPath(path);
    writeFileSync(partial, '{"released":true}');
    renameSync(partial, path);
  } catch {
    // The folder was removed or the disk is full; the lock dies with this process.
  }
}

function removed(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Somebody else was quicker.
  }
}
