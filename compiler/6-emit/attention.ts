/**
 * AttentionKernel → WGSL: a tile of scores in registers at a time, their softmax on the way (Dao 2023, arXiv:2307.08691).
 * Threads have columns of the tile; its rows come by broadcast where subgroups are small, else every thread loads them.
 */
import type { AttentionKernel, AttentionOperands, AttentionResult } from "../5-schedule/kernel.ts";
import { variable } from "../5-schedule/linear.ts";
import { shareTexts, slopeTexts, startShares } from "./attention-shares.ts";
import { type AttentionTile, gatherText, productText, SideText } from "./attention-tile.ts";
import type { ExpressionText } from "./expression-text.ts";
import { type EmitContext, emitted, type Launch } from "./launch.ts";
import { defineBatch, productBuiltins, productGrid } from "./product-grid.ts";

export function emitAttention(kernel: AttentionKernel, context: EmitContext): Launch {
  return emitted(undefined, context, (text) => print(text, kernel, context));
}

function tileFor({ target }: EmitContext): AttentionTile {
  const lanes = target.subgroupSize;
  return target.products === "lanes"
    ? { threads: lanes, lanes, rows: 32, across: 4 }
    : { threads: 64, lanes: 0, rows: 4, across: 4 };
}

/** Numbers of a thread are sums of so many places at least, so that heads of similar width have one text. */
const widthStep = 128;

function print(text: ExpressionText, kernel: AttentionKernel, context: EmitContext) {
  const { shader } = text;
  const { pass, row, column, width } = kernel;
  const tile = tileFor(context);
  const { threads, across } = tile;
  text.writeFactors();
  text.line(`let rows = ${shader.uniform(row.extent)};`);
  text.line(`let columns = ${shader.uniform(column.extent)};`);
  text.line(`let width = ${shader.uniform(width.extent)};`);
  text.line(`let scale = bitcast<f32>(${shader.uniform(bitsOf(kernel.scale))});`);
  // Numbers that a driver does not know, so that it does not unroll the loops over a tile.
  text.line(`let across = ${shader.uniform(across)};`);
  text.line(`let block = ${shader.uniform(tile.rows)};`);
  const grid = productGrid(
    text,
    { row: column, column: variable(1, false), batch: kernel.batch },
    { rows: threads * across, columns: 1 },
    context.target,
  );
  const axes = defineBatch(text, kernel.batch, grid.position, 2);
  text.line("let lane = local.x;");
  text.line(`let n0 = ${grid.rowTile} * ${threads * across}u + lane;`);

  const side = (name: keyof AttentionOperands) =>
    new SideText(text, context, tile, name, kernel.operands[name]!, axes);
  const [queries, keys, values] = [side("queries"), side("keys"), side("values")];
  const sides = { queries, keys, values };
  const back =
    pass === "forward"
      ? undefined
      : { adjoint: side("adjoint"), logSum: side("logSum"), along: side("along") };
  const gathered = kernel.results.flatMap((node) => {
    const result = resultOf(node);
    return result === undefined ? [] : [{ result, ...weighted(result, sides, back?.adjoint) }];
  });
  const products = [
    { name: "score", sides: [queries, keys] as const },
    ...(back === undefined ? [] : [{ name: "slope", sides: [back.adjoint, values] as const }]),
  ].map(({ name, sides: [ofQuery, ofKey] }) =>
    pass === "keys" ? { name, row: ofQuery, column: ofKey } : { name, row: ofKey, column: ofQuery },
  );
  const numbers = back === undefined ? [] : [back.logSum, back.along];
  const ofRows = new Set([
    ...products.map((each) => each.row),
    ...gathered.map((each) => each.side),
    ...(pass === "keys" ? numbers : []),
  ]);
  const ofColumns = [...products.map((each) => each.column), ...(pass === "keys" ? [] : numbers)];
  for (const each of ofColumns) each.defineColumns();
  const places = widthStep * Math.ceil(width.extent / widthStep) * across;
  for (const { result } of gathered) text.line(`var ${result}_sum: array<f32, ${places}>;`);
  if (back === undefined) startShares(text, tile);

  text.block("for (var r0 = 0u; r0 < rows; r0 += block)", () => {
    for (const each of ofRows) each.defineRows();
    productText(text, tile, products);
    if (back === undefined) shareTexts(text, kernel, tile);
    else slopeTexts(text, kernel, tile, back);
    gatherText(text, tile, gathered, back === undefined);
  });
  store(text, kernel, tile);
  return {
    shader: shader.finish([threads, 1, 1], productBuiltins, text.lines()),
    grid: grid.count,
  };
}

type Result = "mixed" | "queries" | "keys" | "values";

function resultOf(node: AttentionResult): Result | undefined {
  if (node.op === "attentionGradient") return node.attributes.to;
  return node.attributes.gives === "mixed" ? "mixed" : undefined;
}

/** Of what a result is the sum over rows, and by which weight of row and column. */
function weighted(
  result: Result,
  { queries, keys, values }: Record<"queries" | "keys" | "values", SideText>,
  adjoint: SideText | undefined,
): { readonly side: SideText; readonly weight: "share" | "slope" } {
  switch (result) {
    case "mixed":
      return { side: values, weight: "share" };
    case "queries":
      return { side: keys, weight: "slope" };
    case "keys":
      return { side: queries, weight: "slope" };
    case "values":
      return { side: adjoint!, weight: "share" };
  }
}

/** Writes what was summed up for the columns of a thread. */
function store(text: ExpressionText, kernel: AttentionKernel, tile: AttentionTile): void {
  const { column, width, results, stores, columnStores } = kernel;
  const local = (node: AttentionResult, own: string, depth: number) => {
    text.setLocal(node, { text: own, lanes: 1 });
    text.setLocalDepth(node, depth);
  };
  text.block("for (var j = 0u; j < across; j++)", () => {
    text.line(`let n = n0 + j * ${tile.threads}u;`);
    text.line("if (n >= columns) { continue; }");
    text.define(column, "n");
    const logSum = results.find((node) => resultOf(node) === undefined);
    if (logSum !== undefined) local(logSum, "(tops[j] + log(totals[j]))", 1);
    text.storeAll(columnStores);
    if (stores.length === 0) return;
    text.block("for (var d = 0u; d < width; d++)", () => {
      text.define(width, "d");
      for (const node of results) {
        const result = resultOf(node);
        if (result === undefined) continue;
        const after = { mixed: " / totals[j]", queries: " * scale", keys: " * scale", values: "" };
        text.line(`let ${result} = ${result}_sum[d * ${tile.across}u + j]${after[result]};`);
        local(node, result, 2);
      }
      text.storeAll(stores);
    });
  });
}

function bitsOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}
