/** CheckedModel and stage -> the graph that measures its losses on held data: nothing dropped, nothing trained. */
import type { CheckedModel } from "../1-check/model.ts";
import { invariant } from "../invariant.ts";
import { reachable } from "../ir/node.ts";
import { stageLosses } from "./build-stage.ts";
import { parametersAmong } from "./owned-parameters.ts";
import type { Binding, InferenceGraph } from "./stage-graphs.ts";
import { StageParts } from "./stage-parts.ts";

/** Outputs `loss`, each objective and each metric; the input `seed` draws negatives where an objective needs them. */
export function validationGraph(
  model: CheckedModel,
  name: string,
  binding: Binding,
): InferenceGraph {
  const stage = model.stages.get(name);
  invariant(stage !== undefined, () => `${model.file} has no stage ${name}`);
  const parts = new StageParts(model, binding, false, true);
  const { total, losses, metrics } = stageLosses(parts, stage);
  const outputs = new Map([["loss", total], ...losses, ...metrics]);
  const nodes = reachable(outputs.values());
  return {
    name: `validate ${name}`,
    builder: parts.b,
    inputs: parts.inputsAmong(nodes),
    outputs,
    parameters: parametersAmong(nodes),
  };
}
