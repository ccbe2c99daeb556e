/**
 * TrainingGraph → TrainingGraph whose products take f16 operands and sum in f32. All else stays as it is: parameters and
 * optimizer, residual sums, norms, softmax, losses. Micikevicius et al. 2018, arXiv:1710.03740, section 3.
 */
import type { TrainingGraph } from "../3-differentiate/training-graph.ts";
import type { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";
import { elements } from "../ir/tensor-type.ts";
import { rewrite } from "./rewrite.ts";

/**
 * Runs before other rewrites, on graphs that are differentiated: what gradients flow through is not rounded twice. The
 * kernels of attention take no halves, so attention is its products here.
 */
export function mixedPrecision(graph: TrainingGraph, b: Builder): TrainingGraph {
  return rewrite(inProducts(graph, b), b, (node, inputs) =>
    node.op === "matmul" ? b.matmul(asHalf(inputs[0]!, b), asHalf(inputs[1]!, b)) : undefined,
  );
}

function inProducts(graph: TrainingGraph, b: Builder): TrainingGraph {
  return rewrite(graph, b, ({ op, attributes }, inputs) =>
    op === "attention" || op === "attentionGradient"
      ? b.expand(b.make(op, inputs as never, attributes as never) as Node)
      : undefined,
  );
}

/** A part of a tensor at most this many times smaller shares the halves of the whole with other parts. */
const mostParts = 4;

/**
 * An operand, rounded beneath what only moves it: a weight and its transpose, the queries and the keys cut out of one
 * tensor are rounded once.
 */
function asHalf(x: Node, b: Builder): Node {
  if (x.type.dtype === "f16") return x;
  switch (x.op) {
    case "reshape":
    case "transpose":
    case "broadcast":
    case "stopGradient":
      return moved(x, b);
    case "slice":
      return elements(x.type.shape) * mostParts >= elements(x.inputs[0].type.shape)
        ? moved(x, b)
        : rounded(x, b);
    case "cast":
      return x.inputs[0].type.dtype === "f16" ? x.inputs[0] : rounded(x, b);
    default:
      return rounded(x, b);
  }
}

function moved(x: Node, b: Builder): Node {
  const inner = asHalf(x.inputs[0]!, b);
  return b.within(x.origin, () => b.make(x.op, [inner] as never, x.attributes as never) as Node);
}

function rounded(x: Node, b: Builder): Node {
  return b.within(x.origin, () => b.cast(x, "f16"));
}
