/** A written contrast -> its largest terms of single records, by side: what retrieval keeps of a picture and of a text. */
import { type Side, sidesOf } from "./similarity.ts";
import { type Spread, spreadOf } from "./spread.ts";
import { type NamedTerm, operandsOf, type TensorTerm } from "./term.ts";

/** A term with the axis `batch`: what stands at a record is of that record alone. */
export interface KeptTerm {
  readonly side: Side;
  readonly term: TensorTerm;
  /** The setting that it stands in. */
  readonly within: NamedTerm;
}

/** How each picture is compared with each text, wherever both come from. */
export interface Comparison {
  readonly kept: readonly KeptTerm[];
  /** The settings that compare, each behind those that it needs. */
  readonly values: readonly NamedTerm[];
}

/**
 * Undefined when a pair cannot be compared without the rest of its batch (a softmax over the texts, a position in the
 * batch), or when one term reads both a picture and a text.
 */
export function comparisonOf(
  setting: string,
  values: readonly NamedTerm[],
): Comparison | undefined {
  const named = new Map(values.map((each) => [each.name, each]));
  const terms = new Map(values.map(({ name, term }) => [name, term]));
  const spreads = new Map<string, Spread>();
  for (const { name, term } of values) spreads.set(name, spreadOf(term, spreads));
  const kept: KeptTerm[] = [];
  const comparing = new Set<NamedTerm>();
  const isPairwise = (term: TensorTerm, within: NamedTerm): boolean => {
    const spread = spreadOf(term, spreads);
    if (spread === "none") return true;
    if (spread === "record") {
      const [side, ...others] = sidesOf(term, "batch", terms);
      if (side === undefined || others.length > 0) return false;
      kept.push({ side, term, within });
      return true;
    }
    if (term.kind === "value") return comparesBy(term.name);
    if (term.kind === "index" || foldsRecords(term)) return false;
    return operandsOf(term).every((each) => isPairwise(each, within));
  };
  const comparesBy = (name: string): boolean => {
    const value = named.get(name);
    if (value === undefined) return false;
    if (comparing.has(value)) return true;
    const found = isPairwise(value.term, value);
    comparing.add(value);
    return found;
  };
  return comparesBy(setting) ? { kept, values: [...comparing] } : undefined;
}

/** True when a term goes over records: then a score depends on who else is in the batch. */
function foldsRecords(term: TensorTerm): boolean {
  const over = "over" in term ? [term.over].flat() : [];
  return operandsOf(term).some(({ type }) =>
    type.axes.some(({ name, size }) => size === "batch" && over.includes(name)),
  );
}
