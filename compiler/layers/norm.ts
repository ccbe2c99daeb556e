/** Normalizations of the last axis. */
import type { Node } from "../ir/node.ts";
import type { Scope } from "./scope.ts";

/** Layer normalization with `weight` and `bias` [width]. Ba et al. 2016, arXiv:1607.06450. */
export function layerNorm(s: Scope, x: Node, epsilon: number): Node {
  const width = x.type.shape.at(-1)!;
  const weight = s.parameter("weight", [width], { kind: "ones" });
  const bias = s.parameter("bias", [width]);
  return s.within(() => {
    const { b } = s;
    const centered = b.sub(x, b.mean(x, [-1], true));
    const variance = b.mean(b.mul(centered, centered), [-1], true);
    const normal = b.div(centered, b.sqrt(b.add(variance, epsilon)));
    return b.add(b.mul(normal, weight), bias);
  });
}

/** Root-mean-square normalization with `weight` [width], no shift. Zhang & Sennrich 2019, arXiv:1910.07467. */
export function rmsNorm(s: Scope, x: Node, epsilon: number): Node {
  const weight = s.parameter("weight", [x.type.shape.at(-1)!], { kind: "ones" });
  return s.within(() => {
    const { b } = s;
    const square = b.mean(b.mul(x, x), [-1], true);
    return b.mul(b.div(x, b.sqrt(b.add(square, epsilon))), weight);
  });
}

/** `x` divided by its length along the last axis, a length below `epsilon` counts as `epsilon`. */
export function l2Normalize(s: Scope, x: Node, epsilon = 1e-12): Node {
  return s.within(() => {
    const { b } = s;
    const square = b.sum(b.mul(x, x), [-1], true);
    return b.div(x, b.sqrt(b.max(square, epsilon * epsilon)));
  });
}
