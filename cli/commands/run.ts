/** `blipc run FILE[#stage]`: trains a stage. */
import { relative, resolve } from "node:path";
import { type Command, Option } from "commander";
import type { AdapterChoice } from "../../runtime/device/find-adapter.ts";
import type { Cli } from "../cli.ts";
import { exitCodes } from "../exit-code.ts";
import { Quit } from "../faults.ts";
import {
  addPipelineOptions,
  chooseStage,
  load,
  type PipelineOptions,
  requireModel,
  splitStage,
} from "../pipeline-options.ts";
import { progressPrinter } from "../progress-printer.ts";
import { wholeNumber } from "./shapes.ts";

interface RunOptions extends PipelineOptions {
  readonly resume?: boolean;
  readonly restart?: boolean;
  readonly from?: string;
  readonly out?: string;
  readonly runs?: string;
  readonly data?: string;
  readonly steps?: number;
  readonly adapter?: AdapterChoice;
  readonly badImages: "skip" | "fail";
}

/** Adds the command. */
export function addRun(program: Command, cli: Cli): void {
  const command = program
    .command("run")
    .description("train a stage of a pipeline")
    .argument("<file[#stage]>", "the pipeline, and the stage when there are several")
    .option("--resume", "go on from the last checkpoint, bit for bit")
    .option("--restart", "replace the run that the folder holds")
    .option("--from <dir>", "run folder of the stage that `from` continues")
    .option("--out <dir>", "run folder (runs/PIPELINE/STAGE)")
    .option("--runs <dir>", "folder of run folders (runs)")
    .option("--data <dir>", "folder of drawn data sets (RUNS/data)")
    .option(
      "--steps <n>",
      "stop at this step; the schedule stays that of the whole run",
      wholeNumber,
    )
    .addOption(
      new Option("--adapter <kind>", "which adapter to take").choices([
        "gpu",
        "software",
        "swiftshader",
      ]),
    )
    .addOption(
      new Option("--bad-images <policy>", "what to do with pictures that cannot be used")
        .choices(["skip", "fail"])
        .default("skip"),
    );
  addPipelineOptions(command).action((argument: string, options: RunOptions) =>
    cli.act(options.json === true, () => run(cli, argument, options)),
  );
}

async function run(cli: Cli, argument: string, options: RunOptions): Promise<void> {
  const { terminal } = cli;
  const { file, stage: name } = splitStage(argument);
  const pipeline = await load(cli, file, options, {
    ...(options.runs === undefined ? {} : { runs: options.runs }),
    ...(options.data === undefined ? {} : { madeData: options.data }),
  });
  const model = await requireModel(cli, pipeline, options);
  const stage = await chooseStage(model, name);
  const { runStage } = await import("../../runtime/train/run-stage.ts");
  const printer = progressPrinter(terminal, options.json === true);
  const stop = stopOnSignal(cli);
  try {
    const at = (path: string) => resolve(cli.folder, path);
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
      badImages: options.badImages,
      signal: stop.signal,
      watch: printer.watch,
      version: cli.version,
    });
    const folder = relative(cli.folder, outcome.folder) || ".";
    printer.finish(outcome, folder);
    if (stop.signal.aborted) throw new Quit(exitCodes.interrupted);
  } finally {
    terminal.live("");
    stop.dispose();
  }
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
