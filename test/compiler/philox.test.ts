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

test("unitFloat keeps 24 bits and stays below 1", () => {
  expect(unitFloat(0)).toBe(0);
  expect(unitFloat(0xffffffff)).toBe(1 - 2 ** -24);
  expect(unitFloat(0x80000000)).toBe(0.5);
  expect(Math.fround(unitFloat(0xffffffff))).toBe(unitFloat(0xffffffff));
});
