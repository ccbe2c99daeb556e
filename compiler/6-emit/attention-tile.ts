/** The products of a block of rows and a thread's columns: loads, broadcasts and the loop over the width. */
import type { StridedOperand } from "../5-schedule/kernel.ts";
import type { ExpressionText } from "./expression-text.ts";
import type { EmitContext } from "./launch.ts";
import { type BatchAxis, defineStart } from "./product-grid.ts";

export interface AttentionTile {
  /** Invocations of a workgroup. */
  readonly threads: number;
  /** Lanes that share rows by broadcast; 0 where every thread loads them. */
  readonly lanes: number;
  readonly rows: number;
  /** Columns of a thread. */
  readonly across: number;
}

/** Loads of one operand, whose tokens are rows or columns of the tile, or both in turn. */
export class SideText {
  readonly #text: ExpressionText;
  readonly #tile: AttentionTile;
  readonly #name: string;
  readonly #buffer: number;
  readonly #isHalf: boolean;
  readonly #outer: string;
  readonly #inner: string;

  constructor(
    text: ExpressionText,
    context: EmitContext,
    tile: AttentionTile,
    name: string,
    operand: StridedOperand,
    axes: readonly BatchAxis[],
  ) {
    this.#text = text;
    this.#tile = tile;
    this.#name = name;
    this.#buffer = context.bufferOf(operand.source);
    this.#isHalf = operand.source.type.dtype === "f16";
    defineStart(text, `${name}_start`, operand, axes);
    this.#outer = text.shader.uniform(operand.outer);
    this.#inner = text.shader.uniform(operand.inner);
  }

  /** Names where the thread's columns start. */
  defineColumns(): void {
    const { threads, across } = this.#tile;
    for (let j = 0; j < across; j++)
      this.#define(`column${j}`, `min(n0 + ${j * threads}u, columns - 1u)`);
  }

  /** Names where the rows that this thread loads start. */
  defineRows(): void {
    const { lanes } = this.#tile;
    for (let i = 0; i < this.#loaded; i++) {
      const index = lanes > 0 ? `r0 + ${i * lanes}u + lane` : `r0 + ${i}u`;
      this.#define(`row${i}`, `min(${index}, rows - 1u)`);
    }
  }

  loadRows(d: string): void {
    for (let i = 0; i < this.#loaded; i++)
      this.#text.line(`let ${this.#name}_at${i} = ${this.#element(`row${i}`, d)};`);
  }

  /** Row `r` of those that were loaded last. */
  row(r: number): string {
    const { lanes } = this.#tile;
    if (lanes === 0) return `${this.#name}_at${r}`;
    return `subgroupBroadcast(${this.#name}_at${Math.floor(r / lanes)}, ${r % lanes}u)`;
  }

  column(j: number, d: string): string {
    return this.#element(`column${j}`, d);
  }

  /** The number of a token. */
  at(token: string): string {
    return this.#load(`${this.#name}_start + ${token} * ${this.#outer}`);
  }

  get #loaded(): number {
    const { lanes, rows } = this.#tile;
    return lanes > 0 ? rows / lanes : rows;
  }

  #define(name: string, token: string): void {
    this.#text.line(`let ${this.#name}_${name} = ${this.#name}_start + ${token} * ${this.#outer};`);
  }

  #element(name: string, d: string): string {
    return this.#load(`${this.#name}_${name} + ${d} * ${this.#inner}`);
  }

  #load(at: string): string {
    const { shader } = this.#text;
    return this.#isHalf ? shader.half(this.#buffer, at) : shader.element(this.#buffer, "f32", at);
  }
}

/** Products of rows and columns in `product_NAME` r _ j, all in one loop over the width. */
export function productText(
  text: ExpressionText,
  { rows, across }: AttentionTile,
  products: readonly { readonly name: string; readonly row: SideText; readonly column: SideText }[],
): void {
  const all = upTo(rows).flatMap((r) => upTo(across).map((j) => ({ r, j })));
  for (const { name } of products)
    for (const { r, j } of all) text.line(`var product_${name}${r}_${j} = 0.0;`);
  text.block("for (var d = 0u; d < width; d++)", () => {
    for (const { name, row, column } of products) {
      row.loadRows("d");
      for (const j of upTo(across)) text.line(`let ${name}_c${j} = ${column.column(j, "d")};`);
      for (const r of upTo(rows)) {
        text.line(`let ${name}_r${r} = ${row.row(r)};`);
        for (const j of upTo(across)) {
          const sum = `product_${name}${r}_${j}`;
          text.line(`${sum} = fma(${name}_r${r}, ${name}_c${j}, ${sum});`);
        }
      }
    }
  });
}

/** Adds the rows of a block to the sums of the columns, place by place of the width. */
export function gatherText(
  text: ExpressionText,
  { rows, across }: AttentionTile,
  all: readonly { readonly result: string; readonly side: SideText; readonly weight: string }[],
  isKept: boolean,
): void {
  text.block("for (var d = 0u; d < width; d++)", () => {
    for (const { result, side, weight } of all) {
      const sum = (j: number) => `${result}_sum[d * ${across}u + ${j}u]`;
      side.loadRows("d");
      for (const j of upTo(across))
        text.line(`var ${result}${j} = ${sum(j)}${isKept ? ` * kept${j}` : ""};`);
      for (const r of upTo(rows)) {
        text.line(`let ${result}_r${r} = ${side.row(r)};`);
        for (const j of upTo(across))
          text.line(`${result}${j} = fma(${result}_r${r}, ${weight}${r}_${j}, ${result}${j});`);
      }
      for (const j of upTo(across)) text.line(`${sum(j)} = ${result}${j};`);
    }
  });
}

/** 0, 1, … below `count`. */
export function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}
