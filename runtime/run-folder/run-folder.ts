/** A path → a folder that holds one training run: `resolved.blip`, `run.json`, `metrics.jsonl`, `checkpoints/`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { partialSuffix, syncFolder, writeAtomically } from "../weights/atomic-write.ts";
import { FileError, messageOf } from "../weights/file-error.ts";
import { type FileSystem, nodeFileSystem } from "../weights/file-system.ts";
import type { JsonValue } from "./canonical-json.ts";
import { takeLock } from "./lock.ts";
import { processStart } from "./process-identity.ts";

/** A run folder that this process alone may write in. */
export interface RunFolder {
  readonly path: string;
  readonly system: FileSystem;
  /** Half-written files of killed processes that opening removed, relative to `path`. */
  readonly swept: readonly string[];
  /** Gives the lock back. */
  close(): void;
}

/** What `run.json` says of a run beside its pipeline: settings, seed, versions, adapter. */
export type RunDescription = Readonly<Record<string, JsonValue>>;

/** The folder of checkpoints inside a run folder. */
export const checkpointsFolder = "checkpoints";

/**
 * Makes the folder if need be, takes its lock, and sweeps what killed writers left. Throws `FileError` when another
 * process runs in it or the disk refuses.
 */
export function openRunFolder(path: string, system: FileSystem = nodeFileSystem): RunFolder {
  const checkpoints = join(path, checkpointsFolder);
  attempt(path, "cannot be made", () => system.makeFolder(checkpoints));
  const giveBack = takeLock(path);
  try {
    const swept = [
      ...sweep(path, "", system),
      ...sweep(checkpoints, `${checkpointsFolder}/`, system),
    ];
    attempt(path, "cannot be made durable", () => syncFolder(path, system));
    return { path, system, swept, close: giveBack };
  } catch (thrown) {
    giveBack();
    throw thrown;
  }
}

/** Writes `resolved.blip` (the pipeline's text with every setting filled in) and `run.json`. */
export function writeRunDescription(
  folder: RunFolder,
  pipeline: string,
  description: RunDescription,
): void {
  const encoder = new TextEncoder();
  const json = `${JSON.stringify(description, undefined, 2)}\n`;
  writeAtomically(join(folder.path, "resolved.blip"), [encoder.encode(pipeline)], folder.system);
  writeAtomically(join(folder.path, "run.json"), [encoder.encode(json)], folder.system);
}

/** What `writeRunDescription` wrote. Throws `FileError` when the folder holds no run or its files are not readable. */
export function readRunDescription(path: string): {
  readonly pipeline: string;
  readonly description: RunDescription;
} {
  const pipeline = textOf(join(path, "resolved.blip"));
  const file = join(path, "run.json");
  const text = textOf(file);
  try {
    const value = JSON.parse(text) as JsonValue;
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      throw new Error("it is not an object");
    }
    return { pipeline, description: value as RunDescription };
  } catch (thrown) {
    throw new FileError(file, `is damaged: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    throw new FileError(file, `cannot be read: ${messageOf(thrown)}`, { cause: thrown });
  }
}

/** Under the lock every temporary file is an orphan, but for those of living processes that are asking for the lock. */
function sweep(folder: string, label: string, system: FileSystem): readonly string[] {
  const orphans = readdirSync(folder).filter(
    (name) => name.endsWith(partialSuffix) && !isBeingTaken(name),
  );
  for (const name of orphans) {
    attempt(join(folder, name), "cannot be removed", () => system.unlink(join(folder, name)));
  }
  return orphans.map((name) => label + name);
}

function isBeingTaken(name: string): boolean {
  const pid = /^\.lock\.[0-9]+\.([0-9]+)\.partial$/.exec(name)?.[1];
  return pid !== undefined && processStart(Number(pid)) !== undefined;
}

function attempt(file: string, fault: string, action: () => void): void {
  try {
    action();
  } catch (thrown) {
    throw new FileError(file, `${fault}: ${messageOf(thrown)}`, { cause: thrown });
  }
}
