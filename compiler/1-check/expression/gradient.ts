/** Terms of an expression objective -> what runs, and what a gradient of the loss reaches. */
import type { Span } from "../../../grammar/source.ts";
import type { BridgeCall, CheckedModel, ExpressionObjective } from "../model.ts";
import {
  comparisons,
  ownParameters,
  type TensorOutput,
  type TensorTerm,
  type TermParameter,
  termsIn,
} from "./term.ts";

type Modules = Pick<CheckedModel, "modules">;

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
      case "number":
      case "index":
      case "learned":
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
        visit(term.left);
        visit(term.right);
        return;
      case "select":
        visit(term.x);
        visit(term.y);
        return;
      case "dot":
        visit(term.x);
        visit(term.y);
        return;
      case "cross_entropy":
        visit(term.x);
        visit(term.target);
        return;
      default:
        visit(term.x);
    }
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

/** Names of the modules that an output runs. */
export function modulesOfOutput(
  output: TensorOutput,
  { modules }: Modules,
  ofCall: (call: BridgeCall) => readonly string[],
): readonly string[] {
  switch (output.kind) {
    case "bridge":
      return ofCall(output.call);
    case "patches":
    case "cls":
      return [output.module];
    case "adapter": {
      const adapter = modules.get(output.module);
      const before = adapter?.kind === "adapter" ? ofCall(adapter.input.value) : [];
      return [...before, output.module];
    }
    case "mask":
      return [];
  }
}

/** Names of the texts that an output reads. */
export function textsOfOutput(output: TensorOutput, { modules }: Modules): readonly string[] {
  switch (output.kind) {
    case "bridge":
      return output.call.text === undefined ? [] : [output.call.text];
    case "mask":
      return [output.text];
    case "cls": {
      const tower = modules.get(output.module);
      return tower?.kind === "text-encoder" ? [tower.text.value] : [];
    }
    default:
      return [];
  }
}
