/** `blipc compile FILE[#stage] -o OUT`: the program of a stage as JSON. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import {
  addPipelineOptions,
  chooseStage,
  load,
  noTuneOption,
  type PipelineOptions,
  requireModel,
  splitStage,
} from "../pipeline-options.ts";
import { targetOf } from "../target.ts";

interface CompileOptions extends PipelineOptions {
  readonly output?: string;
  readonly target: "portable" | "adapter";
  readonly tune: boolean;
}

/** Adds the command. */
export function addCompile(program: Command, cli: Cli): void {
  const command = program
    .command("compile")
    .description("compile a stage to WGSL and a plan, as one JSON file")
    .argument("<file[#stage]>", "the pipeline, and the stage when there are several")
    .option("-o, --output <file>", "the file to write; standard output when absent")
    .addOption(
      new Option("--target <target>", "least promises of WebGPU, or this machine's adapter")
        .choices(["portable", "adapter"])
        .default("portable"),
    )
    .addOption(noTuneOption());
  addPipelineOptions(command).action((argument: string, options: CompileOptions) =>
    cli.act(options.json === true, () => compile(cli, argument, options)),
  );
}

async function compile(cli: Cli, argument: string, options: CompileOptions): Promise<void> {
  const { file, stage: name } = splitStage(argument);
  const pipeline = await load(cli, file, options);
  const model = await requireModel(cli, pipeline, options);
  const stage = await chooseStage(model, name);
  const { buildStage } = await import("../../compiler/2-build/build-stage.ts");
  const { compileStage, programsIn } = await import("../../compiler/compile.ts");
  const { validateProgram } = await import("../../runtime/execute/validate-program.ts");
  const batch = model.data.get(stage.data.value)!.batch.value / stage.accumulate.value;
  const graphs = buildStage(model, stage.name, { batch });
  const target = await targetOf(cli, options);
  const compiled = compileStage(graphs, stage, target);
  if (compiled.beyond !== undefined) {
    const { planReport } = await import("../../compiler/plan-report/index.ts");
    const { requireLimits } = await import("../plan-details.ts");
    await requireLimits(cli, model, [planReport(model, stage.name, { target })]);
  }
  const programs = programsIn(compiled);
  for (const each of programs) validateProgram(each);
  const text = JSON.stringify({ format: "blipc-stage", version: 1, stage: stage.name, programs });
  if (options.output === undefined) {
    cli.terminal.out(text);
    return;
  }
  const { writeAtomically } = await import("../../runtime/weights/atomic-write.ts");
  const bytes = new TextEncoder().encode(`${text}\n`);
  writeAtomically(resolve(cli.folder, options.output), [bytes]);
  const facts = {
    file: options.output,
    bytes: bytes.length,
    dispatches: programs.reduce((sum, each) => sum + each.dispatches.length, 0),
    shaders: programs.reduce((sum, each) => sum + each.shaders.length, 0),
    memory: compiled.step.memory,
  };
  if (options.json === true) cli.terminal.out(JSON.stringify(facts));
  else {
    cli.terminal.remark(
      `wrote ${facts.file}: ${facts.dispatches} dispatches of ${facts.shaders} shaders, ${bytes.length} bytes`,
    );
  }
}
