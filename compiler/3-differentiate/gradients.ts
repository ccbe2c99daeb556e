/** Reverse-mode differentiation as graph rewriting: adjoints are made of the same ops as everything else. */
import { invariant } from "../invariant.ts";
import type { Builder } from "../ir/builder.ts";
import { type Node, reachable } from "../ir/node.ts";
import type { OpRule, Rules } from "../ir/rule.ts";

/**
 * Gradients of the scalar `loss` with respect to `targets`; null where no path leads from a target to the loss.
 * Only nodes between a target and the loss get an adjoint: frozen parts cost nothing.
 * `seed` replaces the adjoint 1 of the loss (same shape as the loss, which then need not be a scalar).
 */
export function gradients(
  b: Builder,
  rules: Rules,
  loss: Node,
  targets: readonly Node[],
  seed?: Node,
): (Node | null)[] {
  invariant(
    seed !== undefined || loss.type.shape.length === 0,
    () => `a loss is a scalar, not [${loss.type.shape}]`,
  );
  return adjointsOf(b, rules, reachable([loss]), targets, seed ?? b.constant(1));
}

/** `order` ends with the root, whose adjoint is `seed`. */
function adjointsOf(
  b: Builder,
  rules: Rules,
  order: readonly Node[],
  targets: readonly Node[],
  seed: Node,
): (Node | null)[] {
  const root = order.at(-1)!;
  const live = new Set<Node>(targets);
  for (const node of order) {
    if (
      node.op !== "stopGradient" &&
      (node.inputs as readonly Node[]).some((input) => live.has(input))
    )
      live.add(node);
  }
  const adjoints = new Map<Node, Node>([[root, seed]]);
  for (const node of [...order].reverse()) {
    const adjoint = adjoints.get(node);
    if (adjoint === undefined || !live.has(node)) continue;
    const rule = rules[node.op] as OpRule<typeof node.op>;
    const flows = b.within({ ...node.origin, path: `${node.origin.path}'` }, () => {
      const own = rule.gradient(node as never, adjoint, b);
      return own === "expand" ? throughDefinition(b, rules, node, adjoint) : own;
    }) as readonly (Node | null)[] | null;
    flows?.forEach((flow, i) => {
      const input = node.inputs[i]!;
      if (flow === null || !live.has(input)) return;
      const sofar = adjoints.get(input);
      adjoints.set(
        input,
        sofar === undefined ? flow : b.within(input.origin, () => b.add(sofar, flow)),
      );
    });
  }
  return targets.map((target) => (live.has(root) ? (adjoints.get(target) ?? null) : null));
}

/** Adjoints of the inputs of an op by its definition in smaller ops. An input that stands twice gets its adjoint once. */
function throughDefinition(b: Builder, rules: Rules, node: Node, adjoint: Node): (Node | null)[] {
  const inputs: readonly Node[] = node.inputs;
  const found = adjointsOf(b, rules, reachable([b.expand(node)], inputs), inputs, adjoint);
  return found.map((flow, i) => (inputs.indexOf(inputs[i]!) === i ? flow : null));
}
