/** `blipc run FILE[#stage]`: trains a stage. */
import { type Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import {
  adapterOption,
  addFrozenLock,
  addPipelineOptions,
  noTuneOption,
} from "../pipeline-options.ts";
import type { RunOptions } from "../train-pipeline.ts";
import { wholeNumber } from "./shapes.ts";

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
    .option("--cache <dir>", "folder of kept features (the user's cache folder)")
    .option(
      "--steps <n>",
      "stop at this step; the schedule stays that of the whole run",
      wholeNumber,
    )
    .addOption(adapterOption())
    .addOption(noTuneOption())
    .addOption(
      new Option("--bad-images <policy>", "what to do with pictures that cannot be used")
        .choices(["skip", "fail"])
        .default("skip"),
    );
  addFrozenLock(addPipelineOptions(command)).action((argument: string, options: RunOptions) =>
    cli.act(options.json === true, async () => {
      const { trainPipeline } = await import("../train-pipeline.ts");
      await trainPipeline(cli, argument, options);
    }),
  );
}
