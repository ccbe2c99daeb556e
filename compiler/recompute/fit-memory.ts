/** TrainingGraph, bytes -> a plan that fits, with no more computed again than it takes. */
import type { TrainingGraph } from "../3-differentiate/training-graph.ts";
import type { Plan } from "../5-schedule/plan.ts";
import { schedule } from "../5-schedule/schedule.ts";
import { buffersOfAll } from "../6-emit/buffers.ts";
import type { Builder } from "../ir/builder.ts";
import type { Target } from "../program.ts";
import { type Choice, chooseAgain } from "./choose.ts";
import { computeAgain } from "./compute-again.ts";
import { type Recomputation, recomputation } from "./recomputation.ts";

/** A plan, and what it computes again; undefined when nothing. */
export interface Fitted {
  readonly plan: Plan;
  readonly recomputed: Recomputation | undefined;
  /** Device bytes, those of the other plans among them. */
  readonly bytes: number;
}

/** Schedules that are tried before the smallest found is taken. */
const mostAttempts = 8;

/**
 * A plan of the rewritten `graph` whose buffers take `most` bytes at most, with those of the `others` beside it, or the smallest that was found. What is chosen
 * is counted on tensors; a plan also loses room between them, so a few choices are tried until one fits.
 */
export function fitMemory(
  graph: TrainingGraph,
  b: Builder,
  target: Target,
  most: number,
  others: readonly Plan[] = [],
): Fitted {
  const bytesOf = (plan: Plan) =>
    buffersOfAll([plan, ...others]).reduce((sum, { bytes }) => sum + bytes, 0);
  const plain = schedule(graph, target);
  const needed = bytesOf(plain);
  let best: Fitted = { plan: plain, recomputed: undefined, bytes: needed };
  if (needed <= most) return best;
  const { peak } = chooseAgain(plain, Number.POSITIVE_INFINITY);
  const fixed = needed - peak;
  let budget = most - fixed;
  let last: Choice | undefined;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const choice = chooseAgain(plain, budget);
    if (choice.from.size === 0 || choice.again.size === last?.again.size) break;
    last = choice;
    const plan = schedule(computeAgain(graph, plain, choice, b), target);
    const bytes = bytesOf(plan);
    if (bytes < best.bytes)
      best = { plan, recomputed: recomputation(choice, needed - bytes), bytes };
    if (bytes <= most) break;
    budget = Math.min(budget, choice.peak) - Math.max(bytes - most, most / 100);
  }
  return best;
}
