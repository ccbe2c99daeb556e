/** Checked model -> exact parameter counts by block, made once for equal models. */

import type { CheckedModel } from "../1-check/model.ts";
import { buildStage } from "../2-build/build-stage.ts";
import { elements } from "../ir/tensor-type.ts";

/** Parameters of each module and objective, by name of the block. */
export type ParameterCounts = ReadonlyMap<string, number>;

const none: ParameterCounts = new Map();

/** The last few models that were counted, by what their counts depend on. */
const counted = new Map<string, ParameterCounts>();
const mostCounted = 16;

/**
 * Counts by building the graph of every stage for a batch of two. Takes up to a second for the largest models, nothing
 * for a model that differs from an earlier one in its stages, data or text lengths only.
 */
export function parameterCounts(model: CheckedModel): ParameterCounts {
  const key = keyOf(model);
  const before = counted.get(key);
  if (before !== undefined) return before;
  const counts = new Map<string, number>();
  for (const stage of model.stages.keys()) {
    const { modules } = buildStage(model, stage, { batch: 2 });
    for (const { owner, parameters } of modules) {
      counts.set(
        owner,
        parameters.reduce((sum, { type }) => sum + elements(type.shape), 0),
      );
    }
  }
  if (counted.size >= mostCounted) counted.delete(counted.keys().next().value ?? "");
  counted.set(key, counts);
  return counts;
}

/** As `parameterCounts`, but nothing where it would have to be worked out. */
export function knownParameterCounts(model: CheckedModel): ParameterCounts {
  return counted.get(keyOf(model)) ?? none;
}

/** Modules, objectives, and which stages use them; places in texts say nothing about weights. */
function keyOf(model: CheckedModel): string {
  const stages = [...model.stages.values()].map(({ name, minimize }) => [
    name,
    minimize.map(({ objective }) => objective),
  ]);
  const parts = [[...model.modules.values()], [...model.objectives.values()], stages];
  return JSON.stringify(parts, (name, value: unknown) =>
    /^(span|header|variantSpan)$/.test(name) ? undefined : value,
  );
}
