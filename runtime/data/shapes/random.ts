/**
 * (seed, list name, index) → an endless stream of random words, counter-based.
 *
 * Philox4x32-10: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
 */

/** Four 32-bit words. */
export type PhiloxCounter = readonly [number, number, number, number];

/** Upper 32 bits of the product of two unsigned 32-bit numbers. */
function highProduct(left: number, right: number): number {
  const leftLow = left & 0xffff;
  const leftHigh = left >>> 16;
  const rightLow = right & 0xffff;
  const rightHigh = right >>> 16;
  const first = leftHigh * rightLow + ((leftLow * rightLow) >>> 16);
  const second = leftLow * rightHigh + (first & 0xffff);
  return (leftHigh * rightHigh + (first >>> 16) + (second >>> 16)) >>> 0;
}

/** Ten Philox rounds over a counter and a key of two words; every word is unsigned 32 bit. */
export function philox(counter: PhiloxCounter, keyLow: number, keyHigh: number): PhiloxCounter {
  let [a, b, c, d] = counter;
  let first = keyLow;
  let second = keyHigh;
  for (let round = 0; round < 10; round += 1) {
    const highA = highProduct(a, 0xd2511f53);
    const lowA = Math.imul(a, 0xd2511f53) >>> 0;
    const highC = highProduct(c, 0xcd9e8d57);
    const lowC = Math.imul(c, 0xcd9e8d57) >>> 0;
    a = (highC ^ b ^ first) >>> 0;
    b = lowC;
    c = (highA ^ d ^ second) >>> 0;
    d = lowA;
    first = (first + 0x9e3779b9) >>> 0;
    second = (second + 0xbb67ae85) >>> 0;
  }
  return [a, b, c, d];
}

/** FNV-1a of a list name's UTF-16 code units. */
function nameHash(name: string): number {
  let hash = 0x811c9dc5;
  for (let position = 0; position < name.length; position += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(position), 0x01000193) >>> 0;
  }
  return hash;
}

/** Random numbers of one list entry; the same (seed, name, index) always gives the same numbers. */
export class RandomStream {
  readonly #keyLow: number;
  readonly #keyHigh: number;
  readonly #index: number;
  readonly #seedHigh: number;
  #block = 0;
  #words: PhiloxCounter = [0, 0, 0, 0];
  #used = 4;

  /**
   * @param seed whole number, 0 to 2^53 - 1
   * @param name what is drawn, for instance "train/picture"
   * @param index entry of the list, 0 to 2^32 - 1
   * @throws RangeError for a seed or an index outside these bounds
   */
  constructor(seed: number, name: string, index: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`the seed must be a whole number from 0 to 2^53 - 1, not ${seed}`);
    }
    if (!Number.isInteger(index) || index < 0 || index > 0xffffffff) {
      throw new RangeError(`the index must be a whole number from 0 to 2^32 - 1, not ${index}`);
    }
    this.#keyLow = seed >>> 0;
    this.#keyHigh = nameHash(name);
    this.#index = index;
    this.#seedHigh = Math.floor(seed / 2 ** 32);
  }

  /** The next unsigned 32-bit word. */
  word(): number {
    if (this.#used === 4) {
      const counter: PhiloxCounter = [this.#block, this.#index, this.#seedHigh, 0];
      this.#words = philox(counter, this.#keyLow, this.#keyHigh);
      this.#block += 1;
      this.#used = 0;
    }
    const word = this.#words[this.#used]!;
    this.#used += 1;
    return word;
  }

  /** The next number of [0, 1), a multiple of 2^-32. */
  uniform(): number {
    return this.word() / 2 ** 32;
  }

  /** A number of [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number of 0 .. count - 1. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** One of the entries, each equally likely. Throws RangeError for an empty list. */
  pick<T>(entries: readonly T[]): T {
    if (entries.length === 0) throw new RangeError("nothing to pick from");
    return entries[this.below(entries.length)] as T;
  }
}
