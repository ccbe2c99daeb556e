/** Language modelling behind a prefix of projected queries. BLIP-2 (arXiv:2301.12597, section 3.2), decoder-only form. */
import { type OptConfig, type OptPass, opt, optEmbeddings, optLogits } from "../backbones/opt.ts";
import type { Node } from "../ir/node.ts";
import { crossEntropy, ignored } from "../layers/cross-entropy.ts";
import { onesMask } from "../layers/mask.ts";
import type { Scope } from "../layers/scope.ts";

export interface LanguageInputs {
  /** Projected queries [batch, queries, embedding width]; absent for text alone. */
  readonly prefix?: Node | undefined;
  /** i32 [batch, tokens]. */
  readonly ids: Node;
  readonly mask: Node;
  /** i32 [batch, tokens], -100 where nothing is to be predicted; absent: the ids wherever the mask is 1. */
  readonly labels?: Node | undefined;
}

/** `full`: the last query predicts the first token. `text`: the first token is predicted by nobody. */
export type LanguageVariant = "full" | "text";

export interface Language {
  readonly loss: Node;
  /** [batch, targets, vocabulary], the row before each target. */
  readonly logits: Node;
  readonly pass: OptPass;
}

/** Decoder over [prefix ; text]: hidden rows of both. Place: that of the decoder. */
export function prefixedPass(s: Scope, x: LanguageInputs, c: OptConfig): OptPass {
  const words = optEmbeddings(s, x.ids, c);
  const { prefix } = x;
  if (prefix === undefined) return opt(s, words, x.mask, c);
  const { b } = s;
  const [batch, queries] = prefix.type.shape as [number, number];
  const joined = s.within(() => b.concat([prefix, words], 1));
  const mask = s.within(() => b.concat([onesMask(b, batch, queries), x.mask], 1));
  return opt(s, joined, mask, c);
}

/**
 * Next-token loss, the mean over targets; `smoothing` is the share of a target that is spread over all words. Without a
 * prefix `full` is `text`.
 */
export function language(
  s: Scope,
  x: LanguageInputs,
  c: OptConfig,
  variant: LanguageVariant = "full",
  smoothing = 0,
): Language {
  const { b } = s;
  const pass = prefixedPass(s, x, c);
  const [batch, tokens] = x.ids.type.shape as [number, number];
  const queries = pass.hidden.type.shape[1]! - tokens;
  const skipped = variant === "full" && queries > 0 ? 0 : 1;
  const rows = s
    .at("lm")
    .within(() => b.slice(pass.hidden, 1, queries + skipped - 1, queries + tokens - 1));
  const logits = optLogits(s, rows, c);
  const loss = s.at("lm").within(() => {
    const labels = x.labels ?? b.select(b.less(0, x.mask), x.ids, ignored);
    const count = batch * (tokens - skipped);
    const targets = b.reshape(b.slice(labels, 1, skipped, tokens), [count]);
    return crossEntropy(b, b.reshape(logits, [count, c.vocabulary]), targets, { smoothing });
  });
  return { loss, logits, pass };
}
