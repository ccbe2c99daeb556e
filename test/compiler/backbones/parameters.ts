/** The parameters of a graph, found by walking it. */
import { type Node, reachable } from "../../../compiler/ir/node.ts";
import { elements, type Shape } from "../../../compiler/ir/tensor-type.ts";

/** Shapes by path. */
export function parameters(roots: readonly Node[]): ReadonlyMap<string, Shape> {
  const found = new Map<string, Shape>();
  for (const node of reachable(roots))
    if (node.op === "parameter") found.set(node.attributes.path, node.attributes.shape);
  return found;
}

/** Sum of elements over the parameters whose path `counts`. */
export function parameterCount(
  roots: readonly Node[],
  counts: (path: string) => boolean = () => true,
): number {
  let count = 0;
  for (const [path, shape] of parameters(roots)) if (counts(path)) count += elements(shape);
  return count;
}
