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
  command
    .option(
      "--memory <size>",
      "what the device offers, such as 24GiB; exit with 6 when it is too little",
    )
    .option("--why <what>", "where a value came from (`batch`), or `memory`: every buffer");
  addPipelineOptions(command).action((argument: string, options: PlanOptions) =>
    cli.act(options.json === true, () => plan(cli, argument, options)),
  );
}

interface PlanOptions extends PipelineOptions {
  readonly memory?: string;
  readonly why?: string;
}

async function plan(cli: Cli, argument: string, options: PlanOptions): Promise<void> {
  const { file, stage } = splitStage(argument);
  const pipeline = await load(cli, file, options);
  if (options.why !== undefined && options.why !== "memory") {
    const { tellWhyValue } = await import("../plan-details.ts");
    return tellWhyValue(cli, pipeline, options.why, options.json === true);
  }
  const model = await requireModel(cli, pipeline, options);
  const stages =
    stage === undefined ? [...model.stages.values()] : [await chooseStage(model, stage)];
  if (options.why === "memory") {
    const { tellWhyMemory } = await import("../plan-details.ts");
    for (const { name } of stages) await tellWhyMemory(cli, model, name, options.json === true);
    return;
  }
  const { planReport, planText } = await import("../../compiler/plan-report/index.ts");
  const reports = stages.map(({ name }) => planReport(model, name));
  if (options.json === true) {
    cli.terminal.out(JSON.stringify({ file: model.file, stages: reports }));
  } else cli.terminal.out(reports.map((report) => planText(report)).join("\n\n"));
  if (options.memory !== undefined) {
    const { requireMemory } = await import("../plan-details.ts");
    await requireMemory(cli, model, reports, options.memory);
  }
}
