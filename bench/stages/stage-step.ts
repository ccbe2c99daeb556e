/** A pipeline at given sizes → its training step on an open device, with random weights and a drawn batch. */
import { fileURLToPath } from "node:url";
import { buildStage } from "../../compiler/2-build/build-stage.ts";
import type { ParameterNode, StageGraphs } from "../../compiler/2-build/stage-graphs.ts";
import { rootsOf, type TrainingGraph } from "../../compiler/3-differentiate/training-graph.ts";
import { compile, trainingGraphs } from "../../compiler/compile.ts";
import { type Node, reachable } from "../../compiler/ir/node.ts";
import { productOperations } from "../../compiler/ir/operations.ts";
import { adamwRates } from "../../compiler/optimizers/adamw.ts";
import type { Program, Target } from "../../compiler/program.ts";
import type { Device } from "../../runtime/device/open-device.ts";
import { type Executable, prepare, type Submission } from "../../runtime/execute/executable.ts";
import type { HostTensor, HostTensors } from "../../runtime/execute/host-tensors.ts";
import { DeviceMemory } from "../../runtime/execute/memory.ts";
import type { PrepareOptions } from "../../runtime/execute/prepare.ts";
import { loadPipeline } from "../../runtime/train/load-pipeline.ts";
import { drawnBatch } from "./drawn-batch.ts";
import { randomValues } from "./random-values.ts";

/** Which stage and how big. */
export interface StageRequest {
  /** Relative to the repository's root. */
  readonly file: string;
  readonly batch: number;
  /** Tokens of each text. */
  readonly words: number;
  /** `path=value`, as on the command line. */
  readonly sets?: readonly string[];
}

/** A stage that was compiled; no device yet. */
export interface CompiledStage {
  readonly graphs: StageGraphs;
  readonly program: Program;
  readonly batch: Readonly<Record<string, HostTensor>>;
  /** From the text of the pipeline to the program. */
  readonly milliseconds: number;
  /** Operations of all matrix products of a step. */
  readonly flop: number;
  /** Device bytes that the plan promises. */
  readonly planned: number;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Checks, builds, differentiates and emits; `negatives` are brought out too, where the stage draws some. */
export function compileStageStep(request: StageRequest, target: Target): CompiledStage {
  const { file, batch, words, sets = [] } = request;
  const start = performance.now();
  const { model, diagnostics } = loadPipeline({ base: root, file, sets });
  const stage = model && [...model.stages.values()][0];
  if (model === undefined || stage === undefined) {
    throw new Error(`${file}: ${diagnostics.map(({ title }) => title).join("; ")}`);
  }
  const texts = [...model.texts.keys()].map((name) => [name, words] as const);
  const graphs = buildStage(model, stage.name, { batch, lengths: Object.fromEntries(texts) });
  const { step } = trainingGraphs(graphs, stage);
  const graph = withNegatives(step, batch);
  const program = compile(graph, graphs.builder, target);
  const milliseconds = performance.now() - start;
  const flop = reachable(rootsOf(graph)).reduce((sum, node) => sum + productOperations(node), 0);
  const planned = Object.values(program.memory).reduce((sum, bytes) => sum + bytes, 0);
  return { graphs, program, batch: drawnBatch(graphs.inputs), milliseconds, flop, planned };
}

/** The two draws of image-text matching as outputs, so that another implementation can be given the same ones. */
function withNegatives(graph: TrainingGraph, batch: number): TrainingGraph {
  const isDraw = (node: Node) =>
    node.op === "argmax" &&
    node.type.shape.join() === String(batch) &&
    reachable([node]).some(({ op }) => op === "random");
  const draws = reachable([...graph.outputs.values()])
    .filter(isDraw)
    .toSorted((first, second) => first.id - second.id);
  const [images, texts] = draws;
  if (draws.length !== 2 || images === undefined || texts === undefined) return graph;
  const outputs = new Map([
    ...graph.outputs,
    ["negatives.images", images],
    ["negatives.texts", texts],
  ]);
  return { ...graph, outputs };
}

/** A stage on a device. */
export interface StageStep extends CompiledStage {
  readonly executable: Executable;
  readonly memory: DeviceMemory;
  /** Everything that step `t` (1 for the first) reads. */
  inputs(t: number): HostTensors;
  /** Sends step `t` (1 for the first) with seed `t`. Reads all outputs unless told which. */
  submit(t: number, read?: readonly string[]): Submission;
  close(): Promise<void>;
}

const betas = [0.9, 0.98] as const;
const learningRate = 1e-4;

export interface OpenOptions extends PrepareOptions {
  /** Programs that will share the memory. */
  readonly beside?: readonly Program[];
  /** Told when the weights are on the device and pipelines, buffers and bindings are still to come. */
  readonly onFilled?: () => void;
}

/** Fills the device with random weights, those of the programs `beside` too, and prepares the program. */
export async function openStageStep(
  compiled: CompiledStage,
  device: Device,
  { beside = [], onFilled, ...options }: OpenOptions = {},
): Promise<StageStep> {
  const memory = new DeviceMemory(device);
  const { graphs, program, batch } = compiled;
  const parameters = graphs.modules.flatMap((module) => module.parameters);
  await fill(memory, [program, ...beside], parameters);
  onFilled?.();
  const executable = await prepare(device, program, memory, options);
  const inputs = (t: number): HostTensors => ({
    ...batch,
    rates: adamwRates(learningRate, t, betas),
    ...(program.inputs.some(({ name }) => name === "seed") ? { seed: Int32Array.of(t, 0) } : {}),
  });
  return {
    ...compiled,
    executable,
    memory,
    inputs,
    submit: (t, read) => executable.submit(inputs(t), read === undefined ? {} : { read }),
    async close() {
      executable.destroy();
      await memory.destroy();
    },
  };
}

async function fill(
  memory: DeviceMemory,
  programs: readonly Program[],
  parameters: readonly ParameterNode[],
): Promise<void> {
  memory.announce(programs);
  const byPath = new Map(parameters.map((parameter) => [parameter.attributes.path, parameter]));
  for (const slot of programs.flatMap(({ state }) => state)) {
    const parameter = byPath.get(slot.name);
    if (parameter === undefined) continue;
    const values = randomValues(parameter);
    await memory.uploadFloats(slot.name, values);
  }
}
