/** `npm run pretrain`: makes the shipped weights of the small tower, text tower and language model. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildStage } from "../compiler/2-build/build-stage.ts";
import { readLatest } from "../runtime/run-folder/checkpoints.ts";
import { exportWeights } from "../runtime/train/export-weights.ts";
import { loadPipeline } from "../runtime/train/load-pipeline.ts";
import { RunFault } from "../runtime/train/run-fault.ts";
import { createCli } from "./cli.ts";
import { openTerminal } from "./terminal.ts";
import { plainRun, trainPipeline } from "./train-pipeline.ts";

/** One weight file: who trains it, and which modules of which stage read it. */
interface Recipe {
  readonly pipeline: string;
  readonly file: string;
  readonly reader: string;
  readonly modules: readonly string[];
  /** Parameters that the file must hold. */
  readonly parameters: number;
}

const folder = "pipelines/shapes";

const recipes: readonly Recipe[] = [
  {
    pipeline: `${folder}/encoder.blip`,
    file: `${folder}/weights/encoder.safetensors`,
    reader: `${folder}/stage1.blip`,
    modules: ["vision", "bridge"],
    parameters: 199_872 + 103_616,
  },
  {
    pipeline: `${folder}/lm.blip`,
    file: `${folder}/weights/lm.safetensors`,
    reader: `${folder}/stage2.blip`,
    modules: ["opt"],
    parameters: 156_800,
  },
];

const cli = createCli(openTerminal(), process.cwd(), "source");
const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const resume = process.argv.includes("--resume");

for (const recipe of recipes) {
  if (chosen.length > 0 && !chosen.some((name) => recipe.pipeline.endsWith(`/${name}.blip`)))
    continue;
  await cli.act(false, () => make(recipe));
  if (process.exitCode !== undefined && process.exitCode !== 0) break;
}

async function make(recipe: Recipe): Promise<void> {
  cli.terminal.out(cli.terminal.colors.bold(`${recipe.pipeline} -> ${recipe.file}`));
  const way = resume ? { resume } : { restart: true };
  const outcome = await trainPipeline(cli, recipe.pipeline, { ...plainRun, ...way });
  const { model } = loadPipeline({ base: cli.folder, file: recipe.reader, sets: [] });
  const stage = [...(model?.stages.values() ?? [])][0];
  const { checkpoint } = readLatest(outcome.folder);
  if (model === undefined || stage === undefined || checkpoint === undefined) {
    throw new RunFault(
      "data",
      `${recipe.reader} cannot be read, or ${outcome.folder} has no checkpoint`,
    );
  }
  const graphs = buildStage(model, stage.name, { batch: 2 });
  const modules = graphs.modules.filter(({ owner }) => recipe.modules.includes(owner));
  mkdirSync(resolve(cli.folder, join(folder, "weights")), { recursive: true });
  const made = exportWeights(resolve(cli.folder, recipe.file), checkpoint.file, modules, {
    made_by: `blipc run ${recipe.pipeline}`,
    steps: String(checkpoint.step),
    seed: String(checkpoint.random.seed),
  });
  checkpoint.file.close();
  cli.terminal.out(`wrote ${recipe.file}: ${made.tensors} tensors, ${made.parameters} parameters`);
  if (made.parameters !== recipe.parameters) {
    throw new RunFault("data", `${recipe.file} should hold ${recipe.parameters} parameters`);
  }
}
