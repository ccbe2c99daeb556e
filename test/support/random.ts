/** A seeded source of numbers and shapes for tests: the same seed gives the same test. */

export interface Random {
  /** In [0, 1). */
  unit(): number;
  /** In [low, high). */
  between(low: number, high: number): number;
  /** Integer in [low, high]. */
  integer(low: number, high: number): number;
  /** Normal by Box and Muller. */
  normal(): number;
  pick<T>(from: readonly T[]): T;
  /** `count` normal numbers that f32 holds exactly. */
  floats(count: number): Float64Array;
  /** A random order of 0, 1, …, count - 1. */
  order(count: number): number[];
}

/** mulberry32. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 4_294_967_296;
  };
  const integer = (low: number, high: number): number =>
    low + Math.floor(unit() * (high - low + 1));
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  return {
    unit,
    between: (low, high) => low + (high - low) * unit(),
    integer,
    normal,
    pick: (from) => from[integer(0, from.length - 1)]!,
    floats: (count) => Float64Array.from({ length: count }, () => Math.fround(normal())),
    order(count) {
      const result = Array.from({ length: count }, (_, i) => i);
      for (let i = count - 1; i > 0; i--) {
        const j = integer(0, i);
        [result[i], result[j]] = [result[j]!, result[i]!];
      }
      return result;
    },
  };
}
