/** MatmulKernel → WGSL by the class of device; here is the text for all of them: a register tile a thread, without workgroup memory. */

import type { MatmulKernel, StridedOperand } from "../5-schedule/kernel.ts";
import type { ProductTile, RegistersTile, Target } from "../program.ts";
import type { ExpressionText } from "./expression-text.ts";
import { NotWide } from "./expression-text.ts";
import { lanesTiles } from "./lanes-tiles.ts";
import { type EmitContext, emitted, type Launch } from "./launch.ts";
import { emitBroadcast } from "./matmul-broadcast.ts";
import { areHalves, emitMatrices, matricesTiles } from "./matmul-matrices.ts";
import { emitTiles, groupTiles } from "./matmul-tiles.ts";
import {
  type BatchAxis,
  defineBatch,
  defineStart,
  productBuiltins,
  productGrid,
} from "./product-grid.ts";
import { chosenTile } from "./product-kind.ts";

/** All tiles that a product can have, the default first. */
export function productTiles(kernel: MatmulKernel, target: Target): readonly ProductTile[] {
  const { products, matrices, subgroupSize } = target;
  if (matrices !== null && areHalves(kernel)) return matricesTiles(matrices);
  if (products === "lanes") return lanesTiles(kernel, subgroupSize);
  return products === "tiles" ? groupTiles : registersTiles;
}

/** A workgroup of 8 x 8 threads, with four columns each. */
const registersTiles: readonly RegistersTile[] = [4, 2, 8].map((rows) => ({
  products: "registers",
  rows,
}));

export function emitMatmul(kernel: MatmulKernel, context: EmitContext): Launch {
  const { products, matrices } = context.target;
  if (matrices !== null && areHalves(kernel)) return emitMatrices(kernel, matrices, context);
  if (products === "lanes") return emitBroadcast(kernel, context);
  const attempt = (isWide: boolean): Launch => {
    if (products === "tiles") return emitTiles(kernel, isWide, context);
    const { rows } = chosenTile(kernel, context.target, registersTiles);
    return emitted(isWide ? kernel.column : undefined, context, (text) =>
      print(text, kernel, isWide, rows, context),
    );
  };
  if (kernel.column.extent % 4 !== 0) return attempt(false);
  try {
    return attempt(true);
  } catch (error) {
    if (!(error instanceof NotWide)) throw error;
    return attempt(false);
  }
}

/** `own`: rows of a thread. */
function print(
  text: ExpressionText,
  kernel: MatmulKernel,
  isWide: boolean,
  own: number,
  context: EmitContext,
) {
  const { shader } = text;
  const { row, column, depth } = kernel;
  const tile = { rows: 8 * own, columns: 32 };
  text.line(`let rows = ${shader.uniform(row.extent)};`);
  text.line(`let columns = ${shader.uniform(column.extent)};`);
  const { count, rowTile, position } = productGrid(text, kernel, tile, context.target);
  text.line(`let m0 = (${rowTile} * 8u + local.y) * ${own}u;`);
  text.line(`let n0 = (group.y * 8u + local.x) * 4u;`);
  const axes = defineBatch(text, kernel.batch, position);
  const left = new OperandText(text, kernel.left, context, "a", axes);
  const right = new OperandText(text, kernel.right, context, "b", axes);
  for (let j = 0; j < own; j++) left.defineLine(j, `min(m0 + ${j}u, rows - 1u)`);
  right.defineColumns("n0", "columns");
  for (let r = 0; r < own; r++) text.line(`var c${r} = vec4<f32>();`);
  const whole = depth - (depth % 4);
  if (whole > 0) {
    text.block(`for (var k = 0u; k < ${shader.uniform(whole)}; k += 4u)`, () => {
      for (let r = 0; r < own; r++) text.line(`let a${r} = ${left.fourAlongDepth(r, "k")};`);
      right.fourByFour("k");
      for (let r = 0; r < own; r++) {
        for (const [i, part] of ["x", "y", "z", "w"].entries()) {
          text.line(`c${r} = fma(vec4<f32>(a${r}.${part}), b${i}, c${r});`);
        }
      }
    });
  }
  if (whole < depth) {
    text.block(`for (var k = ${shader.uniform(whole)}; k < ${shader.uniform(depth)}; k++)`, () => {
      for (let r = 0; r < own; r++) text.line(`let a${r} = ${left.oneAlongDepth(r, "k")};`);
      text.line(`let bk = ${right.fourColumns("k")};`);
      for (let r = 0; r < own; r++) text.line(`c${r} = fma(vec4<f32>(a${r}), bk, c${r});`);
    });
  }
  const names = Array.from({ length: own }, (_, r) => `c${r}`);
  text.line(`if (n0 >= columns || m0 >= rows) { return; }`);
  text.line(`var tile = array<vec4<f32>, ${own}>(${names.join(", ")});`);
  text.line(`let below = min(${own}u, rows - m0);`);
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
  return { shader: shader.finish([8, 8, 1], productBuiltins, text.lines()), grid: count };
}

/** Loads of one operand. A "line" is a row of the left or a column of the right operand. */
class OperandText {
  readonly #text: ExpressionText;
  readonly #operand: StridedOperand;
  readonly #name: string;
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
    axes: readonly BatchAxis[],
  ) {
    this.#text = text;
    this.#operand = operand;
    this.#name = name;
    this.#buffer = context.bufferOf(operand.source);
    this.#isHalf = operand.source.type.dtype === "f16";
    const rest = [
      operand.offset,
      ...operand.batch,
      operand.inner === 1 ? operand.outer : operand.inner,
    ];
    this.#isAligned =
      (operand.inner === 1 || operand.outer === 1) && rest.every((stride) => stride % 4 === 0);
    defineStart(text, `${name}_start`, operand, axes);
    this.#inner = operand.inner === 1 ? "" : text.shader.uniform(operand.inner);
    this.#outer = operand.outer === 1 ? "" : text.shader.uniform(operand.outer);
  }

  /** Names the start of line `j`. */
  defineLine(j: number, index: string): void {
    this.#text.line(
      `let ${this.#name}_line${j} = ${this.#name}_start + ${this.#times(index, this.#outer)};`,
    );
  }

  /** Four columns from `n0`; columns beyond the end repeat the last one. */
  defineColumns(n0: string, columns: string): void {
    if (this.#isAligned && this.#operand.inner !== 1) {
      this.#text.line(
        `let ${this.#name}_line0 = ${this.#name}_start + min(${n0}, ((${columns} - 1u) >> 2u) << 2u);`,
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
    return this.#isHalf
      ? shader.half(this.#buffer, index)
      : shader.element(this.#buffer, "f32", index);
  }

  /** Four neighbors from an index that is a multiple of 4. */
  #four(index: string): string {
    const { shader } = this.#text;
    if (!this.#isHalf) return shader.four(this.#buffer, "f32", `(${index}) >> 2u`);
    const word = (offset: string) => shader.halves(this.#buffer, `((${index}) >> 1u)${offset}`);
    return `vec4<f32>(${word("")}, ${word(" + 1u")})`;
  }
}
