/** Position embeddings of one grid → those of another, by bicubic interpolation as LAVIS does it. */

/** Settings of `interpolatePositions`. */
export interface PositionGrids {
  /** Rows before the grid that are kept as they are: 1 for a class token. */
  readonly classRows: number;
  /** Side of the grid that the table has. */
  readonly from: number;
  /** Side of the grid wanted. */
  readonly to: number;
  /** Width of an embedding. */
  readonly width: number;
  /** False for EVA (torch's `align_corners=False`), true for CLIP. */
  readonly alignCorners: boolean;
}

/**
 * [classRows + from², width] → [classRows + to², width]; a = -0.75, no antialiasing, edges repeated
 * (torch's `interpolate(mode="bicubic")`). Throws RangeError when the table has another size.
 */
export function interpolatePositions(
  table: Float32Array,
  grids: PositionGrids,
): Float32Array<ArrayBuffer> {
  const { classRows, from, to, width } = grids;
  if (table.length !== (classRows + from * from) * width) {
    throw new RangeError(
      `a position table of ${table.length} values is not [${classRows} + ${from} x ${from}, ${width}]`,
    );
  }
  const result = new Float32Array((classRows + to * to) * width);
  result.set(table.subarray(0, classRows * width));
  if (from === to) {
    result.set(table);
    return result;
  }
  const taps = Array.from({ length: to }, (_, position) => tapsOf(position, grids));
  const grid = table.subarray(classRows * width);
  for (let row = 0; row < to; row++) {
    for (let column = 0; column < to; column++) {
      const out = (classRows + row * to + column) * width;
      for (let at = 0; at < width; at++) {
        let sum = 0;
        for (const [y, rowWeight] of taps[row]!) {
          let line = 0;
          for (const [x, weight] of taps[column]!)
            line += weight * grid[(y * from + x) * width + at]!;
          sum += rowWeight * line;
        }
        result[out + at] = sum;
      }
    }
  }
  return result;
}

/** The four source positions of a target position and their weights. */
function tapsOf(position: number, grids: PositionGrids): readonly (readonly [number, number])[] {
  const { from, to, alignCorners } = grids;
  const source = alignCorners
    ? to === 1
      ? 0
      : (position * (from - 1)) / (to - 1)
    : ((position + 0.5) * from) / to - 0.5;
  const base = Math.floor(source);
  return [-1, 0, 1, 2].map((offset) => {
    const place = Math.min(Math.max(base + offset, 0), from - 1);
    return [place, cubic(source - base - offset)] as const;
  });
}

/** Keys' cubic, a = -0.75. */
function cubic(x: number): number {
  const a = -0.75;
  const t = Math.abs(x);
  if (t <= 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
  return 0;
}
