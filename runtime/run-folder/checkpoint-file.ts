/** The whole state of a training run ↔ one safetensors file whose every bit is under a SHA-256. */
import { createHash } from "node:crypto";
import { FileError, messageOf } from "../weights/file-error.ts";
import type { FileSystem } from "../weights/file-system.ts";
import { openSafetensors, type SafetensorsFile } from "../weights/safetensors.ts";
import { parseStrictJson } from "../weights/strict-json.ts";
import {
  headerOf,
  layoutOrder,
  type Metadata,
  type TensorData,
  writeSafetensors,
} from "../weights/write-safetensors.ts";
import { canonicalJson, type JsonValue } from "./canonical-json.ts";

/** Optimizer tensors are named `optimizer/<what>/<parameter path>`; a model's tensors bear their own paths. */
export const optimizerPrefix = "optimizer/";

/** Everything but the tensors. Holds no clock value, so that equal runs write equal bytes. */
export interface CheckpointState {
  /** Optimizer steps done. */
  readonly step: number;
  /** What every later random number follows from. */
  readonly random: { readonly seed: number; readonly counter: number };
  /** Where the data stream stands. */
  readonly data: JsonValue;
  /** Where the learning-rate schedule stands. */
  readonly schedule: JsonValue;
  /** Whatever else the trainer keeps, such as its best score. */
  readonly notes?: JsonValue;
}

/** What is written. */
export interface Checkpoint extends CheckpointState {
  /** Model and optimizer tensors. */
  readonly tensors: readonly TensorData[];
}

/** A checkpoint on disk whose digests were found right. */
export interface OpenCheckpoint extends CheckpointState {
  readonly path: string;
  /** Open; the reader closes it. */
  readonly file: SafetensorsFile;
}

const kind = "blipc-checkpoint";
const version = "1";
const noDigest = "0".repeat(64);
const readChunk = 1 << 22;

/** Writes atomically; see `writeSafetensors`. Throws `FileError` naming the path and the bytes needed. */
export function writeCheckpointFile(
  path: string,
  checkpoint: Checkpoint,
  system: FileSystem,
): void {
  const { tensors, step, random, data, schedule, notes } = checkpoint;
  const metadata: Record<string, string> = {
    kind,
    version,
    step: canonicalJson(step),
    random: canonicalJson(random),
    data: canonicalJson(data),
    schedule: canonicalJson(schedule),
    ...(notes === undefined ? {} : { notes: canonicalJson(notes) }),
  };
  for (const tensor of tensors) metadata[`sha256:${tensor.name}`] = sha256(tensor.data);
  writeSafetensors(path, tensors, sealed(tensors, metadata), system);
}

/** The metadata with the digest of the header, taken while that digest reads as zeros. */
function sealed(tensors: readonly TensorData[], metadata: Metadata): Metadata {
  const header = headerOf(layoutOrder(tensors), { ...metadata, sha256: noDigest });
  return { ...metadata, sha256: sha256(header) };
}

/** Opens a checkpoint and checks every digest. Throws `FileError` naming the file and what in it is damaged. */
export function readCheckpointFile(path: string): OpenCheckpoint {
  const file = openSafetensors(path);
  try {
    if (file.metadata.get("kind") !== kind) throw new Error("it is not a checkpoint of blipc");
    const found = file.metadata.get("version");
    if (found !== version) {
      throw new Error(`its version is ${found}, this program reads version ${version}`);
    }
    verifyHeader(file);
    for (const name of file.tensors.keys()) verifyTensor(file, name);
    return { path, file, ...stateOf(file) };
  } catch (thrown) {
    file.close();
    if (thrown instanceof FileError) throw thrown;
    throw new FileError(path, messageOf(thrown), { cause: thrown });
  }
}

function verifyHeader(file: SafetensorsFile): void {
  const digest = file.metadata.get("sha256") ?? "";
  const text = Buffer.from(file.headerBytes).toString("utf8");
  const unsealed = text.replace(`"sha256":"${digest}"`, `"sha256":"${noDigest}"`);
  if (digest.length !== 64 || sha256(Buffer.from(unsealed, "utf8")) !== digest) {
    throw new Error("its header is damaged: the SHA-256 differs");
  }
}

function verifyTensor(file: SafetensorsFile, name: string): void {
  const { begin, end } = file.tensors.get(name) ?? { begin: 0, end: 0 };
  const hash = createHash("sha256");
  const buffer = new Uint8Array(Math.min(readChunk, end - begin));
  for (let at = 0; at < end - begin; at += readChunk) {
    const part = buffer.subarray(0, Math.min(readChunk, end - begin - at));
    file.readInto(name, part, at);
    hash.update(part);
  }
  if (hash.digest("hex") !== file.metadata.get(`sha256:${name}`)) {
    throw new Error(`tensor ${JSON.stringify(name)} is damaged: the SHA-256 differs`);
  }
}

function stateOf(file: SafetensorsFile): CheckpointState {
  const step = entryOf(file, "step");
  const random = entryOf(file, "random");
  if (!isCount(step)) throw new Error('its "step" is not a count');
  const { seed, counter } = (random ?? {}) as {
    readonly seed?: JsonValue;
    readonly counter?: JsonValue;
  };
  if (!isCount(seed) || !isCount(counter)) throw new Error('its "random" lacks seed or counter');
  const notes = file.metadata.has("notes") ? { notes: entryOf(file, "notes") } : {};
  return {
    step,
    random: { seed, counter },
    data: entryOf(file, "data"),
    schedule: entryOf(file, "schedule"),
    ...notes,
  };
}

function entryOf(file: SafetensorsFile, key: string): JsonValue {
  const text = file.metadata.get(key);
  if (text === undefined) throw new Error(`it lacks ${JSON.stringify(key)}`);
  parseStrictJson(text, { maximumDepth: 64, numbers: "any" });
  return JSON.parse(text) as JsonValue;
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
