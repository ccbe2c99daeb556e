/** (seed, epoch, sample, purpose) → a stream of uniform numbers, the same whatever was drawn before. */
import { philox } from "../../compiler/philox.ts";

/** Gives the next uniform number in [0, 1), 53 bits. */
export type RandomSource = () => number;

/** What a stream of random numbers belongs to. All are non-negative integers. */
export interface RandomPlace {
  /** The seed of the run, below 2^53. */
  readonly seed: number;
  readonly epoch: number;
  /** The record's number in its data set. */
  readonly sample: number;
  /** Keeps the draws of different uses apart. */
  readonly purpose: number;
}

/** Purposes in use; a new use takes a new number. */
export const purposes = { image: 0, caption: 1, order: 2 } as const;

/** The stream of a place. Two streams of the same place give the same numbers. */
export function randomSource(place: RandomPlace): RandomSource {
  const key = keyOf(place.seed);
  let block = 0;
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const words = philox([place.sample, place.epoch, place.purpose, block++], key);
    spare = uniform(words[2], words[3]);
    return uniform(words[0], words[1]);
  };
}

/** The two key words of a seed. Throws RangeError for anything but an integer from 0 to 2^53 - 1. */
export function keyOf(seed: number): readonly [number, number] {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`${seed} is not a seed`);
  return [seed >>> 0, Math.floor(seed / 2 ** 32)];
}

function uniform(high: number, low: number): number {
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}
