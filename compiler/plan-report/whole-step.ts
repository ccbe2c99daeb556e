/** A stage's graphs -> what a step computes how often, and what objectives over all of its micro-batches add to it. */
import type { StageGraphs } from "../2-build/stage-graphs.ts";
import type { TrainingGraphs } from "../3-differentiate/differentiate.ts";
import { type Node, reachable } from "../ir/node.ts";
import { productOperations } from "../ir/operations.ts";
import type { Share } from "./compute.ts";

/** What seeing a whole step takes. */
export interface WholeReport {
  readonly objectives: readonly string[];
  /** Floating-point operations of the forward passes that are done once more, in all micro-batches together. */
  readonly operations: number;
}

/** Null where every objective sees one micro-batch at a time. */
export function wholeReport({ whole }: StageGraphs): WholeReport | null {
  if (whole === undefined) return null;
  const again = reachable(whole.held.map(({ node }) => node));
  const operations = again.reduce((sum, node) => sum + productOperations(node), 0);
  return {
    objectives: [...whole.losses.keys()],
    operations: whole.microBatches * operations,
  };
}

/** Forward and backward of a step with `times` micro-batches, without its optimizer. */
export function sharesOf(
  { total, whole }: StageGraphs,
  training: TrainingGraphs,
  times: number,
): readonly Share[] {
  const held = whole?.held.map(({ node }) => node) ?? [];
  const forward = reachable([total, ...held]);
  const once = whole === undefined ? [] : reachable([whole.total]);
  // Adjoints are made at the place of what they are adjoints of, marked so.
  const behind = (graph: TrainingGraphs["step"]): readonly Node[] =>
    reachable(graph.updates.map(({ value }) => value)).filter(({ origin }) =>
      origin.path.includes("'"),
    );
  return [
    { pass: "forward", nodes: forward, times },
    { pass: "forward", nodes: reachable(held), times },
    { pass: "forward", nodes: once, times: 1 },
    { pass: "backward", nodes: behind(training.step), times },
    {
      pass: "backward",
      nodes: training.whole === undefined ? [] : behind(training.whole.compute),
      times: 1,
    },
  ];
}
