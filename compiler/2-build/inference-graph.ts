/** Parts of a stage without training, and outputs made of them -> a graph. */
import type { CheckedModel, CheckedStage } from "../1-check/model.ts";
import { type Node, reachable } from "../ir/node.ts";
import { parametersAmong } from "./owned-parameters.ts";
import type { Binding, InferenceGraph } from "./stage-graphs.ts";
import { StageParts } from "./stage-parts.ts";

/** What is asked of a trained stage is computed in the precision that it was trained in. */
export function inferenceParts(
  model: CheckedModel,
  { precision }: CheckedStage,
  binding: Binding,
): StageParts {
  return new StageParts(model, binding, false, { precision: precision.value });
}

/** Its inputs and parameters are those that the outputs need. */
export function inferenceGraph(
  name: string,
  parts: StageParts,
  outputs: ReadonlyMap<string, Node>,
): InferenceGraph {
  const nodes = reachable(outputs.values());
  return {
    name,
    precision: parts.precision,
    builder: parts.b,
    inputs: parts.inputsAmong(nodes),
    outputs,
    parameters: parametersAmong(nodes),
  };
}
