/** An open device and a stage → the stage trained. */

import type { CheckedStage } from "../../compiler/1-check/model.ts";
import { buildStage } from "../../compiler/2-build/build-stage.ts";
import type { ParameterNode, StageGraphs } from "../../compiler/2-build/stage-graphs.ts";
import { compileStage, programsIn, type StagePrograms } from "../../compiler/compile.ts";
import type { Program } from "../../compiler/program.ts";
import type { BatchPosition } from "../data/batch.ts";
import type { Device } from "../device/open-device.ts";
import { DeviceMemory } from "../execute/memory.ts";
import type { OpenCheckpoint } from "../run-folder/checkpoint-file.ts";
import { BeyondLimit } from "./beyond-limit.ts";
import {
  compileFeatures,
  type FeatureProgram,
  type KeptFeatures,
  openFeatures,
} from "./kept-features.ts";
import { type LoopOutcome, trainLoop } from "./loop.ts";
import { type OpenDataset, openBatches } from "./open-data.ts";
import type { RunEvent, StepReport } from "./progress.ts";
import type { RunRecord } from "./run-record.ts";
import { type EpochSize, ratesOf, stepsOf } from "./schedule.ts";
import { prepareStage, type StageExecutables } from "./stage-executables.ts";
import { note, type StageRequest } from "./stage-request.ts";
import { openStageWeights } from "./stage-weights.ts";
import { type TrainedParameter, uploadState } from "./state-tensors.ts";
import { StepSeeds } from "./step-seeds.ts";
import { openTokenizer } from "./tokenizers.ts";
import {
  compileValidation,
  openHeldData,
  openValidation,
  type Validation,
  type ValidationProgram,
} from "./validation.ts";

/** How long a run is. */
export interface Plan {
  /** Steps of the whole run: what the schedule spans. */
  readonly scheduled: number;
  /** Step at which this run ends. */
  readonly total: number;
  readonly size: EpochSize;
  readonly micro: number;
}

/** Everything that a run has once its device is open. */
export interface Session {
  readonly request: StageRequest;
  readonly stage: CheckedStage;
  readonly record: RunRecord;
  readonly device: Device;
  readonly opened: OpenDataset;
  readonly plan: Plan;
}

/** Compiles, fills the device, and trains. Throws what the loop throws. */
export async function train(
  session: Session,
  checkpoint: OpenCheckpoint | undefined,
): Promise<LoopOutcome & { readonly badImages: readonly string[] }> {
  const { request, stage, device, plan } = session;
  const { model, watch } = request;
  const graphs = buildStage(model, stage.name, { batch: plan.micro });
  watch({ kind: "phase", text: "checking files" });
  requireTokenizers(request, graphs);
  const held = await openHeldData(request, stage);
  const weights = openStageWeights(request, stage, graphs);
  const memory = new DeviceMemory(device);
  try {
    watch({ kind: "phase", text: "compiling" });
    const programs = compileStage(graphs, stage, device.target);
    const { beyond } = programs;
    if (beyond !== undefined) {
      const limit = stage.memory.value ?? 0;
      const { recordsPerStep } = plan.size;
      throw new BeyondLimit(stage.name, beyond, limit, device.target, recordsPerStep);
    }
    const featurePrograms = compileFeatures(graphs, device.target);
    const measuring = compileValidation(request, stage, graphs, device);
    const all = [
      ...programsOf(programs, featurePrograms),
      ...(measuring === undefined ? [] : [measuring.program]),
    ];
    const carried = await weights.fill(memory, all);
    const kept = keptOf(graphs, carried);
    weights.close();
    return await trainWith(session, checkpoint, {
      graphs,
      programs,
      featurePrograms,
      measuring,
      held,
      kept,
      memory,
    });
  } finally {
    weights.close();
    await memory.destroy();
  }
}

/** What is left once the weights are on the device. */
interface Filled {
  readonly graphs: StageGraphs;
  readonly programs: StagePrograms;
  readonly featurePrograms: readonly FeatureProgram[];
  readonly measuring: ValidationProgram | undefined;
  readonly held: OpenDataset | undefined;
  readonly kept: readonly TrainedParameter[];
  readonly memory: DeviceMemory;
}

async function trainWith(
  session: Session,
  checkpoint: OpenCheckpoint | undefined,
  { graphs, programs, featurePrograms, measuring, held, kept, memory }: Filled,
): Promise<LoopOutcome & { readonly badImages: readonly string[] }> {
  const { request, device } = session;
  const { watch } = request;
  const training = await prepareStage(device, programs, memory);
  if (checkpoint !== undefined) {
    await uploadState(memory, kept, checkpoint.file);
    watch({ kind: "resumed", step: checkpoint.step });
  }
  const features = await openStageFeatures(session, graphs, featurePrograms, memory);
  const validation =
    measuring && held && (await openValidation(request, measuring, held, device, memory));
  watch({ kind: "phase", text: "training" });
  try {
    const machine = { memory, kept, training, features, validation };
    return await runLoop(session, graphs, machine, checkpoint);
  } finally {
    features?.close();
    validation?.close();
    training.destroy();
  }
}

/** Opens the tokenizers of all texts that the stage or its validation reads. Throws what `openTokenizer` throws. */
function requireTokenizers({ model, project }: StageRequest, graphs: StageGraphs): void {
  const inputs = [...graphs.inputs, ...(graphs.validation?.inputs ?? [])];
  const names = new Set(inputs.flatMap(({ source }) => ("text" in source ? [source.text] : [])));
  for (const name of names) openTokenizer(model.texts.get(name)!, project.tokenizerFolders);
}

/** Every program that reads the memory of a stage. */
export function programsOf(
  programs: StagePrograms,
  features: readonly FeatureProgram[],
): readonly Program[] {
  return [...programsIn(programs), ...features.map(({ program }) => program)];
}

/** What frozen encoders of the stage see in its pictures; undefined when nothing is kept. */
export function openStageFeatures(
  { request, stage, device, opened }: Session,
  graphs: StageGraphs,
  programs: readonly FeatureProgram[],
  memory: DeviceMemory,
  isQuiet = false,
): Promise<KeptFeatures | undefined> {
  const data = request.model.data.get(stage.data.value)!;
  const { dataset } = opened;
  return openFeatures({ request, device, memory, graphs, programs, data, dataset, isQuiet });
}

/** What checkpoints hold: everything trained, and what is frozen and stands in no file of its own. */
export function keptOf(
  graphs: StageGraphs,
  carried: readonly ParameterNode[],
): readonly TrainedParameter[] {
  return [...graphs.trainable, ...carried].map(({ attributes: { path, shape, dtype } }) => ({
    path,
    shape,
    dtype,
  }));
}

/** A stage on the device. */
interface Machine {
  readonly memory: DeviceMemory;
  readonly kept: readonly TrainedParameter[];
  readonly training: StageExecutables;
  readonly features: KeptFeatures | undefined;
  readonly validation: Validation | undefined;
}

async function runLoop(
  session: Session,
  graphs: StageGraphs,
  machine: Machine,
  checkpoint: OpenCheckpoint | undefined,
): Promise<LoopOutcome & { readonly badImages: readonly string[] }> {
  const { request, stage, record, plan } = session;
  const start = checkpoint?.step ?? 0;
  const seeds = new StepSeeds(checkpoint?.random ?? { seed: stage.seed.value, counter: 0 });
  const position = checkpoint?.data as BatchPosition | undefined;
  const batches = openStageBatches(session, graphs, machine.features, position);
  const metrics = record.openMetrics(checkpoint === undefined ? undefined : start);
  const every = stage.save.every.value;
  const { memory, kept, training, validation } = machine;
  const measured = stage.validate?.every.value ?? every;
  try {
    const outcome = await trainLoop({
      ...training,
      batches,
      seedInputs: graphs.inputs
        .filter(({ source }) => source.kind === "seed")
        .map(({ name }) => name),
      seeds,
      rates: ratesOf(stage, plan.scheduled, plan.size),
      accumulate: stage.accumulate.value,
      recordsPerStep: plan.size.recordsPerStep,
      start,
      total: plan.total,
      objectives: stage.minimize.map(({ objective }) => objective),
      signal: request.signal,
      onStep: (report: StepReport) => {
        record.noteStep(metrics, report);
        request.watch({ kind: "step", ...report });
      },
      validateEvery: measured === undefined ? undefined : stepsOf(measured, plan.size),
      validate:
        validation &&
        (async (done) => {
          const found = await validation.measure();
          record.noteValidation(metrics, done, found);
          request.watch({ kind: "validated", step: done, ...found });
        }),
      saveEvery: every === undefined ? undefined : stepsOf(every, plan.size),
      save: async (done) => {
        if (done === start && checkpoint !== undefined) return;
        const event: RunEvent = await record.save(memory, kept, {
          step: done,
          random: seeds.state,
          data: { ...batches.loader.position() },
          schedule: { step: done },
        });
        metrics.flush();
        machine.features?.flush();
        request.watch(event);
      },
      now: () => performance.now(),
    });
    return { ...outcome, badImages: batches.loader.badImages().map(({ file }) => file) };
  } finally {
    metrics.close();
    await batches.loader.close();
  }
}

/** The stage's micro-batches from a position on. */
export function openStageBatches(
  { request, stage, opened, plan }: Session,
  graphs: StageGraphs,
  features: KeptFeatures | undefined,
  start: BatchPosition | undefined,
  isQuiet = false,
) {
  const { model, project, badImages } = request;
  return openBatches({
    model,
    data: model.data.get(stage.data.value)!,
    opened,
    project,
    inputs: graphs.inputs,
    batch: plan.micro,
    seed: stage.seed.value,
    start: start ?? { epoch: 0, batch: 0 },
    badImages,
    features,
    onBadImage: (event) => {
      if (event.isFirst && !isQuiet) note(request, `left out: ${event.message}`);
    },
  });
}
