/** Softmax and its logarithm along the last axis. */
import type { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";

/** Shares that sum to 1. */
export function softmax(b: Builder, x: Node): Node {
  const power = b.exp(shifted(b, x));
  return b.div(power, b.sum(power, [-1], true));
}

/** Logarithms of `softmax`. */
export function logSoftmax(b: Builder, x: Node): Node {
  const lowered = shifted(b, x);
  return b.sub(lowered, b.log(b.sum(b.exp(lowered), [-1], true)));
}

/** `x` minus its greatest element, which carries no gradient: both functions above ignore a shift. */
export function shifted(b: Builder, x: Node): Node {
  return b.sub(x, b.stopGradient(b.reduce("max", x, [-1], true)));
}
