/** Scores of pictures against texts → how often the right one comes first (blip2.md 4.6). */

/** Row-major scores: rows are queries, columns are candidates. The right candidate of row i is column i. */
export interface ScoreMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** Share of rows, 0 to 1, whose right column is among the `k` greatest; ties count against it. */
export function recallAt(matrix: ScoreMatrix, k: number): number {
  const { rows, columns, values } = matrix;
  if (rows === 0) return 0;
  let hits = 0;
  for (let row = 0; row < rows; row += 1) {
    const own = values[row * columns + row]!;
    let better = 0;
    for (let column = 0; column < columns; column += 1) {
      if (column !== row && values[row * columns + column]! >= own) better += 1;
    }
    if (better < k) hits += 1;
  }
  return hits / rows;
}

/** Rows and columns exchanged. */
export function transposed({ rows, columns, values }: ScoreMatrix): ScoreMatrix {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      result[column * rows + row] = values[row * columns + column]!;
    }
  }
  return { rows: columns, columns: rows, values: result };
}

/** Columns of a row's `k` greatest scores, the greatest first; of equal ones the lower column. */
export function greatestColumns(matrix: ScoreMatrix, row: number, k: number): readonly number[] {
  const { columns, values } = matrix;
  return Array.from({ length: columns }, (_, column) => column)
    .sort((a, b) => values[row * columns + b]! - values[row * columns + a]! || a - b)
    .slice(0, k);
}

/** What lies outside of the candidates that were looked at again, as LAVIS has it. */
export const outsideScore = -100;

/**
 * Looks at the `k` best candidates of each row again: their score becomes match logit + cosine, all others'
 * `outsideScore`. `match` gives the logit of each (row, column) pair, in order.
 */
export async function reranked(
  matrix: ScoreMatrix,
  k: number,
  match: (pairs: readonly (readonly [row: number, column: number])[]) => Promise<ArrayLike<number>>,
): Promise<ScoreMatrix> {
  const { rows, columns, values } = matrix;
  const pairs = Array.from({ length: rows }, (_, row) =>
    greatestColumns(matrix, row, k).map((column) => [row, column] as const),
  ).flat();
  const logits = await match(pairs);
  const result = new Float32Array(values.length).fill(outsideScore);
  for (const [index, [row, column]] of pairs.entries()) {
    const at = row * columns + column;
    result[at] = logits[index]! + values[at]!;
  }
  return { rows, columns, values: result };
}
