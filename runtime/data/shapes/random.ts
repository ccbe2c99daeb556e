/** (seed, list name, index) → an endless stream of random words, counter-based. */
import { type Four, philox } from "../../../compiler/philox.ts";

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
  readonly #key: readonly [number, number];
  readonly #index: number;
  readonly #seedHigh: number;
  #block = 0;
  #words: Four = [0, 0, 0, 0];
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
    this.#key = [seed >>> 0, nameHash(name)];
    this.#index = index;
    this.#seedHigh = Math.floor(seed / 2 ** 32);
  }

  /** The next unsigned 32-bit word. */
  word(): number {
    if (this.#used === 4) {
      this.#words = philox([this.#block, this.#index, this.#seedHigh, 0], this.#key);
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
