/** A run folder → its pipeline, checked again, and its newest weights. */
import { resolve } from "node:path";
import type { CheckedModel } from "../../compiler/1-check/model.ts";
import type { OpenCheckpoint } from "../run-folder/checkpoint-file.ts";
import { readBest, readLatest } from "../run-folder/checkpoints.ts";
import { readRunDescription } from "../run-folder/run-folder.ts";
import { reloadPipeline, type StoredText } from "../train/load-pipeline.ts";
import { type Project, projectOf } from "../train/project.ts";
import { RunFault } from "../train/run-fault.ts";

/** A run that can be used. Close the checkpoint's file. */
export interface OpenRun {
  readonly folder: string;
  readonly model: CheckedModel;
  readonly stage: string;
  readonly project: Project;
  readonly checkpoint: OpenCheckpoint;
}

/** Opens a run folder. Throws `FileError` or `RunFault` for a folder that is no run or has no checkpoint yet. */
export function openRun(folder: string): OpenRun {
  const { description } = readRunDescription(folder);
  const { file, stage, texts, overrides, base, roots } = description as unknown as {
    readonly file: string;
    readonly stage: string;
    readonly texts: readonly StoredText[];
    readonly overrides: readonly StoredText[];
    readonly base: string;
    readonly roots: readonly string[];
  };
  if (!Array.isArray(texts) || !Array.isArray(overrides) || typeof file !== "string") {
    throw new RunFault("data", `${folder}: run.json lacks the pipeline`);
  }
  const project = projectOf({
    base: resolve(folder, base),
    file,
    allowed: roots.map((root) => resolve(folder, root)),
  });
  const { model, diagnostics } = reloadPipeline(texts, file, overrides, project);
  if (model === undefined) {
    const titles = diagnostics.map(({ code, title }) => `  ${code}: ${title}`);
    throw new RunFault(
      "data",
      [`${folder}: its pipeline is no longer accepted:`, ...titles].join("\n"),
    );
  }
  const checkpoint = readBest(folder) ?? readLatest(folder).checkpoint;
  if (checkpoint === undefined) throw new RunFault("data", `${folder} holds no checkpoint yet`);
  return { folder, model, stage, project, checkpoint };
}
