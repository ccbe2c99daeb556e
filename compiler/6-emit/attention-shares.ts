/** Scores of a tile → shares of attention and the adjoints of the scores, in registers. */
import type { AttentionKernel } from "../5-schedule/kernel.ts";
import { type AttentionTile, type SideText, upTo } from "./attention-tile.ts";
import type { ExpressionText } from "./expression-text.ts";

/** The most negative finite f32: the score of what is not visible. */
const lowest = "-3.4028234663852886e38";

/** Declares the greatest score and the sum of shares of each column, both over the blocks so far. */
export function startShares(text: ExpressionText, { across }: AttentionTile): void {
  const tops = new Array<string>(across).fill(lowest).join(", ");
  text.line(`var tops = array<f32, ${across}>(${tops});`);
  text.line(`var totals: array<f32, ${across}>;`);
}

/** `score`, a product, → `share`, a power of e relative to the greatest score so far; `kept`: what older sums are still worth. */
export function shareTexts(
  text: ExpressionText,
  kernel: AttentionKernel,
  tile: AttentionTile,
): void {
  const isMasked = scoreTexts(text, kernel, tile);
  for (const j of upTo(tile.across)) {
    text.line(`var top${j} = tops[${j}];`);
    for (const r of upTo(tile.rows)) text.line(`top${j} = max(top${j}, full${r}_${j});`);
    text.line(`let kept${j} = exp(tops[${j}] - top${j});`);
    text.line(`tops[${j}] = top${j};`);
    text.line(`var total${j} = totals[${j}] * kept${j};`);
    for (const r of upTo(tile.rows)) {
      const share = `exp(full${r}_${j} - top${j})`;
      // Where a column sees nothing at all, what lies beyond the last row would count like the rest.
      text.line(`let share${r}_${j} = ${isMasked ? `select(0.0, ${share}, in${r})` : share};`);
      text.line(`total${j} += share${r}_${j};`);
    }
    text.line(`totals[${j}] = total${j};`);
  }
}

/** `score` → `share` by the log-sum; `slope`, a product with the adjoint, → adjoint of the score. */
export function slopeTexts(
  text: ExpressionText,
  kernel: AttentionKernel,
  tile: AttentionTile,
  { logSum, along }: { readonly logSum: SideText; readonly along: SideText },
): void {
  const isOfRow = kernel.pass === "keys";
  if (isOfRow) for (const side of [logSum, along]) side.loadRows("0u");
  for (const r of upTo(tile.rows)) {
    if (!isOfRow) continue;
    text.line(`let log_sum_of${r} = ${logSum.row(r)};`);
    text.line(`let along_of${r} = ${along.row(r)};`);
  }
  for (const j of upTo(tile.across)) {
    if (isOfRow) continue;
    text.line(`let log_sum_of${j} = ${logSum.column(j, "0u")};`);
    text.line(`let along_of${j} = ${along.column(j, "0u")};`);
  }
  const isMasked = scoreTexts(text, kernel, tile);
  const isHidden = kernel.visible.kind !== "constant";
  // Of all keys: a kernel over a part of them has fewer in its loop.
  const even = 1 / kernel.results[0]!.inputs[1].type.shape[2]!;
  if (isMasked) text.line(`let even = ${text.shader.float(even)};`);
  for (const r of upTo(tile.rows)) {
    for (const j of upTo(tile.across)) {
      const own = isOfRow ? r : j;
      const share = `exp(full${r}_${j} - log_sum_of${own})`;
      const all = `select(select(${share}, even, log_sum_of${own} <= ${lowest}), 0.0, !in${r})`;
      text.line(`let share${r}_${j} = ${isMasked ? all : share};`);
      const slope = `share${r}_${j} * (product_slope${r}_${j} - along_of${own})`;
      const seen = `select(0.0, ${slope}, full${r}_${j} > ${lowest})`;
      text.line(`let slope${r}_${j} = ${isHidden ? seen : slope};`);
    }
  }
}

/** Products → scores `full`. True where a mask or bias was added; then `in` says which rows are there. */
function scoreTexts(text: ExpressionText, kernel: AttentionKernel, tile: AttentionTile): boolean {
  const { bias, visible } = kernel;
  const isPlain = bias.kind === "constant" && bias.value === 0 && visible.kind === "constant";
  if (!isPlain) maskTexts(text, kernel, tile);
  for (const r of upTo(tile.rows)) {
    text.line(`let in${r} = r0 + ${r}u < rows;`);
    if (isPlain) text.line(`let added${r} = select(${lowest}, 0.0, in${r});`);
    for (const j of upTo(tile.across)) {
      const added = isPlain ? `added${r}` : `mask[${r * tile.across + j}]`;
      text.line(`let full${r}_${j} = fma(product_score${r}_${j}, scale, ${added});`);
    }
  }
  return !isPlain;
}

/** What is added to the scores: next to the lowest f32 a score is lost in rounding. */
function maskTexts(text: ExpressionText, kernel: AttentionKernel, tile: AttentionTile): void {
  const { pass, row, column, bias, visible } = kernel;
  const ofRow = {
    loop: "for (var r = 0u; r < block; r++)",
    token: row,
    at: "min(r0 + r, rows - 1u)",
  };
  const ofColumn = {
    loop: "for (var j = 0u; j < across; j++)",
    token: column,
    at: `min(n0 + j * ${tile.threads}u, columns - 1u)`,
  };
  const [outer, inner] = pass === "keys" ? [ofRow, ofColumn] : [ofColumn, ofRow];
  const size = tile.rows * tile.across;
  text.line(`var mask: array<f32, ${size}>;`);
  const token = (of: typeof ofRow, name: string) => {
    text.line(`let ${name} = ${of.at};`);
    text.define(of.token, name);
  };
  text.block(outer.loop, () => {
    token(outer, "outer");
    text.block(inner.loop, () => {
      token(inner, "inner");
      const own = text.value(bias).text;
      const value =
        visible.kind === "constant"
          ? own
          : `select(${lowest}, ${own}, ${text.value(visible).text})`;
      text.line(`mask[r * ${tile.across}u + j] = ${value};`);
    });
  });
}
