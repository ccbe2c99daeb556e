/** The calls through which files are made, as a value, so that a test can let the N-th of them fail. */
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  statfsSync,
  unlinkSync,
  writeSync,
} from "node:fs";

/** Each call is the Node function of that name and throws as it does. */
export interface FileSystem {
  open(path: string, flags: string): number;
  write(descriptor: number, bytes: Uint8Array): number;
  truncate(descriptor: number, length: number): void;
  fsync(descriptor: number): void;
  close(descriptor: number): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  makeFolder(path: string): void;
  /** Bytes that an unprivileged writer may still fill in the folder's file system; undefined where it does not say. */
  freeBytes(folder: string): number | undefined;
}

/** The real one. */
export const nodeFileSystem: FileSystem = {
  open: (path, flags) => openSync(path, flags),
  write: (descriptor, bytes) => writeSync(descriptor, bytes),
  truncate: (descriptor, length) => ftruncateSync(descriptor, length),
  fsync: (descriptor) => fsyncSync(descriptor),
  close: (descriptor) => closeSync(descriptor),
  rename: (from, to) => renameSync(from, to),
  unlink: (path) => unlinkSync(path),
  makeFolder: (path) => mkdirSync(path, { recursive: true }),
  freeBytes(folder) {
    try {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    } catch {
      return undefined;
    }
  },
};
