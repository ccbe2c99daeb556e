/** Random streams that differ by seed, name and index. */
import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../../runtime/data/shapes/random.ts";

describe("RandomStream", () => {
  const words = (seed: number, name: string, index: number) => {
    const stream = new RandomStream(seed, name, index);
    return Array.from({ length: 9 }, () => stream.word()).join();
  };

  it("repeats itself and differs by seed, upper seed bits, name and index", () => {
    expect(words(7, "a", 3)).toBe(words(7, "a", 3));
    const others = [
      words(8, "a", 3),
      words(7 + 2 ** 32, "a", 3),
      words(7, "b", 3),
      words(7, "a", 4),
    ];
    expect(new Set([words(7, "a", 3), ...others]).size).toBe(5);
  });

  it("is uniform", () => {
    const stream = new RandomStream(1, "uniform", 0);
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw += 1) counts[stream.below(10)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    for (let draw = 0; draw < 1000; draw += 1) {
      const number = stream.between(-8, 8);
      expect(number >= -8 && number < 8).toBe(true);
    }
  });

  it("refuses seeds and indices that would not be exact", () => {
    expect(() => new RandomStream(-1, "a", 0)).toThrow(RangeError);
    expect(() => new RandomStream(0.5, "a", 0)).toThrow(RangeError);
    expect(() => new RandomStream(1, "a", 2 ** 32)).toThrow(RangeError);
    expect(() => new RandomStream(1, "a", 0).pick([])).toThrow(RangeError);
  });
});
