/** A setting of a written contrast -> which of its axes are pictures and which are texts, when it compares all with all. */
import { type NamedTerm, operandsOf, type TensorOutput, type TensorTerm } from "./term.ts";

/** The axes of a similarity `f32[batch B, texts B]`, by what stands along them. */
export interface SimilarityAxes {
  readonly setting: string;
  readonly pictures: string;
  readonly texts: string;
}

/** What a record is read as. */
export type Side = "picture" | "text";

/** Undefined when there is no such setting, or when its axes are not the pictures and the texts of one batch. */
export function similarityAxes(
  setting: string,
  values: readonly NamedTerm[],
): SimilarityAxes | undefined {
  const known = new Map(values.map(({ name, term }) => [name, term]));
  const term = known.get(setting);
  const axes = term?.type.axes ?? [];
  if (term === undefined || axes.length !== 2) return undefined;
  if (axes.some(({ size }) => size !== "batch")) return undefined;
  const only = (side: Side) =>
    axes.find(({ name }) => [...sidesOf(term, name, known)].join() === side)?.name;
  const pictures = only("picture");
  const texts = only("text");
  return pictures === undefined || texts === undefined ? undefined : { setting, pictures, texts };
}

/** What the records along an axis are read as: the outputs that bring the axis in. */
export function sidesOf(
  term: TensorTerm,
  axis: string,
  known: ReadonlyMap<string, TensorTerm>,
): ReadonlySet<Side> {
  if (!term.type.axes.some(({ name }) => name === axis)) return new Set();
  switch (term.kind) {
    case "output":
      return new Set(sidesOfOutput(term.output));
    case "value": {
      const value = known.get(term.name);
      return value === undefined ? new Set() : sidesOf(value, axis, known);
    }
    case "rename": {
      const before = term.names.find(({ to }) => to === axis)?.from ?? axis;
      return sidesOf(term.x, before, known);
    }
    default:
      return new Set(operandsOf(term).flatMap((each) => [...sidesOf(each, axis, known)]));
  }
}

function sidesOfOutput(output: TensorOutput): readonly Side[] {
  switch (output.kind) {
    case "bridge": {
      const { queries, text } = output.call;
      const seen: readonly Side[] = queries === undefined ? [] : ["picture"];
      return text === undefined ? seen : [...seen, "text"];
    }
    case "patches":
    case "adapter":
      return ["picture"];
    case "cls":
      return [output.of === "image" ? "picture" : "text"];
    case "mask":
      return ["text"];
  }
}
