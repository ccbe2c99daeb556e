/** `blipc graph FILE[#stage]`: a picture of a pipeline. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { CheckedModel } from "../../compiler/1-check/model.ts";
import type { PictureGraph } from "../../runtime/report/module-graph.ts";
import type { Cli } from "../cli.ts";
import {
  addPipelineOptions,
  chooseStage,
  load,
  type PipelineOptions,
  requireModel,
  splitStage,
} from "../pipeline-options.ts";

interface GraphOptions extends PipelineOptions {
  readonly format: "svg" | "dot" | "mermaid" | "json";
  readonly level: "module" | "op";
  readonly output?: string;
}

/** More boxes than these cannot be laid out in reasonable time. */
const mostBoxes = 1500;

/** Adds the command. */
export function addGraph(program: Command, cli: Cli): void {
  const command = program
    .command("graph")
    .description("draw a pipeline")
    .argument("<file[#stage]>", "the pipeline, and the stage when there are several")
    .addOption(
      new Option("--format <format>", "what to print")
        .choices(["svg", "dot", "mermaid", "json"])
        .default("mermaid"),
    )
    .addOption(
      new Option("--level <level>", "modules, or single ops")
        .choices(["module", "op"])
        .default("module"),
    )
    .option("-o, --output <file>", "write there instead of standard output");
  addPipelineOptions(command).action((argument: string, options: GraphOptions) =>
    cli.act(options.json === true, () => graph(cli, argument, options)),
  );
}

async function graph(cli: Cli, argument: string, options: GraphOptions): Promise<void> {
  const { file, stage: name } = splitStage(argument);
  const pipeline = await load(cli, file, options);
  const model = await requireModel(cli, pipeline, options);
  const stage = await chooseStage(model, name);
  const made =
    options.level === "op" ? await ops(model, stage.name) : await modules(model, stage.name);
  const format = options.json === true ? "json" : options.format;
  const text = await draw(made, format);
  if (options.output === undefined) {
    cli.terminal.out(text);
    return;
  }
  const { writeAtomically } = await import("../../runtime/weights/atomic-write.ts");
  writeAtomically(resolve(cli.folder, options.output), [new TextEncoder().encode(`${text}\n`)]);
  cli.terminal.remark(`wrote ${options.output}`);
}

async function modules(model: CheckedModel, stage: string): Promise<PictureGraph> {
  const { moduleGraph } = await import("../../runtime/report/module-graph.ts");
  const { buildStage } = await import("../../compiler/2-build/build-stage.ts");
  const elements = (shape: readonly number[]) => shape.reduce((count, size) => count * size, 1);
  const counts = buildStage(model, stage, { batch: 2 }).modules.map(
    ({ owner, parameters }) =>
      [owner, parameters.reduce((sum, { type }) => sum + elements(type.shape), 0)] as const,
  );
  return moduleGraph(model, stage, new Map(counts));
}

async function ops(model: CheckedModel, stage: string): Promise<PictureGraph> {
  const { buildStage } = await import("../../compiler/2-build/build-stage.ts");
  const { opGraph } = await import("../../runtime/report/op-graph.ts");
  const checked = model.stages.get(stage)!;
  const batch = model.data.get(checked.data.value)!.batch.value / checked.accumulate.value;
  const graphs = buildStage(model, stage, { batch });
  const { total, losses, metrics, whole } = graphs;
  const outputs = new Map([
    ...[["loss", total] as const, ...losses, ...metrics],
    ...(whole === undefined ? [] : [...whole.losses, ...whole.metrics]),
    ...(whole?.held ?? []).map(({ node, place }) => [place.attributes.path, node] as const),
  ]);
  const trainable = new Set(graphs.trainable.map(({ attributes }) => attributes.path));
  return opGraph(`${model.file}#${stage}`, outputs, trainable);
}

async function draw(made: PictureGraph, format: GraphOptions["format"]): Promise<string> {
  if (format === "json") return JSON.stringify(made);
  const { dotOf, mermaidOf, svgOf } = await import("../../runtime/report/draw-graph.ts");
  switch (format) {
    case "dot":
      return dotOf(made);
    case "mermaid":
      return mermaidOf(made);
    case "svg": {
      if (made.parts.length > mostBoxes) {
        const { RunFault } = await import("../../runtime/train/run-fault.ts");
        throw new RunFault(
          "usage",
          `${made.parts.length} ops are too many for one picture; use --level module, or --format dot or json`,
        );
      }
      return svgOf(dotOf(made));
    }
  }
}
