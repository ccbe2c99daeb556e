/** A step that gave NaN → a fault that names the first tensor at fault and the checkpoint that still stands. */
import { buildStage } from "../../compiler/2-build/build-stage.ts";
import { compileStage } from "../../compiler/compile.ts";
import type { BatchPosition } from "../data/batch.ts";
import { DeviceMemory } from "../execute/memory.ts";
import { findNonFinite } from "./find-non-finite.ts";
import { compileFeatures, type KeptFeatures } from "./kept-features.ts";
import type { NonFinite } from "./loop.ts";
import { RunFault } from "./run-fault.ts";
import { ratesOf } from "./schedule.ts";
import { openStageWeights } from "./stage-weights.ts";
import { type TrainedParameter, uploadState } from "./state-tensors.ts";
import { StepSeeds } from "./step-seeds.ts";
import {
  keptOf,
  openStageBatches,
  openStageFeatures,
  programsOf,
  type Session,
} from "./train-session.ts";

/** Goes back to the last checkpoint, runs up to the step at fault, and looks at every tensor of it. */
export async function explainNonFinite(session: Session, fault: NonFinite): Promise<RunFault> {
  const { request, stage, record, device, plan } = session;
  request.watch({ kind: "phase", text: `${fault.message}: looking for the first bad tensor` });
  const graphs = buildStage(request.model, stage.name, { batch: plan.micro });
  const programs = compileStage(graphs, stage, device.target);
  const good = record.lastGood();
  const featurePrograms = compileFeatures(graphs, device.target);
  const memory = new DeviceMemory(device);
  let features: KeptFeatures | undefined;
  try {
    const all = programsOf(programs, featurePrograms);
    const weights = openStageWeights(request, stage, graphs);
    let kept: readonly TrainedParameter[];
    try {
      kept = keptOf(graphs, await weights.fill(memory, all));
    } finally {
      weights.close();
    }
    features = await openStageFeatures(session, graphs, featurePrograms, memory, true);
    const seeds = new StepSeeds(good?.random ?? { seed: stage.seed.value, counter: 0 });
    const batches = openStageBatches(
      session,
      graphs,
      features,
      good?.data as BatchPosition | undefined,
      true,
    );
    const found = await findNonFinite({
      device,
      memory,
      graphs,
      programs,
      stage,
      batches,
      seeds,
      rates: ratesOf(stage, plan.scheduled, plan.size),
      start: good?.step ?? 0,
      step: fault.step,
      restore: async () => {
        if (good !== undefined) await uploadState(memory, kept, good.file);
      },
    });
    await batches.loader.close();
    const stands =
      good === undefined
        ? "no checkpoint had been written"
        : `the last good checkpoint is ${good.path} (step ${good.step})`;
    return new RunFault(
      "numbers",
      `${fault.message}\n${found}\n${stands}; nothing was saved after it`,
    );
  } finally {
    features?.close();
    good?.file.close();
    await memory.destroy();
  }
}
