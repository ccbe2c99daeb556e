/** MatmulKernel → WGSL: a register tile a thread; on small subgroups rows are broadcast across lanes. No workgroup memory. */

import type { MatmulKernel, StridedOperand } from "../5-schedule/kernel.ts";
import { invariant } from "../invariant.ts";
import type { Target } from "../program.ts";
import type { ExpressionText } from "./expression-text.ts";
import { NotWide } from "./expression-text.ts";
import { type EmitContext, emitted, type Launch } from "./launch.ts";

/** Shape of the tile: `rows` x (4 columns a thread). */
interface Tile {
  readonly lanes: number;
  readonly rows: number;
  /** Rows of A that a lane loads; the rest comes from its neighbors. */
  readonly loaded: number;
  readonly workgroup: readonly [number, number, number];
  readonly tileRows: number;
  readonly tileColumns: number;
}

function tileFor(target: Target): Tile {
  const lanes = target.subgroupSize;
  if (lanes === 4 || lanes === 8) {
    const rows = 16;
    return {
      lanes,
      rows,
      loaded: rows / lanes,
      workgroup: [lanes, 1, 1],
      tileRows: rows,
      tileColumns: 4 * lanes,
    };
  }
  return { lanes: 0, rows: 4, loaded: 4, workgroup: [8, 8, 1], tileRows: 32, tileColumns: 32 };
}

export function emitMatmul(kernel: MatmulKernel, context: EmitContext): Launch {
  const wide = kernel.column.extent % 4 === 0;
  const tile = tileFor(context.target);
  const attempt = (isWide: boolean): Launch =>
    emitted(isWide ? kernel.column : undefined, context, (text) =>
      print(text, kernel, tile, isWide, context),
    );
  if (!wide) return attempt(false);
  try {
    return attempt(true);
  } catch (error) {
    if (!(error instanceof NotWide)) throw error;
    return attempt(false);
  }
}

function print(
  text: ExpressionText,
  kernel: MatmulKernel,
  tile: Tile,
  isWide: boolean,
  context: EmitContext,
) {
  const { shader } = text;
  const { row, column, depth, batch } = kernel;
  const builtins =
    "@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>";
  text.line(`let rows = ${shader.uniform(row.extent)};`);
  text.line(`let columns = ${shader.uniform(column.extent)};`);
  const batches = batch.reduce((product, v) => product * v.extent, 1);
  const rowTiles = Math.ceil(row.extent / tile.tileRows);
  const grid = gridFor(
    rowTiles,
    Math.ceil(column.extent / tile.tileColumns),
    batches,
    context.target,
  );
  const isFolded = grid[2] < batches;
  const across = isFolded ? "row_tile" : "group.x";
  if (isFolded) {
    text.line(`let row_tile = group.x % ${shader.uniform(rowTiles)};`);
    text.line(
      `let z = group.z + group.x / ${shader.uniform(rowTiles)} * ${shader.uniform(grid[2])};`,
    );
    text.line(`if (z >= ${shader.uniform(batches)}) { return; }`);
  }
  if (tile.lanes > 0) {
    text.line(`let lane = local.x;`);
    text.line(`let m0 = ${across} * ${tile.tileRows}u;`);
    text.line(`let n0 = (group.y * ${tile.lanes}u + lane) * 4u;`);
  } else {
    text.line(`let m0 = (${across} * 8u + local.y) * 4u;`);
    text.line(`let n0 = (group.y * 8u + local.x) * 4u;`);
  }
  const offsets = batchOffsets(text, kernel, isFolded ? "z" : "group.z");
  const left = new OperandText(text, kernel.left, context, "a", offsets.left);
  const right = new OperandText(text, kernel.right, context, "b", offsets.right);
  for (let j = 0; j < tile.loaded; j++) {
    const index = tile.lanes > 0 ? `m0 + ${j * tile.lanes}u + lane` : `m0 + ${j}u`;
    left.defineLine(j, `min(${index}, rows - 1u)`);
  }
  right.defineColumns("n0", "columns");
  for (let r = 0; r < tile.rows; r++) text.line(`var c${r} = vec4<f32>();`);
  const from = (r: number, part: string) =>
    tile.lanes > 0
      ? `subgroupBroadcast(a${Math.floor(r / tile.lanes)}${part}, ${r % tile.lanes}u)`
      : `a${r}${part}`;
  const whole = depth - (depth % 4);
  if (whole > 0) {
    text.block(`for (var k = 0u; k < ${shader.uniform(whole)}; k += 4u)`, () => {
      for (let j = 0; j < tile.loaded; j++)
        text.line(`let a${j} = ${left.fourAlongDepth(j, "k")};`);
      right.fourByFour("k");
      for (let r = 0; r < tile.rows; r++) {
        text.line(`let r${r} = ${from(r, "")};`);
        for (const [i, part] of ["x", "y", "z", "w"].entries()) {
          text.line(`c${r} = fma(vec4<f32>(r${r}.${part}), b${i}, c${r});`);
        }
      }
    });
  }
  if (whole < depth) {
    text.block(`for (var k = ${shader.uniform(whole)}; k < ${shader.uniform(depth)}; k++)`, () => {
      for (let j = 0; j < tile.loaded; j++) text.line(`let a${j} = ${left.oneAlongDepth(j, "k")};`);
      text.line(`let bk = ${right.fourColumns("k")};`);
      for (let r = 0; r < tile.rows; r++)
        text.line(`c${r} = fma(vec4<f32>(${from(r, "")}), bk, c${r});`);
    });
  }
  const names = Array.from({ length: tile.rows }, (_, r) => `c${r}`);
  text.line(`if (n0 >= columns || m0 >= rows) { return; }`);
  text.line(`var tile = array<vec4<f32>, ${tile.rows}>(${names.join(", ")});`);
  text.line(`let below = min(${tile.rows}u, rows - m0);`);
  text.block("for (var r = 0u; r < below; r++)", () => {
    text.line("let m = m0 + r;");
    text.define(row, "m");
    if (isWide) {
      text.line("let n4 = n0 >> 2u;");
      text.define(column, "n4");
      text.line("let product = tile[r];");
      text.setLocal(kernel.node, { text: "product", lanes: 4 });
      text.setLocalDepth(kernel.node, 1);
      text.storeAll(kernel.stores);
    } else {
      text.line("let four = tile[r];");
      text.line("let across = min(4u, columns - n0);");
      text.block("for (var q = 0u; q < across; q++)", () => {
        text.line("let n = n0 + q;");
        text.define(column, "n");
        text.line("let product = four[q];");
        text.setLocal(kernel.node, { text: "product", lanes: 1 });
        text.setLocalDepth(kernel.node, 2);
        text.storeAll(kernel.stores);
      });
    }
  });
  return { shader: shader.finish(tile.workgroup, builtins, text.lines()), grid };
}

/** Tiles of rows, tiles of columns, batches; batches beyond a dimension's limit go beside the rows. */
function gridFor(
  rowTiles: number,
  columnTiles: number,
  batches: number,
  { maxComputeWorkgroupsPerDimension: most }: Target,
): readonly [number, number, number] {
  const deep = Math.min(batches, most);
  const grid = [rowTiles * Math.ceil(batches / deep), columnTiles, deep] as const;
  invariant(
    grid.every((size) => size <= most),
    () => `a product needs a grid of ${grid.join(" x ")} workgroups; the most is ${most}`,
  );
  return grid;
}

/** Defines the batch variables from `position`; start of each operand in its buffer. */
function batchOffsets(
  text: ExpressionText,
  { batch, left, right }: MatmulKernel,
  position: string,
): { left: string; right: string } {
  const { shader } = text;
  const live = batch.map((v, i) => ({ v, i })).filter(({ v }) => v.extent > 1);
  let rest = position;
  [...live].reverse().forEach(({ v }, position) => {
    if (position === live.length - 1) {
      text.define(v, rest);
      return;
    }
    const size = shader.uniform(v.extent);
    const own = text.name("z");
    const next = text.name("z");
    text.line(`let ${own} = ${rest} % ${size};`);
    text.line(`let ${next} = ${rest} / ${size};`);
    text.define(v, own);
    rest = next;
  });
  const start = (name: string, operand: StridedOperand): string => {
    const terms = live
      .filter(({ i }) => operand.batch[i] !== 0)
      .map(({ v, i }) => `${text.variableText(v)} * ${shader.uniform(operand.batch[i]!)}`);
    if (operand.offset !== 0) terms.push(shader.uniform(operand.offset));
    text.line(`let ${name} = ${terms.length === 0 ? "0u" : terms.join(" + ")};`);
    return name;
  };
  return { left: start("a_start", left), right: start("b_start", right) };
}

/** Loads of one operand. A "line" is a row of the left or a column of the right operand. */
class OperandText {
  readonly #text: ExpressionText;
  readonly #operand: StridedOperand;
  readonly #name: string;
  readonly #start: string;
  readonly #isAligned: boolean;
  readonly #isHalf: boolean;
  readonly #buffer: number;
  readonly #inner: string;
  readonly #outer: string;

  constructor(
    text: ExpressionText,
    operand: StridedOperand,
    context: EmitContext,
    name: string,
    start: string,
  ) {
    this.#text = text;
    this.#operand = operand;
    this.#name = name;
    this.#start = start;
    this.#buffer = context.bufferOf(operand.source);
    this.#isHalf = operand.source.type.dtype === "f16";
    const rest = [
      operand.offset,
      ...operand.batch,
      operand.inner === 1 ? operand.outer : operand.inner,
    ];
    this.#isAligned =
      (operand.inner === 1 || operand.outer === 1) && rest.every((stride) => stride % 4 === 0);
    this.#inner = operand.inner === 1 ? "" : text.shader.uniform(operand.inner);
    this.#outer = operand.outer === 1 ? "" : text.shader.uniform(operand.outer);
  }

  /** Names the start of line `j`. */
  defineLine(j: number, index: string): void {
    this.#text.line(
      `let ${this.#name}_line${j} = ${this.#start} + ${this.#times(index, this.#outer)};`,
    );
  }

  /** Four columns from `n0`; columns beyond the end repeat the last one. */
  defineColumns(n0: string, columns: string): void {
    if (this.#isAligned && this.#operand.inner !== 1) {
      this.#text.line(
        `let ${this.#name}_line0 = ${this.#start} + min(${n0}, ((${columns} - 1u) >> 2u) << 2u);`,
      );
      return;
    }
    for (let q = 0; q < 4; q++) this.defineLine(q, `min(${n0} + ${q}u, ${columns} - 1u)`);
  }

  /** Elements (line j, k … k+3). */
  fourAlongDepth(j: number, k: string): string {
    const start = `${this.#name}_line${j}`;
    if (this.#isAligned && this.#operand.inner === 1) return this.#four(`${start} + ${k}`);
    return `vec4<f32>(${[0, 1, 2, 3].map((i) => this.oneAlongDepth(j, `(${k} + ${i}u)`)).join(", ")})`;
  }

  /** Element (line j, k). */
  oneAlongDepth(j: number, k: string): string {
    return this.#one(`${this.#name}_line${j} + ${this.#times(k, this.#inner)}`);
  }

  /** b0 … b3: for each of four depths, the four columns. */
  fourByFour(k: string): void {
    const text = this.#text;
    if (this.#isAligned && this.#operand.inner === 1) {
      for (let q = 0; q < 4; q++)
        text.line(`let w${q} = ${this.#four(`${this.#name}_line${q} + ${k}`)};`);
      for (const [i, part] of ["x", "y", "z", "w"].entries()) {
        text.line(`let b${i} = vec4<f32>(w0.${part}, w1.${part}, w2.${part}, w3.${part});`);
      }
      return;
    }
    for (let i = 0; i < 4; i++) text.line(`let b${i} = ${this.fourColumns(`(${k} + ${i}u)`)};`);
  }

  /** The four columns at depth k. */
  fourColumns(k: string): string {
    if (this.#isAligned && this.#operand.inner !== 1)
      return this.#four(`${this.#name}_line0 + ${this.#times(k, this.#inner)}`);
    return `vec4<f32>(${[0, 1, 2, 3].map((q) => this.oneAlongDepth(q, k)).join(", ")})`;
  }

  #times(value: string, stride: string): string {
    return stride === ""
      ? value
      : `${value.includes(" ") && !value.startsWith("(") ? `(${value})` : value} * ${stride}`;
  }

  #one(index: string): string {
    const { shader } = this.#text;
    if (!this.#isHalf) return shader.element(this.#buffer, "f32", index);
    return `unpack2x16float(${shader.element(this.#buffer, "u32", `(${index}) >> 1u`)})[(${index}) & 1u]`;
  }

  /** Four neighbors from an index that is a multiple of 4. */
  #four(index: string): string {
    const { shader } = this.#text;
    if (!this.#isHalf) return shader.four(this.#buffer, "f32", `(${index}) >> 2u`);
    const word = (offset: string) =>
      `unpack2x16float(${shader.element(this.#buffer, "u32", `((${index}) >> 1u)${offset}`)})`;
    return `vec4<f32>(${word("")}, ${word(" + 1u")})`;
  }
}
