/** Arguments of a run → the run: what `blipc run`, the demo and the pre-training share. */
import { relative, resolve } from "node:path";
import type { CheckedModel } from "../compiler/1-check/model.ts";
import type { AdapterChoice } from "../runtime/device/find-adapter.ts";
import type { Watch } from "../runtime/train/progress.ts";
import type { StageOutcome } from "../runtime/train/stage-request.ts";
import type { Cli } from "./cli.ts";
import { exitCodes } from "./exit-code.ts";
import { Quit } from "./faults.ts";
import {
  chooseStage,
  load,
  type PipelineOptions,
  requireModel,
  splitStage,
} from "./pipeline-options.ts";
import { progressPrinter } from "./progress-printer.ts";
import { tunedTiles } from "./tuned-tiles.ts";
import { userCacheFolder } from "./user-cache.ts";

/** What a run can be told. */
export interface RunOptions extends PipelineOptions {
  readonly resume?: boolean;
  readonly restart?: boolean;
  readonly from?: string;
  readonly out?: string;
  readonly runs?: string;
  readonly data?: string;
  readonly cache?: string;
  readonly steps?: number;
  readonly adapter?: AdapterChoice;
  /** True: what was measured on the adapter counts. */
  readonly tune?: boolean;
  readonly badImages?: "skip" | "fail";
}

/** Options of a run that nobody changed. */
export const plainRun: RunOptions = { set: [], params: [], allow: [] };

/**
 * Trains `FILE#stage` and prints how it goes. Throws `Quit` with the code of an interrupt when it was stopped, and
 * whatever the run throws. `watch` sees every event too.
 */
export async function trainPipeline(
  cli: Cli,
  argument: string,
  options: RunOptions,
  watch?: Watch,
): Promise<StageOutcome> {
  const { terminal } = cli;
  const { file, stage: name } = splitStage(argument);
  const folders = {
    ...(options.runs === undefined ? {} : { runs: options.runs }),
    ...(options.data === undefined ? {} : { madeData: options.data }),
  };
  const pipeline = await load(cli, file, options, folders, "files");
  const model = await requireModel(cli, pipeline, options);
  const stage = await chooseStage(model, name);
  const { runStage } = await import("../runtime/train/run-stage.ts");
  const printer = progressPrinter(terminal, options.json === true);
  const tell = (text: string) => printer.watch({ kind: "note", text });
  const tiles = await tunedTiles(cli, options.tune === true, tell);
  const stop = stopOnSignal(cli);
  const at = (path: string) => resolve(cli.folder, path);
  try {
    const outcome = await runStage({
      model,
      stage: stage.name,
      project: pipeline.project,
      pipeline: {
        file: pipeline.source.name,
        texts: [...pipeline.sources.values()],
        overrides: pipeline.overrides,
      },
      ...(options.out === undefined ? {} : { out: at(options.out) }),
      ...(options.from === undefined ? {} : { from: at(options.from) }),
      resume: options.resume === true,
      restart: options.restart === true,
      ...(options.steps === undefined ? {} : { steps: options.steps }),
      ...(options.adapter === undefined ? {} : { adapter: options.adapter }),
      ...tiles,
      cache: options.cache === undefined ? userCacheFolder() : at(options.cache),
      badImages: options.badImages ?? "skip",
      signal: stop.signal,
      watch: (event) => {
        printer.watch(event);
        watch?.(event);
      },
      version: cli.version,
    });
    printer.finish(outcome, relative(cli.folder, outcome.folder) || ".");
    if (stop.signal.aborted) throw new Quit(exitCodes.interrupted);
    return outcome;
  } catch (thrown) {
    terminal.live("");
    await tellLimit(cli, model, stage.name, thrown);
    throw thrown;
  } finally {
    terminal.live("");
    stop.dispose();
  }
}

/** Says where a limit of memory stands and what helps, where that is what was thrown; quits then. */
async function tellLimit(
  cli: Cli,
  model: CheckedModel,
  stage: string,
  thrown: unknown,
): Promise<void> {
  const { BeyondLimit } = await import("../runtime/train/beyond-limit.ts");
  if (!(thrown instanceof BeyondLimit)) return;
  const { planReport } = await import("../compiler/plan-report/index.ts");
  const { requireLimits } = await import("./plan-details.ts");
  const { target, batch } = thrown;
  await requireLimits(cli, model, [planReport(model, stage, { target, batch })]);
}

/** The first Ctrl-C asks the run to save and stop, the second ends the process. */
function stopOnSignal({ terminal }: Cli): {
  readonly signal: AbortSignal;
  readonly dispose: () => void;
} {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    terminal.remark("stopping after this step; once more to stop at once");
    controller.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
