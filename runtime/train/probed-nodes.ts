/** A stage's graphs → the nodes of a step in the order in which it computes them, its optimizer left out. */
import type { CheckedStage } from "../../compiler/1-check/model.ts";
import type { StageGraphs } from "../../compiler/2-build/stage-graphs.ts";
import { adjointsFrom } from "../../compiler/3-differentiate/gradients.ts";
import { lossScale } from "../../compiler/3-differentiate/loss-scaling.ts";
import { wholeGraphs } from "../../compiler/3-differentiate/whole-step.ts";
import { type Node, reachable } from "../../compiler/ir/node.ts";
import { rules } from "../../compiler/ops/index.ts";

/** Inputs come before users in each list. */
export interface ProbedNodes {
  /** Of one micro-batch. */
  readonly forward: readonly Node[];
  /** Of one micro-batch. */
  readonly backward: readonly Node[];
  /** Of objectives that see all micro-batches, forward and backward. */
  readonly whole: readonly Node[];
}

/** The nodes that the stage's programs were made of. */
export function probedNodes(
  { builder: b, stage: name, total, metrics, trainable, whole }: StageGraphs,
  { precision }: CheckedStage,
): ProbedNodes {
  const seed = precision.value === "mixed" ? lossScale(b) : b.constant(1);
  const once =
    whole &&
    wholeGraphs(
      b,
      rules,
      name,
      { ...whole, outputs: new Map() },
      trainable,
      b.mul(seed, whole.microBatches),
    );
  const held = whole?.held.map(({ node }) => node) ?? [];
  const forward = reachable([total, ...metrics.values(), ...held]);
  const roots = new Map([[total, seed], ...(once?.adjoints ?? [])]);
  const isForward = new Set(forward);
  const backward = reachable(known(adjointsFrom(b, rules, roots, trainable)));
  return {
    forward,
    backward: backward.filter((node) => !isForward.has(node)),
    whole: once
      ? reachable([...once.compute.updates.map(({ value }) => value), ...known(once.found)])
      : [],
  };
}

function known(nodes: readonly (Node | null)[]): readonly Node[] {
  return nodes.filter((node) => node !== null);
}
