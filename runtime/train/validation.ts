/** A stage's `validate { … }` → its losses and metrics on held data, the same records and draws each time. */
import type { CheckedStage } from "../../compiler/1-check/model.ts";
import type { InferenceGraph, StageGraphs } from "../../compiler/2-build/stage-graphs.ts";
import { compileInference } from "../../compiler/compile.ts";
import type { Program } from "../../compiler/program.ts";
import type { Device } from "../device/open-device.ts";
import { type Executable, prepare } from "../execute/executable.ts";
import type { HostTensor } from "../execute/host-tensors.ts";
import type { DeviceMemory } from "../execute/memory.ts";
import { taken } from "./loop.ts";
import { inputEncoder, type OpenDataset, openBatches, openDataset } from "./open-data.ts";
import type { Measured } from "./progress.ts";
import { RunFault } from "./run-fault.ts";
import { note, type StageRequest } from "./stage-request.ts";
import { StepSeeds } from "./step-seeds.ts";

/** The program before it has weights. */
export interface ValidationProgram {
  readonly graph: InferenceGraph;
  readonly program: Program;
  readonly stage: CheckedStage;
  /** Name of the data block. */
  readonly data: string;
  /** Records of a batch. */
  readonly batch: number;
}

/** Undefined for a stage without `validate`. */
export function compileValidation(
  { model }: StageRequest,
  stage: CheckedStage,
  { validation: graph }: StageGraphs,
  device: Device,
): ValidationProgram | undefined {
  if (stage.validate === undefined || graph === undefined) return undefined;
  const data = stage.validate.data.value;
  const batch = model.data.get(data)!.batch.value;
  return { graph, program: compileInference(graph, device.target), stage, data, batch };
}

/** Ready to measure. */
export interface Validation {
  /** Means over all whole batches of the held data. */
  measure(): Promise<Measured>;
  close(): void;
}

/**
 * The held data of a stage; undefined without `validate`. Throws `RunFault` when it does not fill one batch, and what
 * `openDataset` throws.
 */
export async function openHeldData(
  { model, project }: StageRequest,
  { validate }: CheckedStage,
): Promise<OpenDataset | undefined> {
  if (validate === undefined) return undefined;
  const data = model.data.get(validate.data.value)!;
  const opened = await openDataset(data, project);
  const { length } = opened.dataset;
  if (length < data.batch.value) {
    throw new RunFault(
      "data",
      `data \`${data.name}\` has ${length} records, fewer than one batch of ${data.batch.value}`,
    );
  }
  return opened;
}

/** Opens the program and the tokenizers. Throws what `prepare` and `openTokenizer` throw. */
export async function openValidation(
  request: StageRequest,
  { graph, program, stage, data, batch }: ValidationProgram,
  opened: OpenDataset,
  device: Device,
  memory: DeviceMemory,
): Promise<Validation> {
  const { model, project, badImages } = request;
  const checked = model.data.get(data)!;
  // Tokenizers are opened once, not at each measurement.
  const encode = inputEncoder(model, project, graph.inputs);
  const executable = await prepare(device, program, memory);
  const objectives = stage.minimize.map(({ objective }) => objective);
  const seedInputs = graph.inputs.filter(({ source }) => source.kind === "seed");
  let isFirst = true;
  return {
    measure: async () => {
      const isQuiet = !isFirst;
      isFirst = false;
      const batches = openBatches(
        {
          model,
          data: checked,
          opened,
          project,
          inputs: graph.inputs,
          batch,
          seed: stage.seed.value,
          start: { epoch: 0, batch: 0 },
          badImages,
          features: undefined,
          onBadImage: (event) => {
            if (event.isFirst && !isQuiet) note(request, `left out: ${event.message}`);
          },
        },
        encode,
      );
      try {
        const seeds = new StepSeeds({ seed: stage.seed.value, counter: 0 });
        const sums = new Map<string, number>();
        const count = batches.loader.batchesPerEpoch;
        for (let index = 0; index < count; index += 1) {
          const seed = seeds.next();
          const inputs: Record<string, HostTensor> = { ...(await batches.next()) };
          for (const { name } of seedInputs) inputs[name] = seed;
          await addOutputs(executable, inputs, sums);
        }
        const entries = [...sums].map(([name, sum]) => [name, sum / count] as const);
        const only = (test: (name: string) => boolean) =>
          Object.fromEntries(entries.filter(([name]) => test(name)));
        return {
          loss: (sums.get("loss") ?? 0) / count,
          losses: only((name) => objectives.includes(name)),
          metrics: only((name) => name !== "loss" && !objectives.includes(name)),
          records: count * batch,
        };
      } finally {
        await batches.loader.close();
      }
    },
    close: () => executable.destroy(),
  };
}

async function addOutputs(
  executable: Executable,
  inputs: Readonly<Record<string, HostTensor>>,
  sums: Map<string, number>,
): Promise<void> {
  const outputs = await executable.submit(taken(executable.program, inputs)).outputs;
  for (const [name, tensor] of Object.entries(outputs)) {
    sums.set(name, (sums.get(name) ?? 0) + (tensor[0] ?? 0));
  }
}
