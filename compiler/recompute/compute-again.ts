/** TrainingGraph, its plan, a choice -> TrainingGraph in which late readers of the chosen tensors read second computations. */
import type { TrainingGraph } from "../3-differentiate/training-graph.ts";
import type { Plan } from "../5-schedule/plan.ts";
import type { Builder } from "../ir/builder.ts";
import type { Node, NodeOf } from "../ir/node.ts";
import type { Choice } from "./choose.ts";

/**
 * `plan` is that of `graph`. The same values, made by the same operations. All nodes are made anew, by a builder of their
 * own and in the order in which the plan's kernels need them: schedules follow that order, so a second computation stands
 * right in front of its first reader.
 */
export function computeAgain(
  graph: TrainingGraph,
  plan: Plan,
  { from, again }: Choice,
  rules: Builder,
): TrainingGraph {
  const b = rules.anew();
  const isWritten = new Set(plan.kernels.flatMap(({ writes }) => [...writes]));
  const made = new Map<Node, Node>();
  const copies = new Map<Node, Node>();
  const make = (node: Node, inputs: readonly Node[]): Node =>
    b.within(node.origin, () => b.make(node.op, inputs as never, node.attributes as never) as Node);
  const copy = (node: Node): Node => {
    const known = copies.get(node);
    if (known !== undefined) return known;
    const isConstant = node.inputs.length === 0 && node.op !== "input" && node.op !== "parameter";
    const second =
      again.has(node) || isConstant
        ? make(node, (node.inputs as readonly Node[]).map(copy))
        : b.within(node.origin, () => b.again(made.get(node) ?? make(node, [])));
    copies.set(node, second);
    return second;
  };
  /** `root` as the kernel at `at` is to compute it. */
  const renew = (root: Node, at: number): Node => {
    const local = new Map<Node, Node>();
    const visit = (node: Node): Node => {
      if (node !== root && isWritten.has(node))
        return at >= (from.get(node) ?? Number.POSITIVE_INFINITY) ? copy(node) : made.get(node)!;
      const known = local.get(node);
      if (known !== undefined) return known;
      const own = make(node, (node.inputs as readonly Node[]).map(visit));
      local.set(node, own);
      return own;
    };
    return visit(root);
  };
  const values = new Map(graph.updates.map(({ target, value }) => [target as Node, value]));
  plan.kernels.forEach(({ writes, overwrites }, at) => {
    for (const node of [...writes].sort((x, y) => x.id - y.id)) made.set(node, renew(node, at));
    for (const target of overwrites) {
      const value = values.get(target);
      if (value !== undefined && !made.has(value)) made.set(value, renew(value, at));
    }
  });
  const final = (node: Node) => made.get(node) ?? renew(node, plan.kernels.length);
  return {
    name: graph.name,
    outputs: new Map([...graph.outputs].map(([name, node]) => [name, final(node)])),
    updates: graph.updates.map(({ target, value }) => ({
      target: final(target) as NodeOf<"parameter">,
      value: final(value),
    })),
  };
}
