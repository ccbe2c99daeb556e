/** A checked pipeline and a stage's name → a training run: weights, programs, data, loop, checkpoints. */
import { join } from "node:path";
import type { CheckedModel, CheckedStage } from "../../compiler/1-check/model.ts";
import { buildStage } from "../../compiler/2-build/build-stage.ts";
import type { StageGraphs } from "../../compiler/2-build/stage-graphs.ts";
import { compileStage } from "../../compiler/compile.ts";
import type { BatchPosition } from "../data/batch.ts";
import { DeviceLost } from "../device/errors.ts";
import type { AdapterChoice } from "../device/find-adapter.ts";
import { type AdapterReport, type Device, openDevice } from "../device/open-device.ts";
import { type Executable, prepare } from "../execute/executable.ts";
import { DeviceMemory } from "../execute/memory.ts";
import type { OpenCheckpoint } from "../run-folder/checkpoint-file.ts";
import { readBest, readLatest } from "../run-folder/checkpoints.ts";
import { openRunFolder, type RunFolder } from "../run-folder/run-folder.ts";
import type { FileSystem } from "../weights/file-system.ts";
import { openWeights } from "../weights/open-weights.ts";
import { findNonFinite } from "./find-non-finite.ts";
import { type LoopOutcome, NonFinite, trainLoop } from "./loop.ts";
import { type OpenDataset, openBatches, openDataset } from "./open-data.ts";
import type { RunEvent, StepReport, Watch } from "./progress.ts";
import type { Project } from "./project.ts";
import { RunFault } from "./run-fault.ts";
import { RunRecord } from "./run-record.ts";
import { type EpochSize, ratesOf, stepsOf } from "./schedule.ts";
import { uploadState } from "./state-tensors.ts";
import { StepSeeds } from "./step-seeds.ts";
import { loadWeights } from "./weights-into-memory.ts";

/** What to run. */
export interface StageRequest {
  readonly model: CheckedModel;
  readonly stage: string;
  readonly project: Project;
  /** Texts of all files and the settings, kept in the run folder. */
  readonly pipeline: { readonly file: string; readonly texts: Readonly<Record<string, string>> };
  readonly sets: readonly string[];
  /** Run folder; `runs/PIPELINE/STAGE` when absent. */
  readonly out?: string;
  /** Run folder of the stage that this one continues from. */
  readonly from?: string;
  readonly resume: boolean;
  /** True: an earlier run in the folder is replaced. */
  readonly restart?: boolean;
  /** Ends training at this step; the schedule stays that of the whole run. */
  readonly steps?: number;
  readonly adapter?: AdapterChoice;
  readonly badImages: "skip" | "fail";
  readonly signal?: AbortSignal;
  readonly watch: Watch;
  readonly version: string;
  readonly system?: FileSystem;
  /** Called with each device that the run opens. */
  readonly onDevice?: (device: Device) => void;
}

/** How it went. */
export interface StageOutcome extends LoopOutcome {
  readonly folder: string;
  readonly adapter: AdapterReport;
  readonly seconds: number;
  /** Files of pictures that could not be used. */
  readonly badImages: readonly string[];
}

/** Times that a lost device is opened again. */
const mostReopenings = 3;

/** The run folder that a stage has when nobody says otherwise. */
export function defaultRunFolder(project: Project, file: string, stage: string): string {
  const name = file.replace(/^.*\//, "").replace(/\.blip$/, "");
  return join(project.runs, name, stage);
}

/**
 * Trains a stage. A device that is lost is opened again and the run goes on from its last checkpoint.
 * @throws `RunFault`, `FileError`, `DataError`, `DeviceLost`, `NoAdapter`, `OutOfMemory`
 */
export async function runStage(request: StageRequest): Promise<StageOutcome> {
  const stage = request.model.stages.get(request.stage);
  if (stage === undefined) {
    const names = [...request.model.stages.keys()];
    throw new RunFault("usage", `there is no stage \`${request.stage}\`; ${known(names)}`);
  }
  const path = request.out ?? defaultRunFolder(request.project, request.model.file, stage.name);
  const folder = openRunFolder(path, ...(request.system === undefined ? [] : [request.system]));
  try {
    for (const name of folder.swept) note(request, `removed ${name}, left by a killed run`);
    return await keepRunning(request, stage, folder);
  } finally {
    folder.close();
  }
}

function known(names: readonly string[]): string {
  return names.length === 0 ? "the file has none" : `the file has ${names.join(", ")}`;
}

function note(request: StageRequest, text: string): void {
  request.watch({ kind: "note", text });
}

async function keepRunning(
  request: StageRequest,
  stage: CheckedStage,
  folder: RunFolder,
): Promise<StageOutcome> {
  const record = new RunRecord(request, stage, folder);
  let isResuming = request.resume;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await runOnce(request, stage, record, isResuming);
    } catch (thrown) {
      const mayRetry = thrown instanceof DeviceLost && thrown.reason !== "closed";
      if (!mayRetry || attempt >= mostReopenings || request.signal?.aborted === true) throw thrown;
      note(request, `${thrown.message}; opening it again and going on from the last checkpoint`);
      isResuming = true;
    }
  }
}

async function runOnce(
  request: StageRequest,
  stage: CheckedStage,
  record: RunRecord,
  isResuming: boolean,
): Promise<StageOutcome> {
  const { model, project, watch } = request;
  const started = performance.now();
  const checkpoint = record.startingPoint(isResuming);
  try {
    const data = model.data.get(stage.data.value)!;
    watch({ kind: "phase", text: `reading data \`${data.name}\`` });
    const opened = await openDataset(data, project);
    const plan = lengthOf(request, stage, opened, data.batch.value);
    const device = await openDevice(
      request.adapter === undefined ? {} : { adapter: request.adapter },
    );
    request.onDevice?.(device);
    const session: Session = { request, stage, record, device, opened, plan };
    try {
      const { name, why } = device.adapter;
      watch({ kind: "adapter", name, why });
      record.describe(device.adapter, plan.total);
      const outcome = await train(session, checkpoint);
      const seconds = (performance.now() - started) / 1000;
      watch({ kind: "finished", ...outcome, seconds });
      return { ...outcome, folder: record.path, adapter: device.adapter, seconds };
    } finally {
      device.close();
    }
  } finally {
    checkpoint?.file.close();
  }
}

interface Plan {
  /** Steps of the whole run: what the schedule spans. */
  readonly scheduled: number;
  /** Step at which this run ends. */
  readonly total: number;
  readonly size: EpochSize;
  readonly micro: number;
}

interface Session {
  readonly request: StageRequest;
  readonly stage: CheckedStage;
  readonly record: RunRecord;
  readonly device: Device;
  readonly opened: OpenDataset;
  readonly plan: Plan;
}

function lengthOf(
  request: StageRequest,
  stage: CheckedStage,
  opened: OpenDataset,
  batch: number,
): Plan {
  const accumulate = stage.accumulate.value;
  const micro = batch / accumulate;
  if (!Number.isInteger(micro)) {
    throw new RunFault(
      "usage",
      `a batch of ${batch} does not divide into ${accumulate} micro-batches`,
    );
  }
  const size = { recordsPerEpoch: opened.dataset.length, recordsPerStep: batch };
  if (opened.dataset.length < micro) {
    throw new RunFault(
      "data",
      `data \`${stage.data.value}\` has ${opened.dataset.length} records, fewer than one batch of ${micro}`,
    );
  }
  const scheduled = stepsOf(stage.train.value, size);
  return { scheduled, total: Math.min(scheduled, request.steps ?? scheduled), size, micro };
}

async function train(
  session: Session,
  checkpoint: OpenCheckpoint | undefined,
): Promise<LoopOutcome & { readonly badImages: readonly string[] }> {
  const { request, stage, device, plan } = session;
  const { model, watch } = request;
  watch({ kind: "phase", text: "compiling" });
  const graphs = buildStage(model, stage.name, { batch: plan.micro });
  const programs = compileStage(graphs, stage, device.target);
  const memory = new DeviceMemory(device);
  await fillMemory(session, graphs, memory);
  const step = await prepare(device, programs.step, memory);
  const apply =
    programs.apply === undefined ? undefined : await prepare(device, programs.apply, memory);
  if (checkpoint !== undefined) {
    await uploadState(memory, trainedOf(graphs), checkpoint.file);
    watch({ kind: "resumed", step: checkpoint.step });
  }
  watch({ kind: "phase", text: "training" });
  try {
    return await runLoop(session, graphs, memory, { step, apply }, checkpoint);
  } catch (thrown) {
    if (!(thrown instanceof NonFinite)) throw thrown;
    throw await explain(session, graphs, thrown);
  } finally {
    step.destroy();
    apply?.destroy();
    await memory.destroy();
  }
}

function trainedOf(graphs: StageGraphs) {
  return graphs.trainable.map(({ attributes: { path, shape } }) => ({ path, shape }));
}

async function fillMemory(
  { request, stage }: Session,
  graphs: StageGraphs,
  memory: DeviceMemory,
): Promise<void> {
  const { model, project, watch } = request;
  const earlier = earlierCheckpoint(request, stage);
  try {
    watch({ kind: "phase", text: "loading weights" });
    const outcomes = await loadWeights({
      memory,
      model,
      modules: graphs.modules,
      initialCopies: graphs.initialCopies,
      seed: stage.seed.value,
      earlier: earlier?.file,
      open: (path, base) => openWeights(project.resolve(path, base)),
    });
    if (earlier !== undefined) {
      const count = outcomes.reduce((sum, outcome) => sum + outcome.earlier, 0);
      watch({ kind: "note", text: `${count} tensors from ${earlier.path} (step ${earlier.step})` });
    }
  } finally {
    earlier?.file.close();
  }
}

/** The checkpoint that `from` means. */
function earlierCheckpoint(
  { project, from }: StageRequest,
  stage: CheckedStage,
): OpenCheckpoint | undefined {
  const continuation = stage.from?.value;
  if (continuation === undefined) {
    if (from === undefined) return undefined;
    throw new RunFault(
      "usage",
      `stage \`${stage.name}\` has no \`from\`; --from DIR has no meaning`,
    );
  }
  const folder = from ?? defaultRunFolder(project, continuation.file, continuation.stage);
  const found =
    continuation.which === "best"
      ? (readBest(folder) ?? readLatest(folder).checkpoint)
      : readLatest(folder).checkpoint;
  if (found !== undefined) return found;
  throw new RunFault(
    "data",
    `stage \`${stage.name}\` continues from \`${continuation.stage}\` of ${continuation.file}, and ${folder} holds no checkpoint\nrun it first: blipc run ${continuation.file}#${continuation.stage}, or name its run folder with --from DIR`,
  );
}

async function runLoop(
  session: Session,
  graphs: StageGraphs,
  memory: DeviceMemory,
  programs: { readonly step: Executable; readonly apply: Executable | undefined },
  checkpoint: OpenCheckpoint | undefined,
): Promise<LoopOutcome & { readonly badImages: readonly string[] }> {
  const { request, stage, record, plan } = session;
  const start = checkpoint?.step ?? 0;
  const seeds = new StepSeeds(checkpoint?.random ?? { seed: stage.seed.value, counter: 0 });
  const batches = openStageBatches(session, graphs, checkpoint?.data as BatchPosition | undefined);
  const metrics = record.openMetrics(checkpoint === undefined ? undefined : start);
  const every = stage.save.every.value;
  const trained = trainedOf(graphs);
  try {
    const outcome = await trainLoop({
      ...programs,
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
      objectives: [...graphs.losses.keys()],
      signal: request.signal,
      onStep: (report: StepReport) => {
        record.noteStep(metrics, report);
        request.watch({ kind: "step", ...report });
      },
      saveEvery: every === undefined ? undefined : stepsOf(every, plan.size),
      save: async (step) => {
        if (step === start && checkpoint !== undefined) return;
        const event: RunEvent = await record.save(memory, trained, {
          step,
          random: seeds.state,
          data: { ...batches.loader.position() },
          schedule: { step },
        });
        metrics.flush();
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

function openStageBatches(
  { request, stage, opened, plan }: Session,
  graphs: StageGraphs,
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
    onBadImage: (event) => {
      if (event.isFirst && !isQuiet) note(request, `left out: ${event.message}`);
    },
  });
}

/** Goes back to the last checkpoint, runs up to the step at fault, and looks at every tensor of it. */
async function explain(session: Session, graphs: StageGraphs, fault: NonFinite): Promise<RunFault> {
  const { request, stage, record, device, plan } = session;
  request.watch({ kind: "phase", text: `${fault.message}: looking for the first bad tensor` });
  const good = record.lastGood();
  const memory = new DeviceMemory(device);
  try {
    await fillMemory(session, graphs, memory);
    const seeds = new StepSeeds(good?.random ?? { seed: stage.seed.value, counter: 0 });
    const batches = openStageBatches(
      session,
      graphs,
      good?.data as BatchPosition | undefined,
      true,
    );
    const found = await findNonFinite({
      device,
      memory,
      graphs,
      stage,
      batches,
      seeds,
      rates: ratesOf(stage, plan.scheduled, plan.size),
      start: good?.step ?? 0,
      step: fault.step,
      restore: async () => {
        if (good !== undefined) await uploadState(memory, trainedOf(graphs), good.file);
      },
    });
    await batches.loader.close();
    const kept =
      good === undefined
        ? "no checkpoint had been written"
        : `the last good checkpoint is ${good.path} (step ${good.step})`;
    return new RunFault(
      "numbers",
      `${fault.message}\n${found}\n${kept}; nothing was saved after it`,
    );
  } finally {
    good?.file.close();
    await memory.destroy();
  }
}
