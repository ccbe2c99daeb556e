/** MatmulKernel → its kind: products of a kind are as fast by the same tile. */
import type { MatmulKernel, StridedOperand } from "../5-schedule/kernel.ts";
import type { ProductTile, Target } from "../program.ts";

/**
 * How operands are stored and read, and about how large they are: `f32N4 f16T1 1 of 256x8192x1024`. Of each operand: dtype; `N`
 * as it is multiplied, `T` the other way round, `S` neither side dense; 4 where four neighbors are one load. Then batches, rows,
 * depth, columns, each rounded to a power of two.
 */
export function productKind(kernel: MatmulKernel): string {
  const { batch, row, column, depth } = kernel;
  const batches = batch.reduce((product, { extent }) => product * extent, 1);
  const sizes = [row.extent, depth, column.extent].map(rounded);
  return `${operandKinds(kernel)} ${rounded(batches)} of ${sizes.join("x")}`;
}

/** What the kind of a product says of its operands. */
export function operandKinds({ row, column, depth, left, right }: MatmulKernel): string {
  const first = operandKind(left, depth, row.extent, "N", "T");
  return `${first} ${operandKind(right, depth, column.extent, "T", "N")}`;
}

function rounded(size: number): number {
  return 2 ** Math.round(Math.log2(size));
}

function operandKind(
  operand: StridedOperand,
  depth: number,
  lines: number,
  alongDepth: string,
  alongLines: string,
): string {
  const { inner, outer, source } = operand;
  const letter = inner === 1 ? alongDepth : outer === 1 ? alongLines : "S";
  const isFour =
    (depth % 4 === 0 && readsFour(operand, inner, outer)) ||
    (lines % 4 === 0 && readsFour(operand, outer, inner));
  return `${source.type.dtype}${letter}${isFour ? 4 : 1}`;
}

/** Whether four neighbors along an axis, of which the first is a multiple of four, are one load. */
export function readsFour(
  { offset, batch }: StridedOperand,
  along: number,
  across: number,
): boolean {
  return along === 1 && [offset, ...batch, across].every((stride) => stride % 4 === 0);
}

/** The tile that was measured for products of that kind, if this one can have it; otherwise the first, its default. */
export function chosenTile<Tile extends ProductTile>(
  kernel: MatmulKernel,
  { tiles }: Target,
  possible: readonly Tile[],
): Tile {
  const tuned = tiles?.[productKind(kernel)];
  return possible.find((tile) => isSameTile(tile, tuned)) ?? possible[0]!;
}

/** Whether two tiles are equal field by field. */
export function isSameTile(tile: ProductTile, other: ProductTile | undefined): boolean {
  const fields: Readonly<Record<string, unknown>> = { ...other };
  return Object.entries(tile).every(([name, value]) => fields[name] === value);
}
