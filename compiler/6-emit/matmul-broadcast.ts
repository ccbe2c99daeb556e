/**
 * MatmulKernel → WGSL for software drivers with small subgroups: a lane loads a few rows of the left operand and its
 * neighbors get them by broadcast. Sizes, strides and batches are all uniforms, so products that are read alike and have
 * equal stores share one text.
 */
import type { MatmulKernel } from "../5-schedule/kernel.ts";
import { constant, type Linear, type Variable } from "../5-schedule/linear.ts";
import type { LanesTile } from "../program.ts";
import { BroadcastOperand, loadedName } from "./broadcast-operand.ts";
import type { ExpressionText } from "./expression-text.ts";
import { lanesTiles } from "./lanes-tiles.ts";
import { type EmitContext, emitted, type Launch } from "./launch.ts";
import { type LinearEpilogue, linearEpilogue, mostTerms } from "./linear-epilogue.ts";
import { type BatchAxis, defineBatch, productBuiltins, productGrid } from "./product-grid.ts";
import { chosenTile } from "./product-kind.ts";

export function emitBroadcast(kernel: MatmulKernel, context: EmitContext): Launch {
  const { target } = context;
  const tile = chosenTile(kernel, target, lanesTiles(kernel, target.subgroupSize));
  return emitted(undefined, context, (text) => print(text, kernel, tile, context));
}

function print(text: ExpressionText, kernel: MatmulKernel, tile: LanesTile, context: EmitContext) {
  const { shader } = text;
  const { row, column, depth } = kernel;
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
  const linear = context.windows.size === 0 ? linearEpilogue(kernel) : undefined;
  const storeElement =
    linear === undefined
      ? storing(text, kernel, axes)
      : storingLinear(text, kernel, axes, linear, context);
  // One loop: drivers take many times as long to compile two of them.
  text.block(`for (var i = 0u; i < below * ${across}u; i++)`, () => {
    text.line(`let j = i % ${across}u;`);
    text.line(
      `let n = n0 + ${hasFours ? `(j >> 2u) * ${4 * lanes}u + (j & 3u)` : `j * ${lanes}u`};`,
    );
    text.line("if (n >= columns) { continue; }");
    text.line(`let m = m0 + i / ${across}u;`);
    storeElement();
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

/** Statements that store element (m, n), which stands in `tile[i]`. */
function storing(text: ExpressionText, kernel: MatmulKernel, axes: readonly BatchAxis[]) {
  const { row, column, node } = kernel;
  const places = kernel.stores.map(({ address }, i) => new Place(text, address, `s${i}`, axes));
  return () => {
    text.define(row, "m");
    text.define(column, "n");
    text.line("let product = tile[i];");
    text.setLocal(node, { text: "product", lanes: 1 });
    text.setLocalDepth(node, 1);
    text.storeAll(kernel.stores, (_, i) => places[i]!.element(row, column));
  };
}

/** As `storing`, in one text for all products that end alike: whether there is a tensor to add is a uniform too. */
function storingLinear(
  text: ExpressionText,
  kernel: MatmulKernel,
  axes: readonly BatchAxis[],
  { store, scale, terms }: LinearEpilogue,
  context: EmitContext,
) {
  const { shader } = text;
  const { row, column, left } = kernel;
  const added = Array.from({ length: mostTerms }, (_, i) => {
    const term = terms[i];
    const place = new Place(text, term?.address ?? constant(0), `t${i}`, axes);
    const isThere = shader.uniform(term === undefined ? 0 : 1);
    // What is not there needs a binding all the same; it is never read.
    const buffer = shader.again(context.bufferOf(term?.node ?? left.source));
    return { place, isThere, buffer };
  });
  const to = new Place(text, store.address, "s0", axes);
  const bits = new Uint32Array(Float32Array.of(scale).buffer)[0]!;
  text.line(`let scale = bitcast<f32>(${shader.uniform(bits)});`);
  return () => {
    text.line("var value = tile[i] * scale;");
    for (const { place, isThere, buffer } of added) {
      const at = place.element(row, column);
      text.line(`if (${isThere} != 0u) { value += ${shader.element(buffer, "f32", at)}; }`);
    }
    text.line(shader.write(context.bufferOf(store.to), "f32", to.element(row, column), "value"));
  };
}

/** Where a tensor has element (m, n): every axis has its term, so that products share the text wherever they read and write. */
class Place {
  readonly #text: ExpressionText;
  readonly #address: Linear;
  readonly #name: string;

  constructor(text: ExpressionText, address: Linear, name: string, axes: readonly BatchAxis[]) {
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
