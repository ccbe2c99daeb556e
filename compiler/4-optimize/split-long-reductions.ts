/** A fold with few results and many terms becomes two, so that more than a handful of threads have work. */

import type { TrainingGraph } from "../3-differentiate/training-graph.ts";
import type { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";
import { elements } from "../ir/tensor-type.ts";
import { rewrite } from "./rewrite.ts";

/** A fold with fewer results than this … */
const fewResults = 32;
/** … and more terms for each than this is cut. */
const manyTerms = 2048;

export function splitLongReductions(graph: TrainingGraph, b: Builder): TrainingGraph {
  return rewrite(graph, b, (node, inputs) => {
    if (node.op !== "reduce") return undefined;
    const x = inputs[0]!;
    const { axes, kind } = node.attributes;
    const results = elements(node.type.shape);
    const terms = elements(x.type.shape) / Math.max(results, 1);
    if (results >= fewResults || terms <= manyTerms || !areOuterOrInner(axes, x.type.shape.length))
      return undefined;
    const parts = divisorNear(terms, Math.sqrt(terms));
    if (parts === undefined) return undefined;
    const isInner = axes.at(-1) === x.type.shape.length - 1;
    const cut: Node = isInner
      ? b.reshape(x, [results, parts, terms / parts])
      : b.reshape(x, [parts, terms / parts, results]);
    const once = b.reduce(kind, cut, [isInner ? 2 : 1]);
    return b.reshape(b.reduce(kind, once, [isInner ? 1 : 0]), node.type.shape);
  });
}

/** Folded axes are the first ones or the last ones, without a gap. */
function areOuterOrInner(axes: readonly number[], rank: number): boolean {
  const isRun = axes.every((axis, i) => i === 0 || axis === axes[i - 1]! + 1);
  return isRun && (axes[0] === 0 || axes.at(-1) === rank - 1);
}

/** A divisor of `size` between 16 and size / 16 that is closest to `wish`. */
function divisorNear(size: number, wish: number): number | undefined {
  let best: number | undefined;
  for (let d = 16; d * 16 <= size; d++) {
    if (size % d !== 0) continue;
    if (best === undefined || Math.abs(Math.log(d / wish)) < Math.abs(Math.log(best / wish)))
      best = d;
    if (d > wish) break;
  }
  return best;
}
