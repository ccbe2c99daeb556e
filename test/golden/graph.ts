/** Small tools on graphs for golden checks. */
import { gradients } from "../../compiler/3-differentiate/gradients.ts";
import type { Builder } from "../../compiler/ir/builder.ts";
import { type Node, type NodeOf, reachable } from "../../compiler/ir/node.ts";
import { rules } from "../../compiler/ops/index.ts";
import { isMixed, lossScale } from "./precision.ts";

/** Parameters that `roots` need, by path. */
export function parametersOf(roots: Iterable<Node>): ReadonlyMap<string, NodeOf<"parameter">> {
  const found = new Map<string, NodeOf<"parameter">>();
  for (const node of reachable(roots))
    if (node.op === "parameter") found.set(node.attributes.path, node);
  return found;
}

/**
 * Gradient of `loss` by each of `targets`, as `prefix/name`; targets without a path to the loss are left out.
 * `seed` is the adjoint of `loss` when it is not a scalar.
 */
export function gradientOutputs(
  b: Builder,
  prefix: string,
  loss: Node,
  targets: ReadonlyMap<string, Node>,
  seed?: Node,
): ReadonlyMap<string, Node> {
  const scale = b.constant(isMixed() ? lossScale : 1);
  const scaled = b.mul(seed ?? b.constant(1), scale);
  const found = gradients(b, rules, loss, [...targets.values()], scaled);
  const outputs = new Map<string, Node>();
  for (const [i, name] of [...targets.keys()].entries()) {
    const gradient = found[i];
    if (gradient !== null && gradient !== undefined)
      outputs.set(`${prefix}/${name}`, b.div(gradient, scale));
  }
  return outputs;
}
