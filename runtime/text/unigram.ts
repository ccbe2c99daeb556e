/** Text → the most probable pieces, as SentencePiece's optimized encoder finds them. Kudo 2018, arXiv:1804.10959. */

/** Pieces and scores; the position is the id. */
export interface UnigramTable {
  readonly vocabulary: readonly (readonly [piece: string, score: number])[];
  readonly unknownId: number;
  /** Pieces never found in text: control and added tokens. */
  readonly excluded: ReadonlySet<string>;
}

/** What SentencePiece subtracts from the lowest score for an unknown character. */
const unknownPenalty = 10;

/** Best path that ends at a character: its last piece begins at `start` (-1: none yet). */
interface Best {
  readonly start: number;
  readonly score: number;
}

/**
 * Makes the encoder. Sums are rounded to float32 as the reference does: long runs of equal scores are decided by
 * that rounding. Characters no piece covers come out alone.
 */
export function unigramEncoder(table: UnigramTable): (text: string) => string[] {
  const scores = new Map<string, number>();
  let longest = 1;
  let lowest = Number.POSITIVE_INFINITY;
  table.vocabulary.forEach(([piece, score], id) => {
    if (id === table.unknownId || table.excluded.has(piece) || piece === "") return;
    scores.set(piece, Math.fround(score));
    lowest = Math.min(lowest, Math.fround(score));
    longest = Math.max(longest, Array.from(piece).length);
  });
  const unknownScore = Math.fround(lowest - unknownPenalty);

  return (text) => {
    const characters = Array.from(text);
    const best: Best[] = characters.map(() => ({ start: -1, score: 0 }));
    best.push({ start: -1, score: 0 });
    const offer = (start: number, end: number, candidate: number) => {
      const held = best[end]!;
      if (held.start < 0 || candidate > held.score) {
        best[end] = { start, score: candidate };
      }
    };
    for (let start = 0; start < characters.length; start++) {
      const soFar = best[start]!.score;
      let piece = "";
      let single = false;
      const limit = Math.min(characters.length, start + longest);
      for (let end = start + 1; end <= limit; end++) {
        piece += characters[end - 1]!;
        const score = scores.get(piece);
        if (score === undefined) continue;
        offer(start, end, Math.fround(score + soFar));
        if (end === start + 1) single = true;
      }
      if (!single) offer(start, start + 1, Math.fround(unknownScore + soFar));
    }
    const pieces: string[] = [];
    for (let end = characters.length; end > 0; end = best[end]!.start) {
      pieces.push(characters.slice(best[end]!.start, end).join(""));
    }
    return pieces.reverse();
  };
}
