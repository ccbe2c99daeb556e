/** Training graph → text: its outputs and the new values of parameters, in order. */
import type { TrainingGraph } from "../../../compiler/3-differentiate/training-graph.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { printNodes } from "../../../compiler/ir/print.ts";

/** Every result of a graph by name; `new path` is the value that a parameter gets. */
export function resultsOf({ outputs, updates }: TrainingGraph): ReadonlyMap<string, Node> {
  return new Map([
    ...outputs,
    ...updates.map(({ target, value }) => [`new ${target.attributes.path}`, value] as const),
  ]);
}

/** `printNodes` of all results. */
export function printTraining(graph: TrainingGraph): string {
  return printNodes(resultsOf(graph));
}
