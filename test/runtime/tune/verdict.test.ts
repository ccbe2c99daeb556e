/** A tile wins when it is faster than the default by more than the noise. */
import { describe, expect, test } from "vitest";
import { verdictOf } from "../../../runtime/tune/verdict.ts";

describe("a verdict", () => {
  test("is for the tile that takes least of the default's time, round by round", () => {
    const rounds = [
      [10, 8, 7],
      [20, 16, 14],
      [10, 8, 7],
    ];
    expect(verdictOf(rounds)).toEqual({ medians: [10, 8, 7], best: 2 });
  });

  test("compares within a round: a machine that is slow for a while decides nothing", () => {
    const rounds = [10, 30, 30, 31, 10].map((time) => [time, 0.9 * time]);
    expect(verdictOf(rounds).best).toBe(1);
    const disturbed = [
      [10, 10],
      [50, 10],
      [10, 10],
      [10, 10],
    ];
    expect(verdictOf(disturbed).best).toBe(0);
  });

  test("stays with the default where the other is faster in the middle but not surely", () => {
    const rounds = [0.9, 0.9, 0.9, 1.1, 1.1].map((ratio) => [10, 10 * ratio]);
    expect(verdictOf(rounds).best).toBe(0);
    const steady = [0.9, 0.9, 0.9, 0.95, 1.1].map((ratio) => [10, 10 * ratio]);
    expect(verdictOf(steady).best).toBe(1);
  });

  test("asks for two hundredths at least", () => {
    expect(verdictOf([[100, 98.5]]).best).toBe(0);
    expect(verdictOf([[100, 97.5]]).best).toBe(1);
  });
});
