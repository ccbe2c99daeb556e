/** A position table in a file and the one wanted → the grids between which LAVIS would interpolate. */
import type { PositionGrids } from "./interpolate-positions.ts";

const table = /(?:^|\.)visual_encoder\.(pos_embed|positional_embedding)$/;

/**
 * Grids of an image tower's table, one class token before them: `found` [1 + from², width] or [1, 1 + from², width],
 * `wanted` likewise. Undefined for other parameters, other widths, and tables that are no square grid.
 */
export function positionGrids(
  path: string,
  found: readonly number[],
  wanted: readonly number[],
): PositionGrids | undefined {
  const name = table.exec(path)?.[1];
  if (name === undefined) return undefined;
  const [rows = 0, width = 0] = found.slice(-2);
  const [wantedRows = 0, wantedWidth = 0] = wanted.slice(-2);
  const from = Math.sqrt(rows - 1);
  const to = Math.sqrt(wantedRows - 1);
  const isTable = [found, wanted].every(
    (shape) => shape.length >= 2 && shape.slice(0, -2).every((size) => size === 1),
  );
  const isSquare = Number.isInteger(from) && Number.isInteger(to) && from > 0 && to > 0;
  if (!isTable || !isSquare || from === to || width !== wantedWidth) return undefined;
  return { classRows: 1, from, to, width, alignCorners: name === "positional_embedding" };
}
