/** What was measured → a table for people. */
import type { Device } from "../../runtime/device/open-device.ts";
import type { ProductShape } from "../../runtime/tune/product-work.ts";
import type { MeasuredProduct, TuningResult } from "../../runtime/tune/tune.ts";
import type { Terminal } from "../terminal.ts";

/** `16 of 257x88x257 NT, f32 by f16`. */
export function describedWork({
  batch,
  rows,
  depth,
  columns,
  layout,
  left,
  right,
}: ProductShape): string {
  const times = batch === 1 ? "" : `${batch} of `;
  const halves = left === right && left === "f32" ? "" : `, ${left} by ${right}`;
  return `${times}${rows}x${depth}x${columns} ${layout}${halves}`;
}

/** A line a kind of products, then what became of it. */
export function tuneTable(
  { colors }: Terminal,
  { adapter, target }: Device,
  file: string,
  { measured, left, tiles }: TuningResult,
): string {
  const names = measured.map(({ work }) => describedWork(work));
  const width = Math.max(7, ...names.map((name) => name.length));
  const head = `${"product".padEnd(width)}  class      default ms   best ms   ratio  tiles  rounds`;
  const rows = measured.map((each, index) => {
    const text = `${names[index]!.padEnd(width)}  ${classOf(each, target.products).padEnd(9)}  ${[
      time(each.standard).padStart(10),
      time(each.best).padStart(9),
      (each.best / each.standard).toFixed(2).padStart(7),
      String(each.tiles).padStart(6),
      String(each.rounds).padStart(7),
    ].join("")}`;
    return each.tile === undefined ? text : colors.green(text);
  });
  const count = Object.keys(tiles).length;
  const refused = measured.reduce((sum, each) => sum + each.refused, 0);
  return [
    `${adapter.name} (${adapter.driver})`,
    "",
    colors.bold(head),
    ...rows,
    "",
    `${count} of ${measured.length} kinds of products are faster by another tile; kept in ${file}`,
    ...(refused === 0 ? [] : [`${refused} tiles gave other bits, or the device refused them`]),
    ...(left.length === 0
      ? []
      : [`${left.length} lighter kinds were not measured; --seconds N gives more time`]),
  ].join("\n");
}

function classOf({ work, tile }: MeasuredProduct, products: string): string {
  return tile?.products ?? (work.left === "f16" && work.right === "f16" ? "halves" : products);
}

function time(milliseconds: number): string {
  return milliseconds.toFixed(milliseconds < 1 ? 3 : milliseconds < 10 ? 2 : 1);
}
