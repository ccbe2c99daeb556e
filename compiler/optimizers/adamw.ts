/** AdamW as graph nodes. Loshchilov & Hutter 2019, arXiv:1711.05101; the order of operations is PyTorch's. */

import type { Update } from "../3-differentiate/training-graph.ts";
import type { Builder } from "../ir/builder.ts";
import type { Node, NodeOf } from "../ir/node.ts";
import type { ByElement } from "./by-element.ts";

export interface AdamWSettings {
  readonly betas: readonly [number, number];
  readonly eps: number;
  /** Decoupled: p *= 1 - lr * weightDecay, before the step. 0 for biases and other 1-D tensors. */
  readonly weightDecay: number;
  /** What the learning rate is multiplied by; 1 when absent. */
  readonly rateScale?: number;
}

/** The moments' paths in a checkpoint. */
export const momentPaths = (path: string): readonly [string, string] => [
  `optimizer.first_moment.${path}`,
  `optimizer.second_moment.${path}`,
];

/** A parameter and its two moments. */
export function adamwState(
  b: Builder,
  parameter: NodeOf<"parameter">,
): readonly NodeOf<"parameter">[] {
  const { path, shape } = parameter.attributes;
  return [parameter, ...momentPaths(path).map((moment) => b.parameter(moment, shape))];
}

/**
 * What becomes of a parameter and its moments, or of packs of several; decay and scale may differ by element.
 * `rates` is f32[3], computed by the host in f64: lr, lr / (1 - beta1^t), 1 / sqrt(1 - beta2^t), with t = 1 for the first step.
 */
export function adamwStep(
  b: Builder,
  state: readonly Node[],
  gradient: Node,
  rates: Node,
  { betas, eps, weightDecay, rateScale = 1 }: ByElement<AdamWSettings>,
): readonly Node[] {
  const [parameter, first, second] = state as readonly [Node, Node, Node];
  const given = (index: number) => b.reshape(b.slice(rates, 0, index, index + 1), []);
  const rate = (index: 0 | 1) => (rateScale === 1 ? given(index) : b.mul(given(index), rateScale));
  const decayed =
    weightDecay === 0 ? parameter : b.mul(parameter, b.sub(1, b.mul(rate(0), weightDecay)));
  const nextFirst = b.add(b.mul(first, betas[0]), b.mul(gradient, 1 - betas[0]));
  const nextSecond = b.add(b.mul(second, betas[1]), b.mul(b.mul(gradient, gradient), 1 - betas[1]));
  const spread = b.add(b.mul(b.sqrt(nextSecond), given(2)), eps);
  const next = b.sub(decayed, b.mul(b.div(nextFirst, spread), rate(1)));
  return [next, nextFirst, nextSecond];
}

/** Updates of a parameter and its two moments; `rates` as in `adamwStep`. */
export function adamw(
  b: Builder,
  parameter: NodeOf<"parameter">,
  gradient: Node,
  rates: Node,
  settings: AdamWSettings,
): readonly Update[] {
  const state = adamwState(b, parameter);
  const next = adamwStep(b, state, gradient, rates, settings);
  return state.map((target, i) => ({ target, value: next[i]! }));
}

/** Rows of `adamwRateRows`. A scale that starts at 2^16 and ends below 1 is halved 17 times, and doubled every 2,000 steps. */
export const rateRows = 32;

/** Row k: the rates for step `t` when k steps before it were skipped; the learning rate goes by all steps. */
export function adamwRateRows(
  learningRate: number,
  t: number,
  betas: readonly [number, number],
): Float32Array {
  const rows = Array.from({ length: rateRows }, (_, k) =>
    adamwRates(learningRate, Math.max(1, t - k), betas),
  );
  return Float32Array.from(rows.flatMap((row) => [...row]));
}

/** The three rates for step `t` (1 for the first). */
export function adamwRates(
  learningRate: number,
  t: number,
  betas: readonly [number, number],
): Float32Array {
  return Float32Array.of(
    learningRate,
    learningRate / (1 - betas[0] ** t),
    1 / Math.sqrt(1 - betas[1] ** t),
  );
}
