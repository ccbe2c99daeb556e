/** Term of an expression -> whether it is of single records, compares the records of a batch, or is of none. */
import { operandsOf, type TensorTerm } from "./term.ts";

/**
 * - `none`: depends on no record.
 * - `record`: has the axis `batch`, and what stands at a record depends on that record alone.
 * - `batch`: anything else.
 */
export type Spread = "none" | "record" | "batch";

/** `known`: of the settings that the term names. */
export function spreadOf(term: TensorTerm, known: ReadonlyMap<string, Spread>): Spread {
  const operands = operandsOf(term).map((each) => spreadOf(each, known));
  const widest = (["batch", "record"] as const).find((each) => operands.includes(each)) ?? "none";
  switch (term.kind) {
    case "value":
      return known.get(term.name) ?? "batch";
    case "output":
      return "record";
    case "index":
      // The records are counted, or an axis that belongs to none of them.
      return term.type.axes.some(({ size }) => size === "batch") || widest === "batch"
        ? "batch"
        : "none";
    case "fold":
    case "dot":
      return joined(widest, term.over);
    case "along":
    case "argmax":
      return joined(widest, [term.over]);
    case "cross_entropy":
      // Its mean goes over the records.
      return joined(widest, ["batch"]);
    case "rename":
      return joined(
        widest,
        term.names.map(({ from }) => from),
      );
    default:
      return widest;
  }
}

/** `spread` of what folds, walks or renames `axes`. */
function joined(spread: Spread, axes: readonly string[]): Spread {
  return spread === "record" && axes.includes("batch") ? "batch" : spread;
}
