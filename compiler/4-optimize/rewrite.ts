/** Rebuilds a graph node by node: what every rewrite stands on. */
import { rootsOf, type TrainingGraph } from "../3-differentiate/training-graph.ts";
import type { Builder } from "../ir/builder.ts";
import { type Node, reachable } from "../ir/node.ts";

/**
 * A node with its new inputs, or another node that has the same value; undefined leaves it as it is.
 * `inputs` are already rewritten.
 */
export type Rule = (node: Node, inputs: readonly Node[], b: Builder) => Node | undefined;

/** Applies `rule` to every node, inputs first. Names, targets and parameters stay. */
export function rewrite(graph: TrainingGraph, b: Builder, rule: Rule): TrainingGraph {
  const changed = new Map<Node, Node>();
  const roots = rootsOf(graph);
  for (const node of reachable(roots)) {
    const inputs = (node.inputs as readonly Node[]).map((input) => changed.get(input)!);
    const made = b.within(node.origin, () => rule(node, inputs, b) ?? remake(node, inputs, b));
    changed.set(node, made);
  }
  return {
    name: graph.name,
    outputs: new Map([...graph.outputs].map(([name, node]) => [name, changed.get(node)!])),
    updates: graph.updates.map(({ target, value }) => ({ target, value: changed.get(value)! })),
  };
}

function remake(node: Node, inputs: readonly Node[], b: Builder): Node {
  return inputs.every((input, i) => input === node.inputs[i])
    ? node
    : (b.make(node.op, inputs as never, node.attributes as never) as Node);
}
