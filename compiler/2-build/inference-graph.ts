/** Outputs made of a stage's parts -> a graph without training. */
import { type Node, reachable } from "../ir/node.ts";
import { parametersAmong } from "./owned-parameters.ts";
import type { InferenceGraph } from "./stage-graphs.ts";
import type { StageParts } from "./stage-parts.ts";

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
