/** Moving position tables between grids. */
import { describe, expect, test } from "vitest";
import { interpolatePositions } from "../../../runtime/weights/interpolate-positions.ts";

/** A class row of -1 and a grid of values given by row and column. */
function table(side: number, value: (row: number, column: number) => number): Float32Array {
  const grid = Array.from({ length: side * side }, (_, index) =>
    value(Math.floor(index / side), index % side),
  );
  return Float32Array.from([-1, ...grid]);
}

const grids = (from: number, to: number, alignCorners: boolean) => ({
  classRows: 1,
  from,
  to,
  width: 1,
  alignCorners,
});

describe("interpolatePositions", () => {
  test("the class row is kept, the same grid copies", () => {
    const source = table(3, (row, column) => row * 10 + column);
    expect(interpolatePositions(source, grids(3, 3, false))).toEqual(source);
    expect(interpolatePositions(source, grids(3, 5, false))[0]).toBe(-1);
  });

  test("aligned corners keep the corners and give the middle of a line", () => {
    const result = interpolatePositions(
      table(3, (row, column) => row + 10 * column),
      grids(3, 5, true),
    );
    const at = (row: number, column: number) => result[1 + row * 5 + column];
    expect([at(0, 0), at(0, 4), at(4, 0), at(4, 4)]).toEqual([0, 20, 2, 22]);
    expect(at(2, 2)).toBe(11);
  });

  test("unaligned: weights of a = -0.75 at a quarter, edges repeated", () => {
    // From 2 to 4: target 1 lies at 0.25; taps 0, 0, 1, 1 (edges repeated).
    const a = -0.75;
    const inner = (x: number) => (a + 2) * x ** 3 - (a + 3) * x ** 2 + 1;
    const outer = (x: number) => a * x ** 3 - 5 * a * x ** 2 + 8 * a * x - 4 * a;
    const right = inner(0.75) + outer(1.75);
    const result = interpolatePositions(
      table(2, (_, column) => column),
      grids(2, 4, false),
    );
    expect(result[1 + 1]).toBeCloseTo(right, 6);
    expect(result[1 + 2]).toBeCloseTo(1 - right, 6);
  });

  test("a table of another size is refused", () => {
    expect(() => interpolatePositions(new Float32Array(9), grids(3, 4, true))).toThrow(
      "9 values is not [1 + 3 x 3, 1]",
    );
  });
});
