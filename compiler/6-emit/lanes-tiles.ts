/** MatmulKernel → how subgroups of few lanes can share it out: sizes of tiles, and how many elements each load brings. */
import type { MatmulKernel } from "../5-schedule/kernel.ts";
import type { LanesTile } from "../program.ts";
import { isSameTile, readsFour } from "./product-kind.ts";

/** Cost of loading an element next to that of a product and a sum: by itself, and with its neighbors. */
const loadCost = { alone: 16, together: 8 };

/** All tiles that the operands' layouts allow, the default first. */
export function lanesTiles(kernel: MatmulKernel, lanes: number): readonly LanesTile[] {
  const best = defaultTile(kernel, lanes);
  const others = possibleTiles(kernel).filter((tile) => !isSameTile(tile, best));
  return [best, ...others];
}

/** The tile that takes least time over the whole result: loads for each depth, and products that are thrown away. */
function defaultTile(kernel: MatmulKernel, lanes: number): LanesTile {
  const { row, column, left } = kernel;
  const cost = (tile: LanesTile) => {
    const tiles = Math.ceil(row.extent / tile.rows) * Math.ceil(column.extent / tile.columns);
    const leftCost = tile.left === "elements" && left.outer !== 1 ? "alone" : "together";
    const rightCost = tile.right === "elements" ? "alone" : "together";
    const loads = tile.rows * loadCost[leftCost] + tile.columns * loadCost[rightCost];
    return tiles * (loads + tile.rows * tile.columns);
  };
  return defaultTiles(kernel, lanes).reduce((best, tile) =>
    cost(tile) < cost(best) ? tile : best,
  );
}

/** How a layout lets operands be read. */
function readingsOf({ left, right, depth, column }: MatmulKernel) {
  const leftDepths = depth % 4 === 0 && readsFour(left, left.inner, left.outer);
  const rightDepths = depth % 4 === 0 && readsFour(right, right.inner, right.outer);
  return {
    leftDepths,
    depths: leftDepths && rightDepths,
    columns: column.extent % 4 === 0 && readsFour(right, right.outer, right.inner),
  };
}

const single = { products: "lanes", step: 1, left: "elements", right: "elements" } as const;
const byDepths = { products: "lanes", step: 4, left: "depths", right: "depths" } as const;

/**
 * Sums live in registers only within a turn of the loop, so several depths a turn pay; drivers take long to compile long texts,
 * so they stand only where they pay most, and four depths have half the columns.
 */
function defaultTiles(kernel: MatmulKernel, lanes: number): readonly LanesTile[] {
  const { left, depth } = kernel;
  const { depths, columns } = readingsOf(kernel);
  const size = { rows: 4 * lanes, columns: 8 * lanes };
  const tiles: LanesTile[] = [];
  if (depths) tiles.push({ ...byDepths, rows: size.rows, columns: 32 });
  if (columns) {
    const step = left.outer !== 1 && depth % 2 === 0 ? 2 : 1;
    tiles.push({ products: "lanes", ...size, step, left: "elements", right: "columns" });
  }
  // The last one is for attention among few tokens.
  return [...tiles, { ...size, ...single }, { rows: 24, columns: 24, ...single }];
}

/** Rows, columns and, where several are worth it, depths a turn: what was within a quarter of the fastest on a software driver. */
const sizesByDepths = [
  [16, 32],
  [24, 32],
  [32, 32],
  [40, 32],
  [48, 32],
  [16, 64],
] as const;
const sizesByColumns = [
  [16, 64, 1],
  [16, 64, 2],
  [24, 64, 1],
  [24, 64, 2],
  [32, 64, 1],
  [32, 64, 2],
  [40, 64, 1],
  [48, 64, 1],
  [32, 32, 2],
  [48, 32, 2],
] as const;
const sizesByBoth = [
  [16, 32],
  [24, 32],
] as const;
const sizesBySingles = [
  [32, 64],
  [16, 64],
  [32, 32],
  [24, 24],
] as const;

function possibleTiles(kernel: MatmulKernel): readonly LanesTile[] {
  const { depth } = kernel;
  const { leftDepths, depths, columns } = readingsOf(kernel);
  const tiles: LanesTile[] = [];
  if (depths)
    for (const [rows, across] of sizesByDepths) tiles.push({ ...byDepths, rows, columns: across });
  if (columns) {
    for (const [rows, across, step] of sizesByColumns)
      if (depth % step === 0)
        tiles.push({ ...single, rows, columns: across, step, right: "columns" });
    if (leftDepths)
      for (const [rows, across] of sizesByBoth)
        tiles.push({ ...byDepths, rows, columns: across, right: "columns" });
  }
  return [
    ...tiles,
    ...sizesBySingles.map(([rows, across]) => ({ ...single, rows, columns: across })),
  ];
}
