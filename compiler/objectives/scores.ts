/** Scores for retrieval: cosine of the contrast, and the match logit that re-ranks its best candidates. */
import {
  type ImageMemory,
  jointPass,
  type QformerConfig,
  queryPass,
  textPass,
} from "../backbones/qformer.ts";
import type { Node } from "../ir/node.ts";
import type { Scope } from "../layers/scope.ts";
import { projected, queryTextSimilarity } from "./contrastive.ts";
import { matchLogits } from "./matching.ts";

/** Pictures → unit vectors [batch, queries, common width]. `heads`: where the contrast's projections stand. */
export function imageFeatures(
  s: Scope,
  image: ImageMemory,
  c: QformerConfig,
  heads: Scope = s,
): Node {
  return projected(heads, "vision_proj", queryPass(s, image, c).hidden, c.embedding);
}

/** `ids`, `mask` i32 [batch, tokens] → unit vectors [batch, common width]. `heads` as for pictures. */
export function textFeatures(
  s: Scope,
  ids: Node,
  mask: Node,
  c: QformerConfig,
  heads: Scope = s,
): Node {
  const row = firstRow(s, textPass(s, ids, mask, c).hidden);
  return projected(heads, "text_proj", row, c.embedding);
}

/** Row 0 of each sequence: [batch, tokens, width] → [batch, width]. */
export function firstRow(s: Scope, hidden: Node): Node {
  const [batch, , width] = hidden.type.shape as [number, number, number];
  return s.at("itc").within(() => s.b.reshape(s.b.slice(hidden, 1, 0, 1), [batch, width]));
}

/** Features of pictures and texts → greatest cosine over queries [images, texts], no temperature. */
export function contrastScore(s: Scope, images: Node, texts: Node): Node {
  return s.at("itc").within(() => queryTextSimilarity(s, images, texts));
}

/** Pair i is picture i with text i: logit of a match [batch], the mean over queries, no softmax. */
export function matchScore(
  s: Scope,
  image: ImageMemory,
  ids: Node,
  mask: Node,
  c: QformerConfig,
): Node {
  const logits = matchLogits(s, jointPass(s, ids, mask, image, c).hidden, c);
  return s.at("itm").within(() => s.b.reshape(s.b.slice(logits, 1, 1, 2), [logits.type.shape[0]!]));
}
