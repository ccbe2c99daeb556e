/** Gradient descent with momentum as graph nodes. Sutskever et al. 2013; the order of operations is that of torch.optim.SGD. */

import type { Update } from "../3-differentiate/training-graph.ts";
import type { Builder } from "../ir/builder.ts";
import type { Node, NodeOf } from "../ir/node.ts";
import type { ByElement } from "./by-element.ts";

export interface SgdSettings {
  /** Share of the last step's direction; 0: nothing is kept between steps. */
  readonly momentum: number;
  /** True: steps along gradient + momentum x direction. */
  readonly nesterov: boolean;
  /** Added to the gradient as weightDecay x parameter. 0 for biases and other 1-D tensors. */
  readonly weightDecay: number;
  /** What the learning rate is multiplied by; 1 when absent. */
  readonly rateScale?: number;
}

/** The direction's path in a checkpoint. */
export const directionPath = (path: string): string => `optimizer.momentum.${path}`;

/** A parameter and, with momentum, its direction, which starts at 0. */
export function sgdState(
  b: Builder,
  parameter: NodeOf<"parameter">,
  momentum: number,
): readonly NodeOf<"parameter">[] {
  const { path, shape } = parameter.attributes;
  return momentum === 0 ? [parameter] : [parameter, b.parameter(directionPath(path), shape)];
}

/**
 * What becomes of a parameter and its direction, or of packs of several; decay and scale may differ by element.
 * `rates` is f32[1]: the learning rate.
 */
export function sgdStep(
  b: Builder,
  [parameter, direction]: readonly Node[],
  gradient: Node,
  rates: Node,
  { momentum, nesterov, weightDecay, rateScale = 1 }: ByElement<SgdSettings>,
): readonly Node[] {
  const given = b.reshape(rates, []);
  const rate = rateScale === 1 ? given : b.mul(given, rateScale);
  const decayed = weightDecay === 0 ? gradient : b.add(gradient, b.mul(parameter!, weightDecay));
  if (direction === undefined) return [b.sub(parameter!, b.mul(decayed, rate))];
  const next = b.add(b.mul(direction, momentum), decayed);
  const step = nesterov ? b.add(decayed, b.mul(next, momentum)) : next;
  return [b.sub(parameter!, b.mul(step, rate)), next];
}

/** Updates of a parameter and, with momentum, of its direction; `rates` as in `sgdStep`. */
export function sgd(
  b: Builder,
  parameter: NodeOf<"parameter">,
  gradient: Node,
  rates: Node,
  settings: SgdSettings,
): readonly Update[] {
  const state = sgdState(b, parameter, settings.momentum);
  const next = sgdStep(b, state, gradient, rates, settings);
  return state.map((target, i) => ({ target, value: next[i]! }));
}

/** The rates of a step. */
export function sgdRates(learningRate: number): Float32Array {
  return Float32Array.of(learningRate);
}
