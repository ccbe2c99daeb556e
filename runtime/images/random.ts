/** (seed, epoch, sample, purpose) → a stream of uniform numbers, the same whatever was drawn before. Philox 4x32-10, Salmon et al. 2011. */

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

/** Four 32-bit words of Philox 4x32 with ten rounds. */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): readonly [number, number, number, number] {
  let [a, b, c, d] = counter;
  let [left, right] = key;
  for (let round = 0; round < 10; round++) {
    const highA = multiplyHigh(a, 0xd2511f53);
    const lowA = Math.imul(a, 0xd2511f53) >>> 0;
    const highC = multiplyHigh(c, 0xcd9e8d57);
    const lowC = Math.imul(c, 0xcd9e8d57) >>> 0;
    [a, b, c, d] = [(highC ^ b ^ left) >>> 0, lowC, (highA ^ d ^ right) >>> 0, lowA];
    left = (left + 0x9e3779b9) >>> 0;
    right = (right + 0xbb67ae85) >>> 0;
  }
  return [a, b, c, d];
}

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

/** Upper 32 bits of the 64-bit product of two 32-bit words. */
function multiplyHigh(x: number, y: number): number {
  const xLow = x & 0xffff;
  const xHigh = x >>> 16;
  const yLow = y & 0xffff;
  const yHigh = y >>> 16;
  const middle = xHigh * yLow + ((xLow * yLow) >>> 16);
  return (
    (xHigh * yHigh +
      Math.floor(middle / 65536) +
      Math.floor(((middle & 0xffff) + xLow * yHigh) / 65536)) >>>
    0
  );
}
