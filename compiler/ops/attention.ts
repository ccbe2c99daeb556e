/** Softmax of scaled products, and the values that it mixes, without the scores being kept. Dao 2023, arXiv:2307.08691. */
import { invariant } from "../invariant.ts";
import type { Builder } from "../ir/builder.ts";
import { lowest } from "../ir/lowest.ts";
import type { Node } from "../ir/node.ts";
import type { OpRule } from "../ir/rule.ts";
import { elements, sameShape, typeText } from "../ir/tensor-type.ts";
import { scoresOf, sizesOf } from "./attention-scores.ts";

export const attention: OpRule<"attention"> = {
  infer(inputs, { gives }) {
    const [queries, keys, values, bias, visible] = inputs;
    const [batch, heads, n, width] = queries.type.shape as [number, number, number, number];
    const m = keys.type.shape[2]!;
    const fits =
      queries.type.shape.length === 4 &&
      sameShape(keys.type.shape, [batch, heads, m, width]) &&
      sameShape(values.type.shape, keys.type.shape) &&
      [bias, visible].every(({ type }) => sameShape(type.shape, [batch, heads, n, m])) &&
      [queries, keys, values, bias].every(({ type }) => type.dtype === "f32") &&
      visible.type.dtype === "bool";
    invariant(fits, () => `attention of ${inputs.map(({ type }) => typeText(type)).join(", ")}`);
    return {
      shape: gives === "mixed" ? [batch, n, heads, width] : [batch, heads, n],
      dtype: "f32",
    };
  },
  gradient(node, adjoint, b) {
    const { scale, gives } = node.attributes;
    if (gives === "logSum") return "expand";
    const { inputs } = node;
    const logSum = b.make("attention", inputs, { scale, gives: "logSum" });
    const along = b.transpose(b.sum(b.mul(adjoint, node), [-1]), [0, 2, 1]);
    const to = (name: "queries" | "keys" | "values") =>
      b.make("attentionGradient", [...inputs, logSum, adjoint, along], { scale, to: name });
    const { scores } = scoreAdjoint(inputs, scale, adjoint, b);
    return [to("queries"), to("keys"), to("values"), scores, null];
  },
  reference([queries, keys, values, bias, visible], node) {
    const sizes = sizesOf(node);
    const { heads, n, m, width } = sizes;
    const { gives } = node.attributes;
    const result = new Float64Array(elements(node.type.shape));
    const scores = new Float64Array(m);
    for (let row = 0; row < sizes.batch * heads * n; row++) {
      scoresOf(sizes, row, node.attributes.scale, [queries!, keys!, bias!, visible!], scores);
      const top = scores.reduce((a, c) => Math.max(a, c), Number.NEGATIVE_INFINITY);
      let sum = 0;
      for (const score of scores) sum += Math.exp(score - top);
      if (gives === "logSum") {
        result[row] = top + Math.log(sum);
        continue;
      }
      const matrix = Math.floor(row / n);
      const [at, head] = [Math.floor(matrix / heads), matrix % heads];
      const to = ((at * n + (row % n)) * heads + head) * width;
      for (let j = 0; j < m; j++) {
        const weight = Math.exp(scores[j]! - top) / sum;
        const from = (matrix * m + j) * width;
        for (let k = 0; k < width; k++) result[to + k]! += weight * values![from + k]!;
      }
    }
    return result;
  },
  expand(node, b) {
    const { scale, gives } = node.attributes;
    const scores = scoreNodes(node.inputs, scale, b);
    const top = b.stopGradient(b.reduce("max", scores, [-1], true));
    const power = b.exp(b.sub(scores, top));
    const sum = b.sum(power, [-1], true);
    if (gives === "logSum") return b.reshape(b.add(top, b.log(sum)), node.type.shape);
    return b.transpose(b.matmul(b.div(power, sum), node.inputs[2]), [0, 2, 1, 3]);
  },
  lowering: { kind: "attention" },
};

/** queries, keys, values, bias, visible. */
type Operands = readonly [Node, Node, Node, Node, Node, ...Node[]];

/** Scores [batch, heads, n, m]. */
function scoreNodes([queries, keys, , bias, visible]: Operands, scale: number, b: Builder): Node {
  const product = b.mul(b.matmul(queries, b.swap(keys)), scale);
  return b.select(visible, b.add(product, bias), lowest);
}

/** The shares of attention and the adjoint of the scores before scale, from the adjoint of what is mixed. */
export function scoreAdjoint(
  inputs: Operands,
  scale: number,
  adjoint: Node,
  b: Builder,
): { readonly weights: Node; readonly scores: Node } {
  const [, , values, , visible] = inputs;
  const all = scoreNodes(inputs, scale, b);
  const power = b.exp(b.sub(all, b.stopGradient(b.reduce("max", all, [-1], true))));
  const weights = b.div(power, b.sum(power, [-1], true));
  const own = b.matmul(b.transpose(adjoint, [0, 2, 1, 3]), b.swap(values));
  const mean = b.sum(b.mul(weights, own), [-1], true);
  return { weights, scores: b.select(visible, b.mul(weights, b.sub(own, mean)), 0) };
}
