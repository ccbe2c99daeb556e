/**
 * MatmulKernel → WGSL for software drivers with small subgroups: a lane loads a few rows of the left operand and its
 * neighbors get them by broadcast. These drivers load element by element, whatever the layout, so sizes, strides and
 * batches are all uniforms, and products with equal stores share one text.
 */
import type { MatmulKernel, Store, StridedOperand } from "../5-schedule/kernel.ts";
import type { Linear, Variable } from "../5-schedule/linear.ts";
import type { ExpressionText } from "./expression-text.ts";
import { type EmitContext, emitted, type Launch } from "./launch.ts";
import {
  type BatchAxis,
  defineBatch,
  defineStart,
  productBuiltins,
  productGrid,
} from "./product-grid.ts";

/** `rows` x `columns` of the result for a subgroup; each lane has `columns / lanes` of the columns. */
interface Tile {
  readonly rows: number;
  readonly columns: number;
}

const large = (lanes: number): Tile => ({ rows: 32, columns: 8 * lanes });
/** Attention among few tokens. */
const small: Tile = { rows: 24, columns: 24 };

/** Cost of loading an element next to that of a product and a sum. */
const loadCost = 16;

export function emitBroadcast(kernel: MatmulKernel, context: EmitContext): Launch {
  const lanes = context.target.subgroupSize;
  const tile = tileFor(kernel, lanes);
  return emitted(undefined, context, (text) => print(text, kernel, tile, context));
}

/** The tile that takes least time over the whole result: loads for each depth, and products that are thrown away. */
function tileFor({ row, column, left, right }: MatmulKernel, lanes: number): Tile {
  if ([left, right].some(isHalf)) return large(lanes);
  const cost = ({ rows, columns }: Tile) => {
    const tiles = Math.ceil(row.extent / rows) * Math.ceil(column.extent / columns);
    return tiles * (loadCost * (rows + columns) + rows * columns);
  };
  return cost(small) < cost(large(lanes)) ? small : large(lanes);
}

function print(text: ExpressionText, kernel: MatmulKernel, tile: Tile, context: EmitContext) {
  const { shader } = text;
  const { row, column, depth, node } = kernel;
  const lanes = context.target.subgroupSize;
  text.writeFactors();
  text.line(`let rows = ${shader.uniform(row.extent)};`);
  text.line(`let columns = ${shader.uniform(column.extent)};`);
  text.line(`let depth = ${shader.uniform(depth)};`);
  const { count, rowTile, position } = productGrid(text, kernel, tile, context.target);
  const axes = defineBatch(text, kernel.batch, position, 2);
  const loaded = tile.rows / lanes;
  const across = tile.columns / lanes;
  // Neighboring columns in pairs, so that two halves are one load.
  const isPaired = across % 2 === 0;
  text.line("let lane = local.x;");
  text.line(`let m0 = ${rowTile} * ${tile.rows}u;`);
  text.line(`let n0 = group.y * ${tile.columns}u + lane${isPaired ? " * 2u" : ""};`);

  const left = new OperandText(text, kernel.left, context, "a", axes);
  const right = new OperandText(text, kernel.right, context, "b", axes);
  const halves = isHalf(kernel.right) ? pairing(kernel) : undefined;
  for (let i = 0; i < loaded; i++) left.defineLine(i, `min(m0 + ${i * lanes}u + lane, rows - 1u)`);
  for (let j = 0; j < across; j++) {
    const at = isPaired ? 2 * lanes * (j >> 1) + (j & 1) : lanes * j;
    if (halves === "columns" && j % 2 === 1) continue;
    const last = halves === "columns" ? "columns - 2u" : "columns - 1u";
    right.defineLine(j, `min(n0 + ${at}u, ${last})`);
  }
  const sums = Array.from({ length: tile.rows }, (_, r) =>
    Array.from({ length: across }, (_, j) => `c${r}_${j}`),
  );
  for (const sum of sums.flat()) text.line(`var ${sum} = 0.0;`);

  /** One depth: elements of the left operand in `name0`, `name1`, …, those of the right one as given. */
  const add = (name: string, rightText: (j: number) => string) => {
    sums.forEach((own, r) => {
      const shared = `${name}r${r}`;
      text.line(
        `let ${shared} = subgroupBroadcast(${name}${Math.floor(r / lanes)}, ${r % lanes}u);`,
      );
      own.forEach((sum, j) => {
        text.line(`${sum} = fma(${shared}, ${rightText(j)}, ${sum});`);
      });
    });
  };
  const loadLeft = (name: string, k: string) => {
    for (let i = 0; i < loaded; i++) text.line(`let ${name}${i} = ${left.element(i, k)};`);
  };
  text.block(`for (var k = 0u; k < depth; k += ${halves === "depths" ? 2 : 1}u)`, () => {
    loadLeft("a", "k");
    switch (halves) {
      case "depths":
        loadLeft("e", "(k + 1u)");
        for (let j = 0; j < across; j++) text.line(`let b${j} = ${right.pair(j, "k")};`);
        add("a", (j) => `b${j}.x`);
        add("e", (j) => `b${j}.y`);
        break;
      case "columns":
        for (let j = 0; j < across; j += 2) text.line(`let b${j} = ${right.pair(j, "k")};`);
        add("a", (j) => (j % 2 === 0 ? `b${j}.x` : `b${j - 1}.y`));
        break;
      default:
        for (let j = 0; j < across; j++) text.line(`let b${j} = ${right.element(j, "k")};`);
        add("a", (j) => `b${j}`);
    }
  });

  text.line(`var tile = array<f32, ${tile.rows * across}>(${sums.flat().join(", ")});`);
  text.line(`let below = min(${tile.rows}u, rows - m0);`);
  const places = kernel.stores.map((store, i) => new StoreText(text, store, `s${i}`, axes));
  // One loop: drivers take many times as long to compile two of them.
  text.block(`for (var i = 0u; i < below * ${across}u; i++)`, () => {
    text.line(`let j = i % ${across}u;`);
    text.line(
      `let n = n0 + ${isPaired ? `(j >> 1u) * ${2 * lanes}u + (j & 1u)` : `j * ${lanes}u`};`,
    );
    text.line("if (n >= columns) { continue; }");
    text.line(`let m = m0 + i / ${across}u;`);
    text.define(row, "m");
    text.define(column, "n");
    text.line("let product = tile[i];");
    text.setLocal(node, { text: "product", lanes: 1 });
    text.setLocalDepth(node, 1);
    text.storeAll(kernel.stores, (_, i) => places[i]!.element(row, column));
  });
  return { shader: shader.finish([lanes, 1, 1], productBuiltins, text.lines()), grid: count };
}

/** Where a store writes: every axis has its term, so that products share the text wherever they write. */
class StoreText {
  readonly #text: ExpressionText;
  readonly #address: Linear;
  readonly #name: string;

  constructor(text: ExpressionText, { address }: Store, name: string, axes: readonly BatchAxis[]) {
    this.#text = text;
    this.#address = address;
    this.#name = name;
    const terms = axes.map((axis) => `${axis.text} * ${this.#factor(axis.variable)}`);
    text.line(`let ${name} = ${[...terms, text.shader.uniform(address.offset)].join(" + ")};`);
  }

  /** The address of element (m, n). */
  element(row: Variable, column: Variable): string {
    return `${this.#name} + m * ${this.#factor(row)} + n * ${this.#factor(column)}`;
  }

  #factor(variable: Variable | undefined): string {
    const term = this.#address.terms.find((each) => each.variable === variable);
    return this.#text.shader.uniform(term?.factor ?? 0);
  }
}

function isHalf({ source }: StridedOperand): boolean {
  return source.type.dtype === "f16";
}

/** Along which axis two neighbors of the right operand always stand in one word. */
function pairing({ right, depth, column }: MatmulKernel): "depths" | "columns" | undefined {
  const isEven = (...strides: readonly number[]) => strides.every((stride) => stride % 2 === 0);
  if (!isEven(right.offset, ...right.batch)) return undefined;
  if (right.inner === 1 && isEven(right.outer, depth)) return "depths";
  if (right.outer === 1 && isEven(right.inner, column.extent)) return "columns";
  return undefined;
}

/** Loads of one operand. A "line" is a row of the left or a column of the right operand. */
class OperandText {
  readonly #text: ExpressionText;
  readonly #name: string;
  readonly #buffer: number;
  readonly #isHalf: boolean;
  readonly #outer: string;
  readonly #inner: string;

  constructor(
    text: ExpressionText,
    operand: StridedOperand,
    context: EmitContext,
    name: string,
    axes: readonly BatchAxis[],
  ) {
    this.#text = text;
    this.#name = name;
    this.#buffer = context.bufferOf(operand.source);
    this.#isHalf = isHalf(operand);
    defineStart(text, `${name}_start`, operand, axes);
    this.#outer = text.shader.uniform(operand.outer);
    this.#inner = text.shader.uniform(operand.inner);
  }

  /** Names the start of line `i`. */
  defineLine(i: number, index: string): void {
    this.#text.line(`let ${this.#line(i)} = ${this.#name}_start + ${index} * ${this.#outer};`);
  }

  /** Element (line i, k). */
  element(i: number, k: string): string {
    const at = this.#at(i, k);
    const { shader } = this.#text;
    return this.#isHalf ? shader.half(this.#buffer, at) : shader.element(this.#buffer, "f32", at);
  }

  /** The halves at (line i, k) and just after it, of which the first stands at an even place. */
  pair(i: number, k: string): string {
    return this.#text.shader.halves(this.#buffer, `(${this.#at(i, k)}) >> 1u`);
  }

  #at(i: number, k: string): string {
    return `${this.#line(i)} + ${k} * ${this.#inner}`;
  }

  #line(i: number): string {
    return `${this.#name}_line${i}`;
  }
}
