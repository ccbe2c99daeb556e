/** The scores of one query against all keys, in f64: what the references of attention and of its gradient share. */
import { lowest } from "../ir/lowest.ts";
import type { NodeOf } from "../ir/node.ts";
import type { Values } from "../ir/rule.ts";

export interface AttentionSizes {
  readonly batch: number;
  readonly heads: number;
  /** Queries. */
  readonly n: number;
  /** Keys. */
  readonly m: number;
  readonly width: number;
}

export function sizesOf(node: NodeOf<"attention"> | NodeOf<"attentionGradient">): AttentionSizes {
  const [queries, keys] = node.inputs;
  const [batch, heads, n, width] = queries.type.shape as [number, number, number, number];
  return { batch, heads, n, m: keys.type.shape[2]!, width };
}

/** Fills `scores` [m] for query `row`, counted over batch, heads and queries. */
export function scoresOf(
  { n, m, width }: AttentionSizes,
  row: number,
  scale: number,
  [queries, keys, bias, visible]: readonly [Values, Values, Values, Values],
  scores: Float64Array,
): void {
  const matrix = Math.floor(row / n);
  for (let j = 0; j < m; j++) {
    let product = 0;
    for (let k = 0; k < width; k++)
      product += queries[row * width + k]! * keys[(matrix * m + j) * width + k]!;
    const place = row * m + j;
    scores[j] = visible[place] === 0 ? lowest : scale * product + bias[place]!;
  }
}
