/** MatmulKernel → WGSL for hardware: a tile by 64 threads, operands staged in workgroup memory. */
import type { MatmulKernel } from "../5-schedule/kernel.ts";
import type { GroupTile } from "../program.ts";
import type { ExpressionText } from "./expression-text.ts";
import { type EmitContext, emitted, type Launch } from "./launch.ts";
import { defineBatch, productGrid } from "./product-grid.ts";
import { chosenTile } from "./product-kind.ts";
import { StagedOperand } from "./staged-operand.ts";

/** A thread of 8 x 8 has blocks of 4 x 4, 32 rows or columns apart. */
const threads = 64;
const apart = 32;

/** [rows, columns, depths]; they take at most 17 KiB of the 32 that this class of device has at least. */
const sizes = [
  [64, 64, 16],
  [64, 64, 8],
  [64, 64, 32],
  [32, 32, 32],
  [32, 64, 16],
  [64, 32, 16],
  [64, 128, 8],
  [128, 64, 8],
] as const;

/** What a workgroup can compute, the default first. */
export const groupTiles: readonly GroupTile[] = sizes.map(([rows, columns, depths]) => ({
  products: "tiles",
  rows,
  columns,
  depths,
}));

const builtins =
  "@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32";

export function emitTiles(kernel: MatmulKernel, isWide: boolean, context: EmitContext): Launch {
  const tile = chosenTile(kernel, context.target, groupTiles);
  return emitted(isWide ? kernel.column : undefined, context, (text) =>
    print(text, kernel, isWide, tile, context),
  );
}

function print(
  text: ExpressionText,
  kernel: MatmulKernel,
  isWide: boolean,
  tile: GroupTile,
  context: EmitContext,
) {
  const { shader } = text;
  const { row, column, depth } = kernel;
  const { depths } = tile;
  const [down, across] = [tile.rows / apart, tile.columns / apart];
  const own = 4 * down;
  text.line(`let rows = ${shader.uniform(row.extent)};`);
  text.line(`let columns = ${shader.uniform(column.extent)};`);
  text.line(`let depth = ${shader.uniform(depth)};`);
  const { count, rowTile, position } = productGrid(text, kernel, tile, context.target);
  const axes = defineBatch(text, kernel.batch, position);
  text.line(`let m0 = ${rowTile} * ${tile.rows}u;`);
  text.line(`let n0 = group.y * ${tile.columns}u;`);
  text.line("let down = thread >> 3u;");
  text.line("let across = thread & 7u;");
  const shared = { axes, depth, depths, threads, element: "f32", along: "lines" } as const;
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
  for (let r = 0; r < own; r++)
    for (let c = 0; c < across; c++) text.line(`var c${r}_${c} = vec4<f32>();`);
  text.block(`for (var k0 = 0u; k0 < depth; k0 += ${depths}u)`, () => {
    left.fill("k0", "depth");
    right.fill("k0", "depth");
    text.line("workgroupBarrier();");
    text.block(`for (var k = 0u; k < ${depths}u; k++)`, () => {
      for (let i = 0; i < down; i++)
        text.line(`let a${i} = a_tile[k * ${left.stride}u + down + ${i * 8}u];`);
      for (let i = 0; i < across; i++)
        text.line(`let b${i} = b_tile[k * ${right.stride}u + across + ${i * 8}u];`);
      for (let r = 0; r < own; r++)
        for (let c = 0; c < across; c++)
          text.line(`c${r}_${c} = fma(vec4<f32>(a${r >> 2}.${"xyzw"[r & 3]}), b${c}, c${r}_${c});`);
    });
    text.line("workgroupBarrier();");
  });
  storeOwn(text, kernel, isWide, own, across);
  return { shader: shader.finish([threads, 1, 1], builtins, text.lines()), grid: count };
}

/** `own` rows of a thread, each of `across` vectors. */
function storeOwn(
  text: ExpressionText,
  kernel: MatmulKernel,
  isWide: boolean,
  own: number,
  across: number,
): void {
  const { row, column, node } = kernel;
  const count = own * across;
  const sums = Array.from({ length: count }, (_, i) => `c${Math.floor(i / across)}_${i % across}`);
  text.line(`var sums = array<vec4<f32>, ${count}>(${sums.join(", ")});`);
  text.block(`for (var i = 0u; i < ${count}u; i++)`, () => {
    text.line(`let r = i / ${across}u;`);
    text.line(`let m = m0 + (r >> 2u) * ${apart}u + down * 4u + (r & 3u);`);
    text.line(`let first = n0 + (i % ${across}u) * ${apart}u + across * 4u;`);
    text.line("if (m >= rows || first >= columns) { continue; }");
    text.define(row, "m");
    if (isWide) {
      text.line("let n4 = first >> 2u;");
      text.define(column, "n4");
      text.line("let product = sums[i];");
      text.setLocal(node, { text: "product", lanes: 4 });
      text.setLocalDepth(node, 1);
      text.storeAll(kernel.stores);
      return;
    }
    text.line("let four = sums[i];");
    text.line("let width = min(4u, columns - first);");
    text.block("for (var q = 0u; q < width; q++)", () => {
      text.line("let n = first + q;");
      text.define(column, "n");
      text.line("let product = four[q];");
      text.setLocal(node, { text: "product", lanes: 1 });
      text.setLocalDepth(node, 2);
      text.storeAll(kernel.stores);
    });
  });
}
