/** Times of rounds → which tile is faster than the default by more than the noise. */

/** A tile's times beside those of the default; index by index they are of the same round. */
export interface Verdict {
  /** Milliseconds of one product. */
  readonly medians: readonly number[];
  /** Index of the winner; 0, the default, unless another one is surely faster. */
  readonly best: number;
}

/** In three of four rounds a winner takes at most this share of the default's time. */
const surely = 0.98;

/** `rounds[r][c]`: milliseconds of contender c in round r; contender 0 is the default. At least one round. */
export function verdictOf(rounds: readonly (readonly number[])[]): Verdict {
  const contenders = rounds[0]!.map((_, index) => index);
  const medians = contenders.map((index) => quantile(times(rounds, index), 0.5));
  const isSure = (index: number) => quantile(ratios(rounds, index), 0.75) < surely;
  const best = contenders
    .filter((index) => index === 0 || isSure(index))
    .reduce((one, other) => (medianRatio(rounds, other) < medianRatio(rounds, one) ? other : one));
  return { medians, best };
}

/** Median over the rounds of a contender's time over the default's in the same round. */
export function medianRatio(rounds: readonly (readonly number[])[], index: number): number {
  return quantile(ratios(rounds, index), 0.5);
}

const times = (rounds: readonly (readonly number[])[], index: number) =>
  rounds.map((round) => round[index]!);

const ratios = (rounds: readonly (readonly number[])[], index: number) =>
  rounds.map((round) => round[index]! / round[0]!);

/** Linear between neighbors. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}
