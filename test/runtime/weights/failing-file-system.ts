/** The real file system, but its N-th call fails. */
import { type FileSystem, nodeFileSystem } from "../../../runtime/weights/file-system.ts";

interface FailingFileSystem {
  readonly system: FileSystem;
  /** What was called, in order, with the kind of file. */
  readonly calls: readonly string[];
  readonly count: () => number;
}

/** Call number `at` (from 1) throws ENOSPC, and with `forEver` every later one too. `free` is what `freeBytes` answers. */
export function failingAt(at: number, forEver = false, free?: number): FailingFileSystem {
  const calls: string[] = [];
  const step = (call: string): void => {
    calls.push(call);
    if (calls.length === at || (forEver && calls.length > at)) {
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    }
  };
  const kind = (path: string): string => (path.endsWith(".partial") ? " .partial" : "");
  const system: FileSystem = {
    open: (path, flags) => {
      step(`open ${flags}${kind(path)}`);
      return nodeFileSystem.open(path, flags);
    },
    write: (descriptor, bytes) => {
      step("write");
      return nodeFileSystem.write(descriptor, bytes);
    },
    truncate: (descriptor, length) => {
      step("truncate");
      nodeFileSystem.truncate(descriptor, length);
    },
    fsync: (descriptor) => {
      step("fsync");
      nodeFileSystem.fsync(descriptor);
    },
    close: (descriptor) => {
      nodeFileSystem.close(descriptor);
      step("close");
    },
    rename: (from, to) => {
      step(`rename${kind(from)}`);
      nodeFileSystem.rename(from, to);
    },
    unlink: (path) => {
      step(`unlink${kind(path)}`);
      nodeFileSystem.unlink(path);
    },
    makeFolder: (path) => {
      step("makeFolder");
      nodeFileSystem.makeFolder(path);
    },
    freeBytes: (folder) => {
      step("freeBytes");
      return free ?? nodeFileSystem.freeBytes(folder);
    },
  };
  return { system, calls, count: () => calls.length };
}
