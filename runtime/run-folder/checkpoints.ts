/** A run folder ↔ its checkpoints: which is the latest, which is the best, which are kept. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { syncFolder, writeAtomically } from "../weights/atomic-write.ts";
import { codeOf, FileError, messageOf } from "../weights/file-error.ts";
import {
  type Checkpoint,
  type OpenCheckpoint,
  readCheckpointFile,
  writeCheckpointFile,
} from "./checkpoint-file.ts";
import { checkpointsFolder, type RunFolder } from "./run-folder.ts";

/** Which checkpoints outlive a write. */
export interface Retention {
  /** How many of the highest steps are kept, at least 1; default 3. The best is kept beside them. */
  readonly keep?: number;
  /** True when this checkpoint is the best so far: the `best` pointer moves to it. */
  readonly isBest?: boolean;
}

/** The newest good checkpoint, and the damaged ones that were passed over on the way to it. */
export interface Latest {
  readonly checkpoint: OpenCheckpoint | undefined;
  readonly refused: readonly FileError[];
}

type Pointer = "latest" | "best";

const fileName = /^step-([0-9]{8,15})\.safetensors$/;
const rereads = 20;

/** The file name of a step's checkpoint. */
export function checkpointName(step: number): string {
  return `step-${String(step).padStart(8, "0")}.safetensors`;
}

/**
 * Writes the checkpoint, then moves `latest` (and `best`) to it, then removes what is no longer kept: at every moment
 * `latest` names a whole file. Gives the checkpoint's path. Throws `FileError`; earlier checkpoints then still stand.
 */
export function writeCheckpoint(
  folder: RunFolder,
  checkpoint: Checkpoint,
  retention: Retention = {},
): string {
  const { keep = 3, isBest = false } = retention;
  const name = checkpointName(checkpoint.step);
  const path = join(folder.path, checkpointsFolder, name);
  writeCheckpointFile(path, checkpoint, folder.system);
  point(folder, "latest", name);
  if (isBest) point(folder, "best", name);
  const pinned = [name, pointed(folder.path, "best")];
  const steps = stepsIn(folder.path);
  remove(
    folder,
    steps
      .slice(Math.max(1, keep))
      .map(checkpointName)
      .filter((n) => !pinned.includes(n)),
  );
  return path;
}

/**
 * Opens the checkpoint that `latest` names; where that is damaged or missing, the good one of the highest step. Never
 * throws for a damaged checkpoint: it is listed in `refused`. Needs no lock.
 */
export function readLatest(path: string): Latest {
  for (let attempt = 0; ; attempt += 1) {
    const refused: FileError[] = [];
    let hasVanished = false;
    const named = pointed(path, "latest");
    const names = new Set([...(named ? [named] : []), ...stepsIn(path).map(checkpointName)]);
    for (const name of names) {
      try {
        return { checkpoint: readCheckpointFile(join(path, checkpointsFolder, name)), refused };
      } catch (thrown) {
        if (!(thrown instanceof FileError)) throw thrown;
        if (codeOf(thrown.cause) === "ENOENT") hasVanished = true;
        else refused.push(thrown);
      }
    }
    // Only a run that is going on at this moment removes what was just listed.
    if (!hasVanished || attempt >= rereads) return { checkpoint: undefined, refused };
  }
}

/** Opens the checkpoint that `best` names; undefined where there is none (any more). Throws `FileError` when it is damaged. */
export function readBest(path: string): OpenCheckpoint | undefined {
  const name = pointed(path, "best");
  if (name === undefined) return undefined;
  try {
    return readCheckpointFile(join(path, checkpointsFolder, name));
  } catch (thrown) {
    if (thrown instanceof FileError && codeOf(thrown.cause) === "ENOENT") return undefined;
    throw thrown;
  }
}

/** Removes the checkpoints of later steps, as a run does that starts again from an earlier one. Gives their names. */
export function discardCheckpointsAfter(folder: RunFolder, step: number): readonly string[] {
  const names = stepsIn(folder.path)
    .filter((later) => later > step)
    .map(checkpointName);
  remove(folder, names);
  return names;
}

/** Steps that have a checkpoint file, the highest first. */
export function stepsIn(path: string): readonly number[] {
  let names: readonly string[];
  try {
    names = readdirSync(join(path, checkpointsFolder));
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return [];
    throw new FileError(path, `cannot be listed: ${messageOf(thrown)}`, { cause: thrown });
  }
  return names
    .flatMap((name) => fileName.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((left, right) => right - left);
}

function point(folder: RunFolder, pointer: Pointer, name: string): void {
  const bytes = new TextEncoder().encode(`${name}\n`);
  writeAtomically(join(folder.path, pointer), [bytes], folder.system);
}

function pointed(path: string, pointer: Pointer): string | undefined {
  try {
    const name = readFileSync(join(path, pointer), "utf8").trim();
    return fileName.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

function remove(folder: RunFolder, names: readonly string[]): void {
  const checkpoints = join(folder.path, checkpointsFolder);
  for (const name of names) {
    const path = join(checkpoints, name);
    try {
      folder.system.unlink(path);
    } catch (thrown) {
      throw new FileError(path, `cannot be removed: ${messageOf(thrown)}`, { cause: thrown });
    }
  }
  if (names.length > 0) {
    try {
      syncFolder(checkpoints, folder.system);
    } catch (thrown) {
      throw new FileError(checkpoints, `cannot be synced: ${messageOf(thrown)}`, { cause: thrown });
    }
  }
}
