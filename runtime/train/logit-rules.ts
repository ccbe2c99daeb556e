/** Scores of the next token, changed in place before a choice. Semantics of transformers' logits processors. */

/** Ids in `ids` become less likely: negative scores times `penalty`, positive ones divided by it. Keskar et al. 2019, arXiv:1909.05858. */
export function repetitionPenalty(
  scores: Float64Array,
  ids: Iterable<number>,
  penalty: number,
): void {
  for (const id of new Set(ids)) {
    const score = scores[id]!;
    scores[id] = score < 0 ? score * penalty : score / penalty;
  }
}

/** No `size` ids in a row stand twice in the sequence. */
export function noRepeatNgram(scores: Float64Array, ids: readonly number[], size: number): void {
  if (ids.length + 1 < size) return;
  const tail = ids.slice(ids.length - size + 1);
  for (let start = 0; start + size <= ids.length; start++)
    if (tail.every((id, i) => ids[start + i] === id))
      scores[ids[start + size - 1]!] = Number.NEGATIVE_INFINITY;
}

/** Scores divided by `temperature`. */
export function temperature(scores: Float64Array, value: number): void {
  for (let i = 0; i < scores.length; i++) scores[i]! /= value;
}

/** Only scores that are among the `count` greatest remain; equals of the last one remain too. */
export function topK(scores: Float64Array, count: number): void {
  const least = Float64Array.from(scores).sort()[Math.max(0, scores.length - count)]!;
  for (let i = 0; i < scores.length; i++)
    if (scores[i]! < least) scores[i] = Number.NEGATIVE_INFINITY;
}

/**
 * The most likely tokens remain whose chances exceed `share` together, at least `keep` of them.
 * From the unlikely end: dropped while the sum so far is at most 1 - share. Holtzman et al. 2020, arXiv:1904.09751.
 */
export function topP(scores: Float64Array, share: number, keep = 1): void {
  const order = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]! || a - b);
  const chances = softmax(scores);
  let sum = 0;
  for (let i = 0; i < order.length - keep; i++) {
    sum += chances[order[i]!]!;
    if (sum > 1 - share) return;
    scores[order[i]!] = Number.NEGATIVE_INFINITY;
  }
}

/** Chances that sum to 1. */
export function softmax(scores: ArrayLike<number>): Float64Array {
  const greatest = Array.prototype.reduce.call(
    scores,
    (a, b) => Math.max(a as number, b as number),
    Number.NEGATIVE_INFINITY,
  ) as number;
  const powers = Float64Array.from(scores, (score) => Math.exp(score - greatest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** Logarithms of `softmax`. */
export function logSoftmax(logits: ArrayLike<number>): Float64Array {
  let greatest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) greatest = Math.max(greatest, logits[i]!);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i]! - greatest);
  const shift = greatest + Math.log(sum);
  return Float64Array.from(logits, (logit) => logit - shift);
}

/** Indices of the `count` greatest scores, the greatest first; of equals the earlier first. */
export function greatest(scores: Float64Array, count: number): number[] {
  const best: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (best.length === count && score <= scores[best[count - 1]!]!) continue;
    let at = best.length;
    while (at > 0 && scores[best[at - 1]!]! < score) at--;
    best.splice(at, 0, i);
    if (best.length > count) best.pop();
  }
  return best;
}
