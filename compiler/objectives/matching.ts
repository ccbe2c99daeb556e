/**
 * Image-text matching: does this text belong to this picture? Negatives are drawn where the contrast is weakest.
 * BLIP-2 (arXiv:2301.12597, section 3.1); sampling as in ALBEF (Li et al. 2021, arXiv:2107.07651).
 */
import {
  type ImageMemory,
  jointPass,
  pickImages,
  type QformerConfig,
} from "../backbones/qformer.ts";
import type { Node } from "../ir/node.ts";
import { crossEntropy } from "../layers/cross-entropy.ts";
import { linear } from "../layers/linear.ts";
import type { Scope } from "../layers/scope.ts";
import { softmax } from "../layers/softmax.ts";
import { samePicture } from "./contrastive.ts";

export interface MatchingInputs {
  /** Keys and values of the batch's pictures. */
  readonly image: ImageMemory;
  /** i32 [batch, tokens]. */
  readonly ids: Node;
  readonly mask: Node;
  /** From the contrast, already divided by the temperature: [batch, batch]. Absent: all others are as likely. */
  readonly imageToText?: Node | undefined;
  readonly textToImage?: Node | undefined;
  /** i32[batch]; records of the same picture are never negatives of each other. */
  readonly imageIds?: Node | undefined;
  /** i32[batch]: negatives chosen by the caller; absent, they are drawn. */
  readonly negatives?: { readonly images: Node; readonly texts: Node } | undefined;
}

export interface Matching {
  readonly loss: Node;
  /** [3 batch, 2]: own pairs, then negative pictures, then negative texts; class 1 is a match. */
  readonly logits: Node;
  /** Joint pass [3 batch, queries + tokens, width]. */
  readonly hidden: Node;
  readonly accuracy: Node;
}

/** Loss over own pairs and two negatives each. Place of the head: `itm_head`. Needs a seed unless negatives are given. */
export function matching(s: Scope, x: MatchingInputs, c: QformerConfig): Matching {
  const batch = x.ids.type.shape[0]!;
  const { b } = s;
  const place = s.at("itm");
  const { images, texts } = x.negatives ?? drawn(place, x);
  const own = b.iota([batch], 0);
  const imageRows = place.within(() => b.concat([own, images, own], 0));
  const textRows = place.within(() => b.concat([own, own, texts], 0));
  const memory = place.within(() => pickImages(place, x.image, imageRows));
  const ids = place.within(() => b.gather(x.ids, textRows));
  const mask = place.within(() => b.gather(x.mask, textRows));
  const { hidden } = jointPass(s, ids, mask, memory, c);
  const logits = matchLogits(s, hidden, c);
  return place.within(() => {
    const labels = b.cast(b.less(b.iota([3 * batch], 0), batch), "i32");
    const hits = b.equal(b.argmax(logits, 1), labels);
    const accuracy = b.mean(b.cast(hits, "f32"), [0]);
    return { loss: crossEntropy(b, logits, labels), logits, hidden, accuracy };
  });
}

/** Joint pass [batch, queries + tokens, width] → [batch, 2], the mean over queries; class 1 is a match. */
export function matchLogits(s: Scope, hidden: Node, c: QformerConfig): Node {
  const queries = s.at("itm").within(() => s.b.slice(hidden, 1, 0, c.queries));
  const votes = linear(s.at("itm_head"), queries, 2);
  return s.at("itm_head").within(() => s.b.mean(votes, [1]));
}

/** Chance of each column to be the negative of its row: [batch, batch], without gradient. */
export function negativeWeights(s: Scope, similarity: Node, imageIds?: Node): Node {
  return softmax(s.b, barred(s, similarity, imageIds));
}

/** Similarities without gradient, -10000 where the column is no negative of the row. */
function barred(s: Scope, similarity: Node, imageIds?: Node): Node {
  const { b } = s;
  const shape = similarity.type.shape;
  const own =
    imageIds === undefined ? b.equal(b.iota(shape, 0), b.iota(shape, 1)) : samePicture(s, imageIds);
  return b.select(own, b.constant(-10000), b.stopGradient(similarity));
}

/** One draw a row from the softmax of the similarities, or of all others alike: greatest of similarity + Gumbel noise. */
function drawn(s: Scope, x: MatchingInputs): { readonly images: Node; readonly texts: Node } {
  const { b } = s;
  const batch = x.ids.type.shape[0]!;
  const equal = b.broadcastTo(b.constant(0), [batch, batch]);
  const { imageToText = equal, textToImage = equal } = x;
  const draw = (similarity: Node) => {
    const chance = b.max(s.random(similarity.type.shape), 1e-10);
    const noise = b.neg(b.log(b.max(b.neg(b.log(chance)), 1e-10)));
    return b.argmax(b.add(barred(s, similarity, x.imageIds), noise), 1);
  };
  return s.within(() => ({ images: draw(textToImage), texts: draw(imageToText) }));
}
