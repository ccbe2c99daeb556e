/** Node -> floating-point operations. */
import type { Node } from "./node.ts";
import { elements } from "./tensor-type.ts";

/** Operations of one product: [..., m, k] x [..., k, n] takes 2 m k n for each leading index; 0 of other nodes. */
export function matmulOperations(node: Node): number {
  if (node.op !== "matmul") return 0;
  return 2 * elements(node.type.shape) * (node.inputs[0].type.shape.at(-1) ?? 1);
}

/** Operations of any node: one for each element that it makes or folds, none for what only moves. */
export function operationsOf(node: Node): number {
  switch (node.op) {
    case "matmul":
      return matmulOperations(node);
    case "reduce":
    case "argmax":
      return elements(node.inputs[0].type.shape);
    case "scatterAdd":
      return elements(node.inputs[1].type.shape);
    case "input":
    case "parameter":
    case "constant":
    case "iota":
    case "reshape":
    case "transpose":
    case "broadcast":
    case "slice":
    case "pad":
    case "concat":
    case "gather":
    case "stopGradient":
      return 0;
    default:
      return elements(node.type.shape);
  }
}
