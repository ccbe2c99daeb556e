/** Where what stands behind a kernel's result has its elements. */
import type { Node } from "../ir/node.ts";
import { elementwise } from "../ir/operations.ts";
import { elements } from "../ir/tensor-type.ts";
import { NotFusible, transposeForward } from "./expression.ts";
import { type Linear, SplitNeeded } from "./linear.ts";

/** Address of `top`'s element that comes from `bottom`'s element at `address`, through elementwise ops, reshapes and transposes. */
export function addressAbove(top: Node, bottom: Node, address: Linear): Linear {
  const path = pathDown(top, bottom, elements(bottom.type.shape));
  if (path === undefined) throw new NotFusible();
  try {
    return path.reduceRight(
      (form, node) => (node.op === "transpose" ? transposeForward(node, form) : form),
      address,
    );
  } catch (error) {
    if (error instanceof SplitNeeded) throw new NotFusible();
    throw error;
  }
}

/** Nodes from `top` to just above `bottom`, all with as many elements as `bottom`. */
export function pathDown(top: Node, bottom: Node, count: number): Node[] | undefined {
  const dead = new Set<Node>();
  const visit = (node: Node): Node[] | undefined => {
    if (node === bottom) return [];
    if (
      dead.has(node) ||
      node.id < bottom.id ||
      elements(node.type.shape) !== count ||
      !passes.has(node.op)
    ) {
      return undefined;
    }
    for (const input of node.inputs as readonly Node[]) {
      const below = visit(input);
      if (below !== undefined) return [node, ...below];
    }
    dead.add(node);
    return undefined;
  };
  return visit(top);
}

const passes = new Set<Node["op"]>(["reshape", "transpose", ...elementwise]);
