/** Gradient descent with momentum as graph nodes. Sutskever et al. 2013; the order of operations is that of torch.optim.SGD. */

import type { Update } from "../3-differentiate/training-graph.ts";
import type { Builder } from "../ir/builder.ts";
import type { Node, NodeOf } from "../ir/node.ts";

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

/** Updates of a parameter and, with momentum, of its direction, which starts at 0. `rates` is f32[1]: the learning rate. */
export function sgd(
  b: Builder,
  parameter: NodeOf<"parameter">,
  gradient: Node,
  rates: Node,
  { momentum, nesterov, weightDecay, rateScale = 1 }: SgdSettings,
): readonly Update[] {
  const { path, shape } = parameter.attributes;
  const given = b.reshape(rates, []);
  const rate = rateScale === 1 ? given : b.mul(given, rateScale);
  const decayed = weightDecay === 0 ? gradient : b.add(gradient, b.mul(parameter, weightDecay));
  if (momentum === 0) {
    return [{ target: parameter, value: b.sub(parameter, b.mul(decayed, rate)) }];
  }
  const direction = b.parameter(directionPath(path), shape);
  const next = b.add(b.mul(direction, momentum), decayed);
  const step = nesterov ? b.add(decayed, b.mul(next, momentum)) : next;
  return [
    { target: parameter, value: b.sub(parameter, b.mul(step, rate)) },
    { target: direction, value: next },
  ];
}

/** The rates of a step. */
export function sgdRates(learningRate: number): Float32Array {
  return Float32Array.of(learningRate);
}
