/** What a golden check gives: one line a compared key, or the reason why a key was left out. */

/** One comparison with a reference value. */
export interface Measured {
  /** Case and key. */
  readonly name: string;
  /** What was compared, in a few words. */
  readonly compared: string;
  /** Largest error, in the unit that `bound` has. */
  readonly error: number;
  readonly bound: number;
  readonly passed: boolean;
  readonly note?: string;
}

/** A key that was not compared, and why. */
export interface LeftOut {
  readonly name: string;
  readonly leftOut: string;
}

/** A line of the golden report. */
export type Comparison = Measured | LeftOut;

/** Compares a measured error with its bound; NaN fails. */
export function measured(
  name: string,
  compared: string,
  error: number,
  bound: number,
  note?: string,
): Measured {
  const base = { name, compared, error, bound, passed: error <= bound };
  return note === undefined ? base : { ...base, note };
}

/** Largest absolute difference; NaN when any value is NaN, infinity when the lengths differ. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let index = 0; index < actual.length; index++) {
    const difference = Math.abs(actual[index]! - expected[index]!);
    if (Number.isNaN(difference)) return Number.NaN;
    if (difference > largest) largest = difference;
  }
  return largest;
}
