/** Terms of an expression objective -> its parameters, and what a gradient of the loss reaches. */
import type { Span } from "../../../grammar/source.ts";
import type { ExpressionObjective } from "../model.ts";
import {
  comparisons,
  operandsOf,
  ownParameters,
  type TensorOutput,
  type TensorTerm,
  type TermParameter,
  termsIn,
} from "./term.ts";

/** What a gradient reaches, and the places where it ends. */
export interface Reached {
  readonly parameters: readonly TermParameter[];
  readonly outputs: readonly TensorOutput[];
  readonly ends: readonly { readonly span: Span; readonly text: string }[];
}

/** Follows the gradient of the loss back through the terms. */
export function reachedByGradient({ values }: ExpressionObjective): Reached {
  const byName = new Map(values.map((value) => [value.name, value.term]));
  const parameters = new Map<string, TermParameter>();
  const outputs = new Set<TensorOutput>();
  const ends = new Map<TensorTerm, string>();
  const seen = new Set<TensorTerm>();
  const visit = (term: TensorTerm | undefined): void => {
    if (term === undefined || seen.has(term)) return;
    seen.add(term);
    for (const parameter of ownParameters(term)) parameters.set(parameter.path, parameter);
    switch (term.kind) {
      case "value":
        visit(byName.get(term.name));
        return;
      case "output":
        outputs.add(term.output);
        return;
      case "index":
        return;
      case "argmax":
      case "stop_gradient":
        ends.set(term, `no gradient passes \`${term.kind}\``);
        return;
      case "combine":
        if (comparisons.has(term.operator)) {
          ends.set(term, "no gradient passes a comparison");
          return;
        }
        break;
      case "select":
        visit(term.x);
        visit(term.y);
        return;
    }
    for (const operand of operandsOf(term)) visit(operand);
  };
  visit(byName.get("loss"));
  return {
    parameters: [...parameters.values()],
    outputs: [...outputs],
    ends: [...ends].map(([{ span }, text]) => ({ span, text })),
  };
}

/** Every parameter of an objective's own, each path once. */
export function parametersOf({ values }: ExpressionObjective): readonly TermParameter[] {
  const found = values.flatMap(({ term }) => termsIn(term).flatMap(ownParameters));
  return [...new Map(found.map((parameter) => [parameter.path, parameter])).values()];
}
