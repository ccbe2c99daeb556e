/** One step of a prefixed decoder: prompt and words so far → logits of the next. */
import { type OptConfig, optLogits } from "../backbones/opt.ts";
import type { Node } from "../ir/node.ts";
import type { Scope } from "../layers/scope.ts";
import { type LanguageInputs, prefixedPass } from "../objectives/language.ts";
import { rowAt } from "./row-at.ts";

/**
 * `position` i32[1] is the last written column of `ids`; columns behind it may hold anything, their mask 1 or 0.
 * → logits [rows, vocabulary]. Padding of the prompt stands on the left, with mask 0.
 */
export function languageStep(
  s: Scope,
  x: Omit<LanguageInputs, "labels">,
  position: Node,
  c: OptConfig,
): Node {
  const { b } = s;
  const { hidden } = prefixedPass(s, x, c);
  const queries = hidden.type.shape[1]! - x.ids.type.shape[1]!;
  return optLogits(s, rowAt(b, hidden, b.add(position, queries)), c);
}
