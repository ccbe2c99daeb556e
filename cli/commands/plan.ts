/** `blipc plan FILE`: shapes, parameters, gradients, memory and compute of every stage, without a device. */
import { type Command, Option } from "commander";
import type { CheckedModel, CheckedStage } from "../../compiler/1-check/model.ts";
import type { PlanReport } from "../../compiler/plan-report/index.ts";
import type { Target } from "../../compiler/program.ts";
import type { Cli } from "../cli.ts";
import {
  addFrozenLock,
  addPipelineOptions,
  addWatch,
  chooseStage,
  load,
  noTuneOption,
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
    .option(
      "--why <what>",
      "where a value came from (`batch`); `memory`: every buffer; `frozen`: what does not train",
    )
    .option("--diff <file[#stage]>", "what differs from another pipeline, read as it stands")
    .addOption(
      new Option("--target <target>", "least promises of WebGPU, or this machine's adapter")
        .choices(["portable", "adapter"])
        .default("portable"),
    )
    .addOption(noTuneOption());
  addWatch(addFrozenLock(addPipelineOptions(command))).action(
    async (argument: string, options: PlanOptions) => {
      const json = options.json === true;
      if (options.watch !== true) return cli.act(json, () => plan(cli, argument, options));
      const { watchFiles } = await import("../watch.ts");
      return watchFiles(cli, json, (watching) => plan(watching, argument, options));
    },
  );
}

interface PlanOptions extends PipelineOptions {
  readonly memory?: string;
  readonly why?: string;
  readonly diff?: string;
  readonly target: "portable" | "adapter";
  readonly tune: boolean;
  readonly watch?: boolean;
}

async function plan(cli: Cli, argument: string, options: PlanOptions): Promise<void> {
  const { file, stage } = splitStage(argument);
  const pipeline = await load(cli, file, options);
  if (options.why !== undefined && !["memory", "frozen"].includes(options.why)) {
    const { tellWhyValue } = await import("../plan-details.ts");
    return tellWhyValue(cli, pipeline, options.why, options.json === true);
  }
  const model = await requireModel(cli, pipeline, options);
  const stages = await stagesOf(model, stage);
  const { targetOf } = await import("../target.ts");
  const target = await targetOf(cli, options);
  if (options.why === "memory") {
    const { tellWhyMemory } = await import("../plan-details.ts");
    for (const { name } of stages)
      await tellWhyMemory(cli, model, name, target, options.json === true);
    return;
  }
  const { planReport, planText } = await import("../../compiler/plan-report/index.ts");
  const reports = stages.map(({ name }) => planReport(model, name, { target }));
  if (options.why === "frozen") {
    const { frozenParts, frozenText } = await import("../why-frozen.ts");
    for (const report of reports) {
      const frozen = frozenParts(model, report);
      const text = frozenText(report.stage, frozen);
      cli.terminal.out(options.json ? JSON.stringify({ stage: report.stage, frozen }) : text);
    }
  } else if (options.diff !== undefined) {
    await tellDifference(
      cli,
      reports,
      await otherReports(cli, options.diff, options, target),
      options,
    );
  } else if (options.json === true) {
    cli.terminal.out(JSON.stringify({ file: model.file, stages: reports }));
  } else cli.terminal.out(reports.map((report) => planText(report)).join("\n\n"));
  if (options.memory !== undefined) {
    const { requireMemory } = await import("../plan-details.ts");
    await requireMemory(cli, model, reports, options.memory, target);
  }
  const { requireLimits } = await import("../plan-details.ts");
  await requireLimits(cli, model, reports);
}

/** The stage of that name; without one, all. */
async function stagesOf(
  model: CheckedModel,
  name: string | undefined,
): Promise<readonly CheckedStage[]> {
  return name === undefined ? [...model.stages.values()] : [await chooseStage(model, name)];
}

/** Plans of the pipeline that is compared with: `--set` and `--params` are not for it. */
async function otherReports(
  cli: Cli,
  argument: string,
  options: PlanOptions,
  target: Target,
): Promise<readonly PlanReport[]> {
  const { file, stage } = splitStage(argument);
  const plain = { ...options, set: [], params: [] };
  const model = await requireModel(cli, await load(cli, file, plain), options);
  const stages = await stagesOf(model, stage);
  const { planReport } = await import("../../compiler/plan-report/index.ts");
  return stages.map(({ name }) => planReport(model, name, { target }));
}

async function tellDifference(
  cli: Cli,
  own: readonly PlanReport[],
  others: readonly PlanReport[],
  options: PlanOptions,
): Promise<void> {
  const { differenceText, planDifference } = await import("../../compiler/plan-report/index.ts");
  const found = own.flatMap((report) => {
    const isOnlyOne = own.length === 1 && others.length === 1;
    const other = isOnlyOne ? others[0] : others.find(({ stage }) => stage === report.stage);
    return other === undefined ? [] : [planDifference(other, report)];
  });
  if (found.length === 0) {
    const { RunFault } = await import("../../runtime/train/run-fault.ts");
    const names = others.map(({ stage }) => stage).join(", ");
    throw new RunFault(
      "usage",
      `no stage of that name in ${options.diff}, which has ${names}; say which as FILE#stage`,
    );
  }
  cli.terminal.out(
    options.json === true
      ? JSON.stringify({ differences: found })
      : found.map(differenceText).join("\n\n"),
  );
}
