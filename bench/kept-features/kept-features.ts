/** Stage 1 with `cache = features` → how much faster epochs after the first are, by operations and measured. */
import { keptFeatures } from "../../compiler/plan-report/feature-cache.ts";
import type { Device } from "../../runtime/device/open-device.ts";
import { prepare } from "../../runtime/execute/executable.ts";
import { compileFeatures } from "../../runtime/train/kept-features.ts";
import { type Spread, spread } from "../spread.ts";
import { drawnBatch } from "../stages/drawn-batch.ts";
import {
  type CompiledStage,
  compileStageStep,
  openStageStep,
  type StageRequest,
} from "../stages/stage-step.ts";

/** Time of a step of the first epoch over that of a later one. */
export interface FeatureGain {
  /** Stage 1 as published (EVA-g, batch 64), by operations of matrix products. */
  readonly published: number;
  /** The stage that was measured, by operations. */
  readonly expected: number;
  readonly measured: Spread;
  /** Milliseconds of one batch: the encoder with reading its features, and the step that takes them. */
  readonly encode: Spread;
  readonly step: Spread;
}

const keep = "vision.cache=features";

/** The published stage 1, with pictures that stay the same in every epoch. */
const published: StageRequest = {
  file: "pipelines/blip2/stage1.blip",
  batch: 64,
  words: 32,
  sets: [keep, 'pairs.image=resize(image_size) -> normalize("clip")'],
};

/** Measures `request` in `rounds` rounds on the device; the published one is only counted. */
export async function featureGain(
  device: Device,
  request: StageRequest,
  rounds: number,
): Promise<FeatureGain> {
  const counted = operationsRatio(compileStageStep(published, device.target));
  const compiled = compileStageStep(
    { ...request, sets: [...(request.sets ?? []), keep] },
    device.target,
  );
  const [encoder, ...others] = compileFeatures(compiled.graphs, device.target);
  if (encoder === undefined || others.length > 0) throw new Error(`${request.file}: one encoder`);
  const { program, feature } = encoder;
  const step = await openStageStep(compiled, device, { beside: [program] });
  const pictures = drawnBatch(feature.graph.inputs);
  const encode = await prepare(device, program, step.memory);
  const encoded = async () => (await encode.run(pictures))["features"] as Float32Array<ArrayBuffer>;
  const trained = async (features: Float32Array<ArrayBuffer>) =>
    step.executable.submit({ ...step.inputs(1), [feature.input]: features }, { read: ["loss"] })
      .outputs;
  await trained(await encoded());
  const encodes: number[] = [];
  const steps: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const features = await encoded();
    const middle = performance.now();
    await trained(features);
    encodes.push(middle - start);
    steps.push(performance.now() - middle);
  }
  encode.destroy();
  await step.close();
  return {
    published: counted,
    expected: operationsRatio(compiled),
    measured: spread(encodes.map((each, i) => (each + steps[i]!) / steps[i]!)),
    encode: spread(encodes),
    step: spread(steps),
  };
}

/** Matrix products of a step of the first epoch over those of a later one. */
function operationsRatio({ graphs, flop }: CompiledStage): number {
  const kept = keptFeatures(graphs, undefined, 1);
  return (flop + kept.reduce((sum, { operations }) => sum + operations, 0)) / flop;
}
