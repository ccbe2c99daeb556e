/** MatmulKernel → WGSL for hardware: a tile of 64 x 64 by 64 threads, operands staged in workgroup memory. */
import type { MatmulKernel } from "../5-schedule/kernel.ts";
import type { ExpressionText } from "./expression-text.ts";
import { type EmitContext, emitted, type Launch } from "./launch.ts";
import { defineBatch, productGrid } from "./product-grid.ts";
import { StagedOperand } from "./staged-operand.ts";

/** Rows and columns of a workgroup of 8 x 8 threads; a thread has 2 x 2 blocks of 4 x 4, half a tile apart. */
const tile = { rows: 64, columns: 64 };
/** Depths that are staged at once. */
const depths = 16;
const threads = 64;
/** Rows of a thread; each has two vectors of four columns. */
const own = 8;

const builtins =
  "@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32";

export function emitTiles(kernel: MatmulKernel, isWide: boolean, context: EmitContext): Launch {
  return emitted(isWide ? kernel.column : undefined, context, (text) =>
    print(text, kernel, isWide, context),
  );
}

function print(text: ExpressionText, kernel: MatmulKernel, isWide: boolean, context: EmitContext) {
  const { shader } = text;
  const { row, column, depth } = kernel;
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
    for (let c = 0; c < 2; c++) text.line(`var c${r}_${c} = vec4<f32>();`);
  text.block(`for (var k0 = 0u; k0 < depth; k0 += ${depths}u)`, () => {
    left.fill("k0", "depth");
    right.fill("k0", "depth");
    text.line("workgroupBarrier();");
    text.block(`for (var k = 0u; k < ${depths}u; k++)`, () => {
      for (let half = 0; half < 2; half++) {
        text.line(`let a${half} = a_tile[k * ${left.stride}u + down + ${half * 8}u];`);
        text.line(`let b${half} = b_tile[k * ${right.stride}u + across + ${half * 8}u];`);
      }
      for (let r = 0; r < own; r++)
        for (let c = 0; c < 2; c++)
          text.line(`c${r}_${c} = fma(vec4<f32>(a${r >> 2}.${"xyzw"[r & 3]}), b${c}, c${r}_${c});`);
    });
    text.line("workgroupBarrier();");
  });
  storeOwn(text, kernel, isWide);
  return { shader: shader.finish([threads, 1, 1], builtins, text.lines()), grid: count };
}

function storeOwn(text: ExpressionText, kernel: MatmulKernel, isWide: boolean): void {
  const { row, column, node } = kernel;
  const sums = Array.from({ length: 2 * own }, (_, i) => `c${i >> 1}_${i & 1}`);
  text.line(`var sums = array<vec4<f32>, ${2 * own}>(${sums.join(", ")});`);
  text.block(`for (var i = 0u; i < ${2 * own}u; i++)`, () => {
    text.line("let r = i >> 1u;");
    text.line(`let m = m0 + (r >> 2u) * ${tile.rows / 2}u + down * 4u + (r & 3u);`);
    text.line(`let first = n0 + (i & 1u) * ${tile.columns / 2}u + across * 4u;`);
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
