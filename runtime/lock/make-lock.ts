/** Checked pipelines → their lock: everything that they read, pinned. */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { CheckedModel, DataSource } from "../../compiler/1-check/model.ts";
import {
  dataFiles,
  isBuiltIn,
  type Lock,
  type LockedBackbone,
  type LockedFile,
  type LockedSource,
  type NeededFile,
  neededBackbones,
  neededFiles,
} from "../../compiler/lock/lock.ts";
import type { LoadedPipeline } from "../train/load-pipeline.ts";
import { pinFile, placeOf } from "./pin-file.ts";
import { textLengths } from "./text-lengths.ts";

/** A pipeline without errors. */
export interface LockablePipeline extends LoadedPipeline {
  readonly model: CheckedModel;
}

/** A lock, and the files that are not there. It is only to be written when nothing is missing. */
export interface MadeLock {
  readonly lock: Lock;
  readonly missing: readonly NeededFile[];
}

/** Reads every byte of every file. Throws `RunFault` for paths outside of the project, `FileError` for damaged weights. */
export function makeLock(pipelines: readonly LockablePipeline[], version: string): MadeLock {
  const files = new Map<string, LockedFile>();
  const missing: NeededFile[] = [];
  const backbones = new Map<string, LockedBackbone>();
  const tokenizers = new Map<string, LockedSource>();
  const data = new Map<string, LockedSource>();
  for (const { model, project, sources, source } of pipelines) {
    const pin = (path: string, kind: LockedFile["kind"]): LockedFile | undefined => {
      const known = files.get(path);
      const made = known ?? pinFile(path, kind, project);
      if (made !== undefined) files.set(path, made);
      return made;
    };
    const pinned = new Map<NeededFile, LockedFile>();
    for (const file of neededFiles(model)) {
      const made = pin(placeOf(file, project), file.kind);
      if (made === undefined) missing.push(file);
      else pinned.set(file, made);
    }
    const found = (kind: LockedFile["kind"], written: string): readonly LockedFile[] =>
      [...pinned].flatMap(([need, made]) =>
        need.kind === kind && need.written === written ? [made] : [],
      );
    for (const { name, role, shape } of neededBackbones(model)) {
      const own = [...model.modules.values()].flatMap((module) =>
        "backbone" in module &&
        module.backbone.value === name &&
        module.weights.value.kind === "file"
          ? found("weights", module.weights.value.path)
          : [],
      );
      const key = `${role} ${name}`;
      const before = backbones.get(key)?.files ?? [];
      const paths = [...new Set([...before, ...own.map(({ path }) => path)])].toSorted();
      const revision = revisionOf(shape, own);
      backbones.set(key, { name, role, shape, revision, files: paths });
    }
    for (const { tokenizer } of model.texts.values()) {
      const name = tokenizer.value;
      const own = found("tokenizer", name);
      const revision = isBuiltIn(name) ? `built in, ${version}` : revisionOf("", own);
      tokenizers.set(name, { name, revision, files: own.map(({ path }) => path) });
    }
    for (const each of model.data.values()) {
      const { value } = each.source;
      // The parts of a mix are pinned by themselves.
      if (value.kind === "mix") continue;
      const own = dataFiles(value).flatMap(({ path }) => found("data", path));
      const name = nameOf(value, own);
      const revision =
        value.kind === "folder"
          ? "not pinned"
          : "path" in value
            ? revisionOf("", own)
            : `drawn, ${version}`;
      const isThere = own.length > 0;
      const lengths = isThere ? textLengths(each, model, project) : {};
      const tokens = { ...data.get(name)?.tokens, ...lengths };
      const known = Object.keys(tokens).length === 0 ? {} : { tokens };
      data.set(name, { name, revision, files: own.map(({ path }) => path), ...known });
    }
    for (const name of sources.keys()) {
      if (name !== source.name) pin(resolve(project.base, name), "import");
    }
  }
  const lock: Lock = {
    lockVersion: 1,
    compiler: version,
    edition: 1,
    backbones: [...backbones.values()],
    tokenizers: [...tokenizers.values()],
    data: [...data.values()],
    files: [...files.values()],
  };
  return { lock, missing };
}

/** A short name for a content: there is no registry of revisions for files that lie on a disk. */
function revisionOf(facts: string, files: readonly LockedFile[]): string {
  const hash = createHash("sha256").update(facts);
  for (const { sha256, shards } of files) {
    hash.update(sha256);
    for (const shard of shards ?? []) hash.update(shard.sha256);
  }
  return hash.digest("hex").slice(0, 12);
}

/** The file, the pattern or the folder as written, or how it is drawn. */
function nameOf(source: DataSource, own: readonly LockedFile[]): string {
  if (source.kind === "captions" || source.kind === "table" || source.kind === "vqa")
    return own[0]?.path ?? source.path;
  return "path" in source ? `${source.kind}(${JSON.stringify(source.path)})` : drawn(source);
}

/** `shapes(pictures: 4096, seed: 1)` */
function drawn(source: { readonly kind: string }): string {
  const settings = Object.entries(source)
    .filter(([name, value]) => name !== "kind" && typeof value !== "object")
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}: ${value}`);
  return `${source.kind}(${settings.join(", ")})`;
}
