/** Bytes → a file that is either wholly there, safe against power loss, or not there at all. */
import { basename, dirname, join } from "node:path";
import { codeOf, FileError, messageOf } from "./file-error.ts";
import { type FileSystem, nodeFileSystem } from "./file-system.ts";

/** How temporary names end; a run folder sweeps such files when it is opened. */
export const partialSuffix = ".partial";

/** The temporary name of `path`: in the same folder, so that renaming never crosses file systems. */
export function partialPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}${partialSuffix}`);
}

/**
 * Writes `chunks` to a temporary name in the same folder, fsyncs it, renames it over `path`, and fsyncs the folder:
 * until the rename an old file of that name stands as it was (Pillai et al., OSDI 2014). Throws `FileError` that names
 * the path and the bytes needed; the temporary file is then gone unless the disk refuses even that.
 */
export function writeAtomically(
  path: string,
  chunks: readonly Uint8Array[],
  system: FileSystem = nodeFileSystem,
): void {
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  const partial = partialPath(path);
  let exists = false;
  try {
    const free = system.freeBytes(dirname(path));
    if (free !== undefined && free < bytes) throw new Error(`the disk has ${free} bytes free`);
    exists = true;
    writeFile(partial, chunks, system);
    system.rename(partial, path);
    exists = false;
    syncFolder(dirname(path), system);
  } catch (thrown) {
    if (exists) discard(partial, system);
    const reason = codeOf(thrown) === "ENOSPC" ? "the disk is full" : messageOf(thrown);
    throw new FileError(path, `cannot be written (${bytes} bytes needed): ${reason}`, {
      cause: thrown,
    });
  }
}

/** Makes the names in a folder durable. Systems that cannot open folders (Windows) do without. */
export function syncFolder(folder: string, system: FileSystem = nodeFileSystem): void {
  if (process.platform === "win32") return;
  const descriptor = system.open(folder, "r");
  try {
    system.fsync(descriptor);
  } finally {
    system.close(descriptor);
  }
}

function writeFile(path: string, chunks: readonly Uint8Array[], system: FileSystem): void {
  const descriptor = system.open(path, "w");
  try {
    for (const chunk of chunks) writeWhole(descriptor, chunk, system);
    system.fsync(descriptor);
  } finally {
    system.close(descriptor);
  }
}

/** One system call writes at most this many bytes (Linux stops at 2^31 - 4096). */
const writeLimit = 1 << 30;

/** All of `bytes` at the descriptor's place, however many calls it takes. */
export function writeWhole(descriptor: number, bytes: Uint8Array, system: FileSystem): void {
  let done = 0;
  while (done < bytes.byteLength) {
    const count = system.write(descriptor, bytes.subarray(done, done + writeLimit));
    if (count === 0) throw new Error("the system took no bytes");
    done += count;
  }
}

function discard(path: string, system: FileSystem): void {
  try {
    system.unlink(path);
  } catch {
    // The first fault is the one to report; the next start sweeps the file.
  }
}
