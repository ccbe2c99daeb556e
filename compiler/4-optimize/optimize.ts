/** TrainingGraph → TrainingGraph: the rewrites in their order. */
import type { TrainingGraph } from "../3-differentiate/training-graph.ts";
import type { Builder } from "../ir/builder.ts";
import type { Target } from "../program.ts";
import { chooseAttention } from "./attention.ts";
import { cutLargeProducts } from "./cut-large-products.ts";
import { simplify } from "./simplify.ts";
import { splitLongReductions } from "./split-long-reductions.ts";

type Pass = (graph: TrainingGraph, b: Builder, target: Target) => TrainingGraph;

/** Each pass returns a graph that computes the same values. */
export const passes: readonly { readonly name: string; readonly run: Pass }[] = [
  { name: "attention", run: chooseAttention },
  { name: "simplify", run: simplify },
  { name: "split-long-reductions", run: splitLongReductions },
  { name: "cut-large-products", run: cutLargeProducts },
];

export function optimize(graph: TrainingGraph, b: Builder, target: Target): TrainingGraph {
  return passes.reduce((current, pass) => pass.run(current, b, target), graph);
}
