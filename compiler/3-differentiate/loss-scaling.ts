/**
 * Dynamic loss scaling: the loss is multiplied so that its gradients stay within f16, and a step whose gradients are not
 * finite changes nothing but the scale. Micikevicius et al. 2018, arXiv:1710.03740, section 3.2; the numbers are PyTorch's.
 */
import type { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";
import type { Update } from "./training-graph.ts";

/** Scale of the first step. */
export const firstScale = 2 ** 16;
/** The scale does not grow beyond. */
export const greatestScale = 2 ** 24;
/** Good steps after which the scale is doubled; after one that was not it is halved. */
export const stepsToGrow = 2000;

/** State of a run, each f32[]: the scale (0 before the first step), good steps since it changed, steps that were skipped. */
export const scalingPaths = {
  scale: "optimizer.loss_scale",
  good: "optimizer.good_steps",
  skipped: "optimizer.skipped_steps",
} as const;

/** What the loss of this step is multiplied by. */
export function lossScale(b: Builder): Node {
  const kept = b.parameter(scalingPaths.scale, []);
  return b.select(b.equal(kept, 0), b.constant(firstScale), kept);
}

/** i32[]: steps that were skipped before this one. */
export function skippedSteps(b: Builder): Node {
  return b.cast(b.parameter(scalingPaths.skipped, []), "i32");
}

/** What a step does to the scale. Outputs are those after the step. */
export interface ScalingStep {
  readonly updates: readonly Update[];
  readonly outputs: ReadonlyMap<string, Node>;
}

/** `isGood`: bool[], whether all gradients are finite. */
export function scalingStep(b: Builder, isGood: Node): ScalingStep {
  const scale = lossScale(b);
  const good = b.parameter(scalingPaths.good, []);
  const skipped = b.parameter(scalingPaths.skipped, []);
  const more = b.add(good, 1);
  const isDue = b.equal(more, stepsToGrow);
  const grown = b.neg(b.max(b.neg(b.mul(scale, 2)), -greatestScale));
  const nextScale = b.select(isGood, b.select(isDue, grown, scale), b.mul(scale, 0.5));
  const nextGood = b.select(isGood, b.select(isDue, b.constant(0), more), 0);
  const nextSkipped = b.add(skipped, b.select(isGood, b.constant(0), 1));
  return {
    updates: [
      { target: b.parameter(scalingPaths.scale, []), value: nextScale },
      { target: good, value: nextGood },
      { target: skipped, value: nextSkipped },
    ],
    outputs: new Map([
      ["loss_scale", nextScale],
      ["skipped_steps", nextSkipped],
    ]),
  };
}
