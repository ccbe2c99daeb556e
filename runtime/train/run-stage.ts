/** A checked pipeline and a stage's name → a training run in its folder; a lost device is opened again. */
import type { CheckedStage } from "../../compiler/1-check/model.ts";
import { DeviceLost } from "../device/errors.ts";
import { openDevice } from "../device/open-device.ts";
import { openRunFolder, type RunFolder } from "../run-folder/run-folder.ts";
import { explainNonFinite } from "./explain-non-finite.ts";
import { NonFinite } from "./loop.ts";
import { type OpenDataset, openDataset } from "./open-data.ts";
import { RunFault } from "./run-fault.ts";
import { RunRecord } from "./run-record.ts";
import { stepsOf } from "./schedule.ts";
import { defaultRunFolder, note, type StageOutcome, type StageRequest } from "./stage-request.ts";
import { type Plan, type Session, train } from "./train-session.ts";

/** Times that a lost device is opened again. */
const mostReopenings = 3;

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
    const device = await openDevice({
      ...(request.adapter === undefined ? {} : { adapter: request.adapter }),
      tilesFor: (adapter) => record.tilesFor(adapter, isResuming),
    });
    request.onDevice?.(device);
    const session: Session = { request, stage, record, device, opened, plan };
    try {
      const { name, why } = device.adapter;
      watch({ kind: "adapter", name, why });
      record.describe(device, plan.total);
      const outcome = await train(session, checkpoint);
      const seconds = (performance.now() - started) / 1000;
      watch({ kind: "finished", ...outcome, seconds });
      return { ...outcome, folder: record.path, adapter: device.adapter, seconds };
    } catch (thrown) {
      if (thrown instanceof NonFinite) throw await explainNonFinite(session, thrown);
      throw thrown;
    } finally {
      device.close();
    }
  } finally {
    checkpoint?.file.close();
  }
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
