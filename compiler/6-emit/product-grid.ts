/** The grid of a product: tiles of rows, tiles of columns, batches; where an invocation stands in it. */
import type { MatmulKernel, StridedOperand } from "../5-schedule/kernel.ts";
import type { Variable } from "../5-schedule/linear.ts";
import { invariant } from "../invariant.ts";
import type { Target } from "../program.ts";
import type { ExpressionText } from "./expression-text.ts";

export const productBuiltins =
  "@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>";

export interface ProductGrid {
  readonly count: readonly [number, number, number];
  /** WGSL texts: number of the tile of rows, position among the batches. */
  readonly rowTile: string;
  readonly position: string;
}

/** Batches beyond a dimension's limit go beside the rows. */
export function productGrid(
  text: ExpressionText,
  { row, column, batch }: Pick<MatmulKernel, "row" | "column" | "batch">,
  tile: { readonly rows: number; readonly columns: number },
  { maxComputeWorkgroupsPerDimension: most }: Target,
): ProductGrid {
  const batches = batch.reduce((product, v) => product * v.extent, 1);
  const rowTiles = Math.ceil(row.extent / tile.rows);
  const deep = Math.min(batches, most);
  const count = [
    rowTiles * Math.ceil(batches / deep),
    Math.ceil(column.extent / tile.columns),
    deep,
  ] as const;
  invariant(
    count.every((size) => size <= most),
    () => `a product needs a grid of ${count.join(" x ")} workgroups; the most is ${most}`,
  );
  if (deep === batches) return { count, rowTile: "group.x", position: "group.z" };
  const { shader } = text;
  text.line(`let row_tile = group.x % ${shader.uniform(rowTiles)};`);
  text.line(`let z = group.z + group.x / ${shader.uniform(rowTiles)} * ${shader.uniform(deep)};`);
  text.line(`if (z >= ${shader.uniform(batches)}) { return; }`);
  return { count, rowTile: "row_tile", position: "z" };
}

/** A batch axis; without a variable it has one element and is there to make texts equal. */
export interface BatchAxis {
  readonly text: string;
  readonly variable: Variable | undefined;
  /** Place among the kernel's batch variables. */
  readonly index: number;
}

/** Gives the batch variables their coordinates. Axes of one element are left out; `least` axes are there in any case. */
export function defineBatch(
  text: ExpressionText,
  batch: readonly Variable[],
  position: string,
  least = 0,
): readonly BatchAxis[] {
  const live = batch.flatMap((variable, index) =>
    variable.extent > 1 ? [{ variable, index }] : [],
  );
  const spare = Array.from({ length: Math.max(0, least - live.length) }, () => ({
    variable: undefined,
    index: -1,
  }));
  const axes = [...spare, ...live];
  let rest = position;
  const texts = [...axes].reverse().map(({ variable }, i) => {
    if (i === axes.length - 1) return rest;
    const size = text.shader.uniform(variable?.extent ?? 1);
    const own = text.name("z");
    const next = text.name("z");
    text.line(`let ${own} = ${rest} % ${size};`);
    text.line(`let ${next} = ${rest} / ${size};`);
    rest = next;
    return own;
  });
  return axes.map(({ variable, index }, i) => {
    const own = texts[axes.length - 1 - i]!;
    if (variable !== undefined) text.define(variable, own);
    return { text: own, variable, index };
  });
}

/** Names the start of an operand's matrix, in units of so many elements. */
export function defineStart(
  text: ExpressionText,
  name: string,
  operand: StridedOperand,
  axes: readonly BatchAxis[],
  unit = 1,
): void {
  const { shader } = text;
  const terms = axes.map(
    ({ text: own, index }) => `${own} * ${shader.uniform((operand.batch[index] ?? 0) / unit)}`,
  );
  text.line(`let ${name} = ${[...terms, shader.uniform(operand.offset / unit)].join(" + ")};`);
}
