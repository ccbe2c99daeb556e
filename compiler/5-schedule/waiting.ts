/** Which drafts of kernels wait for which, kept as they grow: a row of bits each. */

/** Numbers of drafts, and for each all that must run before it. */
export class Waiting {
  readonly #words: number;
  readonly #before: Uint32Array[] = [];

  /** At most `most` drafts. */
  constructor(most: number) {
    this.#words = Math.ceil(most / 32);
  }

  /** A draft with the next number, after `dependencies` and all that these wait for. */
  add(dependencies: Iterable<number>): void {
    const row = new Uint32Array(this.#words);
    this.#into(row, dependencies);
    this.#before.push(row);
  }

  /** `draft`, and with it everything that waits for it, now waits for `dependencies` too. */
  extend(draft: number, dependencies: Iterable<number>): void {
    const row = this.#before[draft]!;
    const fresh = [...dependencies].filter((each) => each !== draft && !has(row, each));
    if (fresh.length === 0) return;
    const more = row.slice();
    this.#into(more, fresh);
    more[draft >> 5]! &= ~(1 << (draft & 31));
    for (const other of this.#before) {
      if (other !== row && !has(other, draft)) continue;
      for (let i = 0; i < other.length; i++) other[i]! |= more[i]!;
    }
  }

  /** True when `draft` waits for `other`, or is it. */
  isAfter(draft: number, other: number): boolean {
    return draft === other || has(this.#before[draft]!, other);
  }

  #into(row: Uint32Array, dependencies: Iterable<number>): void {
    for (const dependency of dependencies) {
      const before = this.#before[dependency]!;
      for (let i = 0; i < row.length; i++) row[i]! |= before[i]!;
      row[dependency >> 5]! |= 1 << (dependency & 31);
    }
  }
}

function has(row: Uint32Array, draft: number): boolean {
  return (row[draft >> 5]! & (1 << (draft & 31))) !== 0;
}
