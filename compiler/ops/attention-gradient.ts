/** Adjoints of queries, keys and values, the scores made again from their log-sum. Dao 2023, arXiv:2307.08691, algorithm 2. */
import { invariant } from "../invariant.ts";
import { lowest } from "../ir/lowest.ts";
import type { OpRule } from "../ir/rule.ts";
import { elements, sameShape, typeText } from "../ir/tensor-type.ts";
import { scoreAdjoint } from "./attention.ts";
import { scoresOf, sizesOf } from "./attention-scores.ts";

export const attentionGradient: OpRule<"attentionGradient"> = {
  infer(inputs, { to }) {
    const [queries, keys, values, , , logSum, adjoint, along] = inputs;
    const [batch, heads, n, width] = queries.type.shape as [number, number, number, number];
    const fits =
      [logSum, along].every(({ type }) => sameShape(type.shape, [batch, heads, n])) &&
      sameShape(adjoint.type.shape, [batch, n, heads, width]);
    invariant(
      fits,
      () => `attentionGradient of ${inputs.map(({ type }) => typeText(type)).join(", ")}`,
    );
    return { queries, keys, values }[to].type;
  },
  gradient: () => "expand",
  reference(inputs, node) {
    const [queries, keys, values, bias, visible, logSum, adjoint, along] = inputs as Eight;
    const { scale, to } = node.attributes;
    const sizes = sizesOf(node);
    const { heads, n, m, width } = sizes;
    const result = new Float64Array(elements(node.type.shape));
    const scores = new Float64Array(m);
    for (let row = 0; row < sizes.batch * heads * n; row++) {
      scoresOf(sizes, row, scale, [queries, keys, bias, visible], scores);
      const matrix = Math.floor(row / n);
      const own = ((Math.floor(matrix / heads) * n + (row % n)) * heads + (matrix % heads)) * width;
      const isBlind = logSum[row]! <= lowest;
      for (let j = 0; j < m; j++) {
        const weight = isBlind ? 1 / m : Math.exp(scores[j]! - logSum[row]!);
        const key = (matrix * m + j) * width;
        let product = 0;
        for (let k = 0; k < width; k++) product += adjoint[own + k]! * values[key + k]!;
        const slope = visible[row * m + j] === 0 ? 0 : scale * weight * (product - along[row]!);
        for (let k = 0; k < width; k++) {
          if (to === "queries") result[row * width + k]! += slope * keys[key + k]!;
          else if (to === "keys") result[key + k]! += slope * queries[row * width + k]!;
          else result[key + k]! += weight * adjoint[own + k]!;
        }
      }
    }
    return result;
  },
  expand(node, b) {
    const { scale, to } = node.attributes;
    const [queries, keys, , , , , adjoint] = node.inputs;
    const { weights, scores } = scoreAdjoint(node.inputs, scale, adjoint, b);
    switch (to) {
      case "queries":
        return b.mul(b.matmul(scores, keys), scale);
      case "keys":
        return b.mul(b.matmul(b.swap(scores), queries), scale);
      case "values":
        return b.matmul(b.swap(weights), b.transpose(adjoint, [0, 2, 1, 3]));
    }
  },
  lowering: { kind: "attention" },
};

type Eight = readonly [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
];
