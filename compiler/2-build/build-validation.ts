/** CheckedModel and stage -> the graph that measures its losses on held data: nothing dropped, nothing trained. */
import type { CheckedModel, CheckedStage, CheckedValidation } from "../1-check/model.ts";
import { invariant } from "../invariant.ts";
import { inferenceGraph } from "./inference-graph.ts";
import type { InferenceGraph } from "./stage-graphs.ts";
import { stageLosses } from "./stage-losses.ts";
import { StageParts } from "./stage-parts.ts";

/** Outputs `loss`, each objective and each metric; the input `seed` draws negatives where an objective needs them. */
export function validationGraph(
  model: CheckedModel,
  stage: CheckedStage,
  { data }: CheckedValidation,
): InferenceGraph {
  const batch = model.data.get(data.value)?.batch.value;
  invariant(batch !== undefined, () => `${data.value} is no data`);
  const parts = new StageParts(model, { batch }, false, {
    sampling: true,
    precision: stage.precision.value,
  });
  const { total, losses, metrics } = stageLosses(parts, stage);
  const outputs = new Map([["loss", total], ...losses, ...metrics]);
  return inferenceGraph(`validate ${stage.name}`, parts, outputs);
}
