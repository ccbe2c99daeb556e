/** Philox4x32-10 against the known answers that its authors publish (Random123, kat_vectors). */
import { describe, expect, test } from "vitest";
import { philox, unitFloat } from "../../compiler/philox.ts";

const hex = (words: readonly number[]) =>
  words.map((word) => word.toString(16).padStart(8, "0")).join(" ");

describe("philox", () => {
  test("counter and key of zeros", () => {
    expect(hex(philox([0, 0, 0, 0], [0, 0]))).toBe("6627e8d5 e169c58d bc57ac4c 9b00dbd8");
  });
  test("counter and key of ones", () => {
    const ones = 0xffffffff;
    expect(hex(philox([ones, ones, ones, ones], [ones, ones]))).toBe(
      "408f276d 41c83b0e a20bc7c6 6d5451fd",
    );
  });
  test("digits of pi", () => {
    expect(
      hex(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])),
    ).toBe("d16cfe09 94fdcceb 5001e420 24126ea1");
  });
  test("signed words count as their bits", () => {
    expect(philox([-1, -1, -1, -1], [-1, -1])).toEqual(
      philox([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff]),
    );
  });
});

test("the 16-bit products give what exact integers give", () => {
  const wide = (counter: readonly number[], key: readonly number[]) => {
    let [c0, c1, c2, c3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
    let [k0, k1] = key.map(BigInt) as [bigint, bigint];
    const low = 0xffffffffn;
    for (let round = 0; round < 10; round++) {
      const p0 = 0xd2511f53n * c0;
      const p1 = 0xcd9e8d57n * c2;
      [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & low, (p0 >> 32n) ^ c3 ^ k1, p0 & low];
      k0 = (k0 + 0x9e3779b9n) & low;
      k1 = (k1 + 0xbb67ae85n) & low;
    }
    return [c0, c1, c2, c3].map(Number);
  };
  let words = philox([1, 2, 3, 4], [5, 6]);
  for (let i = 0; i < 500; i++) {
    const key = [words[1], words[3]] as const;
    expect(philox(words, key)).toEqual(wide(words, key));
    words = philox([i, words[0], words[2], 0xffffffff - i], key);
  }
});

test("unitFloat keeps 24 bits and stays below 1", () => {
  expect(unitFloat(0)).toBe(0);
  expect(unitFloat(0xffffffff)).toBe(1 - 2 ** -24);
  expect(unitFloat(0x80000000)).toBe(0.5);
  expect(Math.fround(unitFloat(0xffffffff))).toBe(unitFloat(0xffffffff));
});
