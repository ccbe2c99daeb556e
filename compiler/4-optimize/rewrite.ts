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
  const nodes = reachable(rootsOf(graph));
  const changed = new Array<Node | undefined>(1 + (nodes.at(-1)?.id ?? 0));
  const now = (node: Node) => changed[node.id] ?? node;
  for (const node of nodes) {
    const given: readonly Node[] = node.inputs;
    const isKept = given.every((input) => changed[input.id] === undefined);
    const inputs = isKept ? given : given.map(now);
    const made = b.within(node.origin, () => rule(node, inputs, b) ?? remake(node, inputs, b));
    if (made !== node) changed[node.id] = made;
  }
  if (!changed.some((node) => node !== undefined)) return graph;
  return {
    name: graph.name,
    outputs: new Map([...graph.outputs].map(([name, node]) => [name, now(node)])),
    updates: graph.updates.map(({ target, value }) => ({ target, value: now(value) })),
  };
}

function remake(node: Node, inputs: readonly Node[], b: Builder): Node {
  return inputs === node.inputs
    ? node
    : (b.make(node.op, inputs as never, node.attributes as never) as Node);
}
