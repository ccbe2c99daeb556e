/** Trains a pipeline of this folder in this process, on the driver that the repository brings. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { loadPipeline } from "../../runtime/train/load-pipeline.ts";
import type { RunEvent } from "../../runtime/train/progress.ts";
import { runStage } from "../../runtime/train/run-stage.ts";
import type { StageOutcome, StageRequest } from "../../runtime/train/stage-request.ts";

/** What can be changed. */
export type TrainOptions = Partial<
  Pick<
    StageRequest,
    | "resume"
    | "restart"
    | "steps"
    | "signal"
    | "system"
    | "badImages"
    | "onDevice"
    | "tilesFor"
    | "from"
    | "cache"
  >
> & {
  readonly sets?: readonly string[];
  readonly stage?: string;
  readonly watch?: (event: RunEvent) => void;
};

/** A run that came to an end. */
export interface Trained extends StageOutcome {
  readonly events: readonly RunEvent[];
}

/** Trains `file` into `folder`; drawn data goes beside it. Throws what the run throws, or the diagnostics. */
export async function trainFile(
  file: string,
  folder: string,
  options: TrainOptions = {},
): Promise<Trained> {
  const { sets = [], stage, watch, ...rest } = options;
  const pipeline = loadPipeline({
    base: dirname(file),
    file: basename(file),
    sets,
    madeData: join(dirname(folder), "data"),
    runs: dirname(folder),
  });
  const { model, diagnostics } = pipeline;
  if (model === undefined) throw new Error(JSON.stringify(diagnostics.map(({ title }) => title)));
  const events: RunEvent[] = [];
  const outcome = await runStage({
    model,
    stage: stage ?? [...model.stages.keys()][0]!,
    project: pipeline.project,
    pipeline: {
      file: pipeline.source.name,
      texts: [...pipeline.sources.values()],
      overrides: pipeline.overrides,
    },
    out: folder,
    resume: false,
    badImages: "skip",
    adapter: "swiftshader",
    version: "test",
    watch: (event) => {
      events.push(event);
      watch?.(event);
    },
    ...rest,
  });
  return { ...outcome, events };
}

/** The small language model with dropout. */
export const tinyLm = join(import.meta.dirname, "tiny-lm.blip");
/** Everything of stage 1, small. */
export const tiny = join(import.meta.dirname, "tiny.blip");

/** Bytes of the checkpoint of the highest step. */
export function lastCheckpoint(folder: string): Buffer {
  const names = readdirSync(join(folder, "checkpoints")).sort();
  return readFileSync(join(folder, "checkpoints", names.at(-1)!));
}
