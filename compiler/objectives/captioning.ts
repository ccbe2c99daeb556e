/**
 * Image-grounded text generation: the next word from the queries and the words so far.
 * BLIP-2 (arXiv:2301.12597, section 3.1). The queries are not run again: text reads their keys and values.
 */
import { captionLogits, captionPass, type QformerConfig } from "../backbones/qformer.ts";
import type { Node } from "../ir/node.ts";
import type { KeysValues } from "../layers/attention.ts";
import { crossEntropy, ignored } from "../layers/cross-entropy.ts";
import type { Scope } from "../layers/scope.ts";

export interface CaptioningInputs {
  /** i32 [batch, tokens]: [CLS] words [SEP] padding. */
  readonly ids: Node;
  readonly mask: Node;
  /** Of the self-attention in the picture pass, one pair a layer. */
  readonly past: readonly KeysValues[];
}

export interface CaptioningOptions {
  /** Stands in the place of [CLS]. */
  readonly startId: number;
  readonly smoothing: number;
}

export interface Captioning {
  readonly loss: Node;
  /** [batch, tokens - 1, vocabulary]: of the word behind each position. */
  readonly logits: Node;
  /** [batch, tokens, width]. */
  readonly hidden: Node;
}

/** Mean over the words that the mask shows. */
export function captioning(
  s: Scope,
  x: CaptioningInputs,
  c: QformerConfig,
  options: CaptioningOptions,
): Captioning {
  const { b } = s;
  const [batch, tokens] = x.ids.type.shape as [number, number];
  const place = s.at("itg");
  const ids = place.within(() => {
    const start = b.constant(options.startId, [batch, 1], "i32");
    return b.concat([start, b.slice(x.ids, 1, 1, tokens)], 1);
  });
  const { hidden } = captionPass(s, ids, x.mask, x.past, c);
  const rows = place.within(() => b.slice(hidden, 1, 0, tokens - 1));
  const logits = captionLogits(s, rows, c);
  const loss = place.within(() => {
    const count = batch * (tokens - 1);
    const next = b.slice(ids, 1, 1, tokens);
    const isWord = b.less(0, b.slice(x.mask, 1, 1, tokens));
    const labels = b.select(isWord, next, ignored);
    const { smoothing } = options;
    const flat = b.reshape(logits, [count, c.vocabulary]);
    return crossEntropy(b, flat, b.reshape(labels, [count]), { smoothing });
  });
  return { loss, logits, hidden };
}
