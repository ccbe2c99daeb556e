/**
 * MatmulKernel → WGSL for software drivers with small subgroups: a lane loads a few rows of the left operand and its
 * neighbors get them by broadcast. Sizes, strides and batches are all uniforms, so products that are read alike and have
 * equal stores share one text.
 */
import type { MatmulKernel, Store } from "../5-schedule/kernel.ts";
import type { Linear, Variable } from "../5-schedule/linear.ts";
import type { LanesTile } from "../program.ts";
import { BroadcastOperand, loadedName } from "./broadcast-operand.ts";
import type { ExpressionText } from "./expression-text.ts";
import { lanesTiles } from "./lanes-tiles.ts";
import { type EmitContext, emitted, type Launch } from "./launch.ts";
import { type BatchAxis, defineBatch, productBuiltins, productGrid } from "./product-grid.ts";
import { chosenTile } from "./product-kind.ts";

export function emitBroadcast(kernel: MatmulKernel, context: EmitContext): Launch {
  const { target } = context;
  const tile = chosenTile(kernel, target, lanesTiles(kernel, target.subgroupSize));
  return emitted(undefined, context, (text) => print(text, kernel, tile, context));
}

function print(text: ExpressionText, kernel: MatmulKernel, tile: LanesTile, context: EmitContext) {
  const { shader } = text;
  const { row, column, depth, node } = kernel;
  const lanes = context.target.subgroupSize;
  text.writeFactors();
  text.line(`let rows = ${shader.uniform(row.extent)};`);
  text.line(`let columns = ${shader.uniform(column.extent)};`);
  text.line(`let turns = ${shader.uniform(depth / tile.step)};`);
  const { count, rowTile, position } = productGrid(text, kernel, tile, context.target);
  const axes = defineBatch(text, kernel.batch, position, 2);
  const across = tile.columns / lanes;
  const hasFours = tile.right === "columns";
  text.line("let lane = local.x;");
  text.line(`let m0 = ${rowTile} * ${tile.rows}u;`);
  text.line(`let n0 = group.y * ${tile.columns}u + lane${hasFours ? " * 4u" : ""};`);

  const { step } = tile;
  const left = new BroadcastOperand(text, kernel.left, context, {
    name: "a",
    axes,
    reading: tile.left,
    step,
  });
  const right = new BroadcastOperand(text, kernel.right, context, {
    name: "b",
    axes,
    reading: tile.right,
    step,
  });
  for (let i = 0; i < tile.rows / lanes; i++)
    left.defineLine(i, `min(m0 + ${i * lanes}u + lane, rows - 1u)`);
  for (let j = 0; j < across; j += hasFours ? 4 : 1) {
    const index = `min(n0 + ${j * lanes}u, columns - 1u)`;
    right.defineLine(j, hasFours ? `(${index} >> 2u)` : index);
  }
  const sums = sumNames(tile, across).flat();
  for (const sum of sums) text.line(`var ${sum} = 0.0;`);
  text.block("for (var t = 0u; t < turns; t++)", () => {
    left.load("t");
    right.load("t");
    text.line(additions(tile, lanes));
  });

  text.line(`var tile = array<f32, ${tile.rows * across}>(${sums.join(", ")});`);
  text.line(`let below = min(${tile.rows}u, rows - m0);`);
  const places = kernel.stores.map((store, i) => new StoreText(text, store, `s${i}`, axes));
  // One loop: drivers take many times as long to compile two of them.
  text.block(`for (var i = 0u; i < below * ${across}u; i++)`, () => {
    text.line(`let j = i % ${across}u;`);
    text.line(
      `let n = n0 + ${hasFours ? `(j >> 2u) * ${4 * lanes}u + (j & 3u)` : `j * ${lanes}u`};`,
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

/** Names of a lane's sums, by row. */
function sumNames({ rows }: LanesTile, across: number): readonly (readonly string[])[] {
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: across }, (_, j) => `c${r}_${j}`),
  );
}

const knownAdditions = new Map<string, string>();

/** The statements of a turn once its operands are loaded: most of the text, and the same for all products of a tile. */
function additions(tile: LanesTile, lanes: number): string {
  const { rows, columns, step, left, right } = tile;
  const key = [rows, columns, step, left, right, lanes].join();
  const known = knownAdditions.get(key);
  if (known !== undefined) return known;
  const turns = Array.from({ length: step }, (_, u) => u);
  const lines = sumNames(tile, columns / lanes).flatMap((own, r) => [
    ...turns.map((u) => {
      const value = loadedName("a", left, Math.floor(r / lanes), u);
      return `let s${r}_${u} = subgroupBroadcast(${value}, ${r % lanes}u);`;
    }),
    ...own.flatMap((sum, j) =>
      turns.map((u) => `${sum} = fma(s${r}_${u}, ${loadedName("b", right, j, u)}, ${sum});`),
    ),
  ]);
  const text = lines.join("\n  ");
  knownAdditions.set(key, text);
  return text;
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
