import { describe, expect, it } from "vitest";
import {
  brainFromFloat,
  floatFromBrain,
  floatFromHalf,
  floatsFromHalves,
  halfFromFloat,
  halvesFromFloats,
} from "../../runtime/half.ts";

describe("f16", () => {
  it("knows the landmarks", () => {
    const landmarks: readonly (readonly [number, number])[] = [
      [0, 0x0000],
      [-0, 0x8000],
      [1, 0x3c00],
      [-2, 0xc000],
      [65504, 0x7bff],
      [2 ** -14, 0x0400],
      [2 ** -24, 0x0001],
      [1 / 3, 0x3555],
      [Number.POSITIVE_INFINITY, 0x7c00],
      [Number.NEGATIVE_INFINITY, 0xfc00],
    ];
    for (const [value, bits] of landmarks) {
      expect(halfFromFloat(value)).toBe(bits);
      if (value !== 1 / 3) expect(floatFromHalf(bits)).toBe(value);
    }
    expect(floatFromHalf(halfFromFloat(Number.NaN))).toBeNaN();
  });

  it("comes back from all 65,536 bit patterns", () => {
    const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
    const back = halvesFromFloats(floatsFromHalves(all));
    for (let bits = 0; bits < 65536; bits += 1) {
      const isQuiet = (bits & 0x7fff) > 0x7c00;
      if (isQuiet) expect((back[bits] as number) & 0x7fff).toBe(0x7e00);
      else if (back[bits] !== bits) expect([bits, back[bits]]).toEqual([bits, bits]);
    }
  });

  it("rounds to the nearest, and a tie to the even one, between all neighbors", () => {
    const problems: number[][] = [];
    for (let bits = 0; bits < 0x7bff; bits += 1) {
      const low = floatFromHalf(bits);
      const high = floatFromHalf(bits + 1);
      const middle = (low + high) / 2;
      const nudge = (high - low) / 64;
      const even = (bits & 1) === 0 ? bits : bits + 1;
      if (halfFromFloat(middle) !== even) problems.push([bits, middle]);
      if (halfFromFloat(middle - nudge) !== bits) problems.push([bits, middle - nudge]);
      if (halfFromFloat(middle + nudge) !== bits + 1) problems.push([bits, middle + nudge]);
      if (halfFromFloat(-middle) !== (even | 0x8000)) problems.push([bits, -middle]);
    }
    expect(problems).toEqual([]);
  });

  it("overflows at 65520, half way to the next power of two", () => {
    expect(halfFromFloat(65519.996)).toBe(0x7bff);
    expect(halfFromFloat(65520)).toBe(0x7c00);
    expect(halfFromFloat(1e30)).toBe(0x7c00);
    expect(halfFromFloat(2 ** -25)).toBe(0);
    expect(halfFromFloat(2 ** -25 * 1.0001)).toBe(1);
    expect(halfFromFloat(1e-40)).toBe(0);
  });
});

describe("bf16", () => {
  it("comes back from all bit patterns and rounds ties to even", () => {
    for (let bits = 0; bits < 65536; bits += 1) {
      if ((bits & 0x7fff) > 0x7f80) continue;
      if (brainFromFloat(floatFromBrain(bits)) !== bits) expect(bits).toBe(-1);
    }
    expect(brainFromFloat(1 + 2 ** -8)).toBe(0x3f80);
    expect(brainFromFloat(1 + 3 * 2 ** -8)).toBe(0x3f82);
    expect(floatFromBrain(brainFromFloat(Number.NaN))).toBeNaN();
    expect(floatFromBrain(brainFromFloat(-Number.MAX_VALUE))).toBe(Number.NEGATIVE_INFINITY);
  });
});
