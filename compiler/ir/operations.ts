/** Node -> floating-point operations, and which ops go element by element. */
import type { Node, NodeOf } from "./node.ts";
import type { OpName } from "./signatures.ts";
import { elements } from "./tensor-type.ts";

/** Ops whose elements are made of the elements at the same place. */
export const elementwise: ReadonlySet<OpName> = new Set<OpName>([
  "neg",
  "exp",
  "log",
  "sqrt",
  "tanh",
  "erf",
  "finite",
  "cast",
  "stopGradient",
  "add",
  "sub",
  "mul",
  "div",
  "max",
  "less",
  "equal",
  "select",
]);

/**
 * Operations of products: [..., m, k] x [..., k, n] takes 2 m k n for each leading index; 0 of other nodes. Attention has two
 * products, scores and mix; its adjoints have four: those of the shares go with the queries. What their kernels make again
 * is not among them (`productsMadeAgain`).
 */
export function productOperations(node: Node): number {
  switch (node.op) {
    case "matmul":
      return 2 * elements(node.type.shape) * (node.inputs[0].type.shape.at(-1) ?? 1);
    case "attention":
      return node.attributes.gives === "mixed" ? 2 * scoreProduct(node) : 0;
    case "attentionGradient":
      return (node.attributes.to === "queries" ? 2 : 1) * scoreProduct(node);
    default:
      return 0;
  }
}

/**
 * Operations of products that the kernels of attention's backward make again: one scores, for adjoints of queries; the other
 * scores and adjoints of the shares, for those of keys and values together.
 */
export function productsMadeAgain(nodes: readonly Node[]): number {
  const kernels = new Set<string>();
  let operations = 0;
  for (const node of nodes) {
    if (node.op !== "attentionGradient") continue;
    const isOfQueries = node.attributes.to === "queries";
    const inputs: readonly Node[] = node.inputs;
    const kernel = `${isOfQueries},${node.attributes.scale},${inputs.map(({ id }) => id)}`;
    if (kernels.has(kernel)) continue;
    kernels.add(kernel);
    operations += (isOfQueries ? 1 : 2) * scoreProduct(node);
  }
  return operations;
}

function scoreProduct({ inputs }: NodeOf<"attention"> | NodeOf<"attentionGradient">): number {
  const [queries, , , bias] = inputs;
  return 2 * elements(bias.type.shape) * queries.type.shape.at(-1)!;
}

/** Operations of any node: one for each element that it makes or folds, none for what only moves. */
export function operationsOf(node: Node): number {
  switch (node.op) {
    case "matmul":
    case "attention":
    case "attentionGradient":
      return productOperations(node);
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
