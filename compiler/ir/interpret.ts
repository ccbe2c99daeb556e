/** Graph → values, in f64, by the reference loops. The truth that kernels are tested against. */
import { invariant } from "../invariant.ts";
import { type Node, reachable } from "./node.ts";
import type { OpRule, Rules, Values } from "./rule.ts";
import { elements } from "./tensor-type.ts";

/**
 * Values of `roots`. `given` holds inputs by name and parameters by path.
 * Throws `InvariantError` when one is missing or has another number of elements.
 */
export function interpret(
  rules: Rules,
  roots: readonly Node[],
  given: ReadonlyMap<string, ArrayLike<number>>,
): Values[] {
  const values = new Map<Node, Values>();
  for (const node of reachable(roots)) {
    if (node.op === "input" || node.op === "parameter") {
      const name = node.op === "input" ? node.attributes.name : node.attributes.path;
      const value = given.get(name);
      invariant(value !== undefined, () => `${node.op} ${name} was not given`);
      invariant(
        value.length === elements(node.type.shape),
        () => `${name} has ${value.length} elements, not [${node.type.shape}]`,
      );
      values.set(node, Float64Array.from(value));
      continue;
    }
    const rule = rules[node.op] as OpRule<typeof node.op>;
    const inputs = (node.inputs as readonly Node[]).map((input) => values.get(input)!);
    values.set(node, rule.reference(inputs, node as never));
  }
  return roots.map((root) => values.get(root)!);
}
