/**
 * MatmulKernel of two f16 operands → WGSL with subgroup matrices: operands are staged in workgroup memory, sums are f32
 * and go back through it, strip by strip, to what is fused behind.
 */
import type { MatmulKernel } from "../5-schedule/kernel.ts";
import { invariant } from "../invariant.ts";
import type { MatricesTile, MatrixShape } from "../program.ts";
import type { ExpressionText } from "./expression-text.ts";
import { type EmitContext, emitted, type Launch } from "./launch.ts";
import { defineBatch, productGrid } from "./product-grid.ts";
import { chosenTile } from "./product-kind.ts";
import { StagedOperand } from "./staged-operand.ts";

/** Bytes of workgroup memory that a tile takes at most. */
const mostBytes = 32_768;

/** [down, across, depths] */
const sizes = [
  [2, 2, 32],
  [2, 2, 64],
  [1, 1, 64],
  [1, 2, 32],
  [2, 1, 32],
  [2, 4, 32],
  [4, 2, 32],
  [4, 4, 32],
] as const;

/** What a workgroup can compute, the default first. */
export function matricesTiles(matrix: MatrixShape): readonly MatricesTile[] {
  const tiles = sizes.map(
    ([down, across, depths]): MatricesTile => ({ products: "matrices", down, across, depths }),
  );
  return tiles.filter((tile, index) => index === 0 || bytesOf(tile, matrix) <= mostBytes);
}

/** Workgroup memory of a tile: both operands as padded lines of halves, and a strip of the result. */
function bytesOf(tile: MatricesTile, matrix: MatrixShape): number {
  const { rows, columns } = elementsOf(tile, matrix);
  return (rows + columns) * (2 * tile.depths + 16) + 8 * matrix.rows * columns;
}

/** Each of a workgroup's 2 x 2 subgroups has `down` x `across` matrices. */
function elementsOf({ down, across }: MatricesTile, { rows, columns }: MatrixShape) {
  return { rows: 2 * down * rows, columns: 2 * across * columns };
}

const builtins =
  "@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32";

/** Whether both operands are halves, whatever they are called in the graph. */
export function areHalves({ left, right }: MatmulKernel): boolean {
  return [left, right].every(({ source }) => source.type.dtype === "f16");
}

export function emitMatrices(
  kernel: MatmulKernel,
  matrix: MatrixShape,
  context: EmitContext,
): Launch {
  const tile = chosenTile(kernel, context.target, matricesTiles(matrix));
  return emitted(undefined, context, (text) => print(text, kernel, matrix, tile, context));
}

function print(
  text: ExpressionText,
  kernel: MatmulKernel,
  matrix: MatrixShape,
  own: MatricesTile,
  context: EmitContext,
) {
  const { shader } = text;
  const { row, column, depth } = kernel;
  const lanes = context.target.subgroupSize;
  invariant(lanes > 0, "matrices without a size of subgroups");
  const threads = 4 * lanes;
  const { down, across, depths } = own;
  const tile = elementsOf(own, matrix);
  text.line(`let rows = ${shader.uniform(row.extent)};`);
  text.line(`let columns = ${shader.uniform(column.extent)};`);
  text.line(`let depth = ${shader.uniform(depth)};`);
  const { count, rowTile, position } = productGrid(text, kernel, tile, context.target);
  const axes = defineBatch(text, kernel.batch, position);
  text.line(`let m0 = ${rowTile} * ${tile.rows}u;`);
  text.line(`let n0 = group.y * ${tile.columns}u;`);
  text.line(`let subgroup = thread / ${lanes}u;`);
  text.line(`let row0 = (subgroup >> 1u) * ${tile.rows / 2}u;`);
  text.line(`let column0 = (subgroup & 1u) * ${tile.columns / 2}u;`);
  const shared = { axes, depth, depths, threads, element: "f16" } as const;
  const left = new StagedOperand(text, kernel.left, context, {
    ...shared,
    name: "a",
    first: "m0",
    extent: "rows",
    lineCount: row.extent,
    lines: tile.rows,
  });
  const right = new StagedOperand(text, kernel.right, context, {
    ...shared,
    name: "b",
    first: "n0",
    extent: "columns",
    lineCount: column.extent,
    lines: tile.columns,
  });
  const result = `subgroup_matrix_result<f32, ${matrix.columns}, ${matrix.rows}>`;
  for (let r = 0; r < down; r++)
    for (let c = 0; c < across; c++) text.line(`var c${r}_${c}: ${result};`);

  text.block(`for (var k0 = 0u; k0 < depth; k0 += ${depths}u)`, () => {
    left.fill("k0", "depth");
    right.fill("k0", "depth");
    text.line("workgroupBarrier();");
    text.block(`for (var k = 0u; k < ${depths}u; k += ${matrix.depth}u)`, () => {
      multiply(text, left, right, own, matrix);
    });
    text.line("workgroupBarrier();");
  });
  storeStrips(text, kernel, matrix, own, threads);
  return { shader: shader.finish([threads, 1, 1], builtins, text.lines()), grid: count };
}

/** The products of all of a subgroup's matrices at depths k … k + matrix.depth of the tile. */
function multiply(
  text: ExpressionText,
  left: StagedOperand,
  right: StagedOperand,
  { down, across }: MatricesTile,
  matrix: MatrixShape,
): void {
  const load = (
    name: string,
    operand: StagedOperand,
    line: string,
    type: string,
    order: string,
  ) => {
    const offset =
      operand.along === "depths"
        ? `(${line}) * ${operand.stride}u + (k >> 2u)`
        : `k * ${operand.stride}u + ((${line}) >> 2u)`;
    text.line(
      `let ${name} = subgroupMatrixLoad<${type}, ${order}>(&${name[0]}_tile, ${offset}, ${operand.stride}u);`,
    );
  };
  for (let r = 0; r < down; r++) {
    const order = left.along === "depths" ? "row_major" : "col_major";
    const type = `subgroup_matrix_left<f16, ${matrix.depth}, ${matrix.rows}>`;
    load(`a${r}`, left, `row0 + ${r * matrix.rows}u`, type, order);
  }
  for (let c = 0; c < across; c++) {
    const order = right.along === "lines" ? "row_major" : "col_major";
    const type = `subgroup_matrix_right<f16, ${matrix.columns}, ${matrix.depth}>`;
    load(`b${c}`, right, `column0 + ${c * matrix.columns}u`, type, order);
  }
  for (let r = 0; r < down; r++)
    for (let c = 0; c < across; c++)
      text.line(`c${r}_${c} = subgroupMatrixMultiplyAccumulate(a${r}, b${c}, c${r}_${c});`);
}

/** A strip holds one row of matrices of each subgroup; every thread then stores some of its elements. */
function storeStrips(
  text: ExpressionText,
  kernel: MatmulKernel,
  matrix: MatrixShape,
  own: MatricesTile,
  threads: number,
): void {
  const { row, column, node } = kernel;
  const { down, across } = own;
  const tile = elementsOf(own, matrix);
  const elements = 2 * matrix.rows * tile.columns;
  text.shader.share("strip", `array<f32, ${elements}>`);
  text.line(`let strip0 = (subgroup >> 1u) * ${matrix.rows * tile.columns}u + column0;`);
  text.block(`for (var s = 0u; s < ${down}u; s++)`, () => {
    for (let r = 0; r < down; r++)
      text.block(`if (s == ${r}u)`, () => {
        for (let c = 0; c < across; c++)
          text.line(
            `subgroupMatrixStore<row_major>(&strip, strip0 + ${c * matrix.columns}u, c${r}_${c}, ${tile.columns}u);`,
          );
      });
    text.line("workgroupBarrier();");
    text.block(`for (var i = thread; i < ${elements}u; i += ${threads}u)`, () => {
      text.line(`let line = i / ${tile.columns}u;`);
      text.line(
        `let m = m0 + line / ${matrix.rows}u * ${tile.rows / 2}u + s * ${matrix.rows}u + line % ${matrix.rows}u;`,
      );
      text.line(`let n = n0 + i % ${tile.columns}u;`);
      text.line("if (m >= rows || n >= columns) { continue; }");
      text.define(row, "m");
      text.define(column, "n");
      text.line("let product = strip[i];");
      text.setLocal(node, { text: "product", lanes: 1 });
      text.setLocalDepth(node, 2);
      text.storeAll(kernel.stores);
    });
    text.line("workgroupBarrier();");
  });
}
