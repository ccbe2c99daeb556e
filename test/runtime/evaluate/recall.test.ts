/** Recall and re-ranking on matrices small enough to check by hand. */
import { expect, test } from "vitest";
import {
  greatestColumns,
  outsideScore,
  recallAt,
  reranked,
  transposed,
} from "../../../runtime/evaluate/recall.ts";

const matrix = {
  rows: 3,
  columns: 3,
  values: Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.5, 0.1, 0.3, 0.3, 0.3),
};

test("the share of rows whose own column is among the first k; ties count against it", () => {
  expect(recallAt(matrix, 1)).toBeCloseTo(1 / 3);
  expect(recallAt(matrix, 2)).toBeCloseTo(2 / 3);
  expect(recallAt(matrix, 3)).toBe(1);
  // Columns: 0.9 is first of its column, 0.5 of its, 0.3 of its.
  expect(recallAt(transposed(matrix), 1)).toBe(1);
});

test("the first candidates of a row, the lower column of equal ones first", () => {
  expect(greatestColumns(matrix, 1, 2)).toEqual([0, 1]);
  expect(greatestColumns(matrix, 2, 2)).toEqual([0, 1]);
});

test("re-ranking adds the match logit to the cosine of the first k and puts all others outside", async () => {
  const seen: (readonly [number, number])[] = [];
  const result = await reranked(matrix, 2, async (pairs) => {
    seen.push(...pairs);
    return pairs.map(([row, column]) => (row === column ? 2 : 1));
  });
  expect(seen).toEqual([
    [0, 0],
    [0, 2],
    [1, 0],
    [1, 1],
    [2, 0],
    [2, 1],
  ]);
  const expected = [2.9, outsideScore, 1.2, 1.8, 2.5, outsideScore, 1.3, 1.3, outsideScore];
  expected.forEach((value, index) => {
    expect(result.values[index]).toBeCloseTo(value, 5);
  });
  expect(recallAt(result, 1)).toBeCloseTo(2 / 3);
});
