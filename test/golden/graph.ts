/** Small tools on graphs for golden checks. */
import { gradients } from "../../compiler/3-differentiate/gradients.ts";
import type { Builder } from "../../compiler/ir/builder.ts";
import { type Node, type NodeOf, reachable } from "../../compiler/ir/node.ts";
import { elements } from "../../compiler/ir/tensor-type.ts";
import { rules } from "../../compiler/ops/index.ts";

/** Parameters that `roots` need, by path. */
export function parametersOf(roots: Iterable<Node>): ReadonlyMap<string, NodeOf<"parameter">> {
  const found = new Map<string, NodeOf<"parameter">>();
  for (const node of reachable(roots))
    if (node.op === "parameter") found.set(node.attributes.path, node);
  return found;
}

/**
 * Gradient of `loss` by each path of `targets`, as `prefix/path`; zeros where no path leads to the loss.
 * `seed` is the adjoint of `loss` when it is not a scalar.
 */
export function gradientOutputs(
  b: Builder,
  prefix: string,
  loss: Node,
  targets: ReadonlyMap<string, Node>,
  seed?: Node,
): ReadonlyMap<string, Node> {
  const names = [...targets.keys()];
  const found = gradients(b, rules, loss, [...targets.values()], seed);
  return new Map(
    names.map((name, i) => {
      const shape = targets.get(name)!.type.shape;
      return [
        `${prefix}/${name}`,
        found[i] ?? b.constant(new Array(elements(shape)).fill(0), shape),
      ];
    }),
  );
}
