/** Reverse-mode differentiation as graph rewriting: adjoints are made of the same ops as everything else. */
import { invariant } from "../invariant.ts";
import type { Builder } from "../ir/builder.ts";
import { type Node, reachable } from "../ir/node.ts";
import type { OpRule, Rules } from "../ir/rule.ts";
import { sameShape } from "../ir/tensor-type.ts";

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
  return adjointsFrom(b, rules, new Map([[loss, seed ?? b.constant(1)]]), targets);
}

/**
 * The sum over `roots` of what each sends to the targets when its adjoint is given; a root that lies before another one
 * gets that one's share too.
 */
export function adjointsFrom(
  b: Builder,
  rules: Rules,
  roots: ReadonlyMap<Node, Node>,
  targets: readonly Node[],
): (Node | null)[] {
  for (const [root, adjoint] of roots)
    invariant(
      sameShape(root.type.shape, adjoint.type.shape),
      () => `[${adjoint.type.shape}] is no adjoint of [${root.type.shape}]`,
    );
  return adjointsOf(b, rules, reachable(roots.keys()), targets, roots);
}

/** What gradients flow through on their way to the targets, these included. `order`: inputs before users. */
export function between(targets: readonly Node[], order: readonly Node[]): ReadonlySet<Node> {
  const live = new Set<Node>(targets);
  for (const node of order) {
    if (
      node.op !== "stopGradient" &&
      (node.inputs as readonly Node[]).some((input) => live.has(input))
    )
      live.add(node);
  }
  return live;
}

/** `order` holds the roots and all between them and the targets, inputs before users. */
function adjointsOf(
  b: Builder,
  rules: Rules,
  order: readonly Node[],
  targets: readonly Node[],
  roots: ReadonlyMap<Node, Node>,
): (Node | null)[] {
  const live = between(targets, order);
  const adjoints = new Map(roots);
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
  return targets.map((target) => adjoints.get(target) ?? null);
}

/** Adjoints of the inputs of an op by its definition in smaller ops. An input that stands twice gets its adjoint once. */
function throughDefinition(b: Builder, rules: Rules, node: Node, adjoint: Node): (Node | null)[] {
  const inputs: readonly Node[] = node.inputs;
  const root = b.expand(node);
  const order = reachable([root], inputs);
  const found = adjointsOf(b, rules, order, inputs, new Map([[root, adjoint]]));
  return found.map((flow, i) => (inputs.indexOf(inputs[i]!) === i ? flow : null));
}
