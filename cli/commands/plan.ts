/** `blipc plan FILE`: shapes, parameters, gradients, memory and compute of every stage, without a device. */
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import {
  addPipelineOptions,
  chooseStage,
  load,
  type PipelineOptions,
  requireModel,
  splitStage,
} from "../pipeline-options.ts";

/** Adds the command. */
export function addPlan(program: Command, cli: Cli): void {
  const command = program
    .command("plan")
    .description("shapes, parameters, gradients, memory and compute of every stage")
    .argument("<file[#stage]>", "the pipeline; all its stages, or one");
  addPipelineOptions(command).action((argument: string, options: PipelineOptions) =>
    cli.act(options.json === true, () => plan(cli, argument, options)),
  );
}

async function plan(cli: Cli, argument: string, options: PipelineOptions): Promise<void> {
  const { file, stage } = splitStage(argument);
  const pipeline = await load(cli, file, options);
  const model = await requireModel(cli, pipeline, options);
  const stages =
    stage === undefined ? [...model.stages.values()] : [await chooseStage(model, stage)];
  const { planReport, planText } = await import("../../compiler/plan-report/index.ts");
  const reports = stages.map(({ name }) => planReport(model, name));
  if (options.json === true) {
    cli.terminal.out(JSON.stringify({ file: model.file, stages: reports }));
    return;
  }
  cli.terminal.out(reports.map((report) => planText(report)).join("\n\n"));
}
