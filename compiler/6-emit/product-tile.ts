/** MatmulKernel → how subgroups of few lanes share it out: size of a tile, and how many elements each load brings. */
import type { MatmulKernel, StridedOperand } from "../5-schedule/kernel.ts";

/** What a lane reads at once: one element, four neighbors along the depth, or four neighboring columns. */
export type Reading = "elements" | "depths" | "columns";

/** The part of the result that a subgroup computes. */
export interface ProductTile {
  readonly rows: number;
  /** Each lane has `columns / lanes` of them; a multiple of four where columns are read four at once. */
  readonly columns: number;
  /** Depths a turn of the loop. */
  readonly step: 1 | 2 | 4;
  readonly left: "elements" | "depths";
  readonly right: Reading;
}

/** Cost of loading an element next to that of a product and a sum: by itself, and with its neighbors. */
const loadCost = { alone: 16, together: 8 };

/** The tile that takes least time over the whole result: loads for each depth, and products that are thrown away. */
export function productTile(kernel: MatmulKernel, lanes: number): ProductTile {
  const { row, column, left } = kernel;
  const cost = (tile: ProductTile) => {
    const tiles = Math.ceil(row.extent / tile.rows) * Math.ceil(column.extent / tile.columns);
    const leftCost = tile.left === "elements" && left.outer !== 1 ? "alone" : "together";
    const rightCost = tile.right === "elements" ? "alone" : "together";
    const loads = tile.rows * loadCost[leftCost] + tile.columns * loadCost[rightCost];
    return tiles * (loads + tile.rows * tile.columns);
  };
  return tilesFor(kernel, lanes).reduce((best, tile) => (cost(tile) < cost(best) ? tile : best));
}

/**
 * All that the operands' layouts allow. Sums live in registers only within a turn of the loop, so several depths a turn pay;
 * drivers take long to compile long texts, so they stand only where they pay most, and four depths have half the columns.
 */
function tilesFor(kernel: MatmulKernel, lanes: number): readonly ProductTile[] {
  const { left, right, depth, column } = kernel;
  const hasDepths =
    depth % 4 === 0 &&
    readsFour(left, left.inner, left.outer) &&
    readsFour(right, right.inner, right.outer);
  const hasColumns = column.extent % 4 === 0 && readsFour(right, right.outer, right.inner);
  const size = { rows: 4 * lanes, columns: 8 * lanes };
  const tiles: ProductTile[] = [];
  if (hasDepths)
    tiles.push({ rows: size.rows, columns: 32, step: 4, left: "depths", right: "depths" });
  if (hasColumns) {
    const step = left.outer !== 1 && depth % 2 === 0 ? 2 : 1;
    tiles.push({ ...size, step, left: "elements", right: "columns" });
  }
  const single = { step: 1, left: "elements", right: "elements" } as const;
  // The last one is for attention among few tokens.
  return [...tiles, { ...size, ...single }, { rows: 24, columns: 24, ...single }];
}

/** Whether four neighbors along an axis, of which the first is a multiple of four, are one load. */
export function readsFour(
  { offset, batch }: StridedOperand,
  along: number,
  across: number,
): boolean {
  return along === 1 && [offset, ...batch, across].every((stride) => stride % 4 === 0);
}
