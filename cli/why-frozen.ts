/** Checked model and the plan of a stage → what is frozen there, where that is said, and what gradients do about it. */
import type { CheckedModel } from "../compiler/1-check/model.ts";
import { partText } from "../compiler/1-check/module-part.ts";
import type { PlanReport } from "../compiler/plan-report/index.ts";
import { placeText, type Span, textOf } from "../grammar/source.ts";

/** A module that is frozen as a whole or in part. */
export interface FrozenPart {
  readonly module: string;
  /** `frozen`, or the parts of a trainable module: `blocks[0..20]`. */
  readonly what: string;
  /** `stage1.blip:9:1` */
  readonly place: string;
  /** As written there. */
  readonly text: string;
  /** They go through it to what trains before it, enter it nowhere, or reach its other parts. */
  readonly gradients: "through" | "none" | "partly";
}

const words: Readonly<Record<FrozenPart["gradients"], string>> = {
  through: "gradients pass through it, so its activations are kept",
  none: "no gradient enters it",
  partly: "gradients reach the rest of it",
};

/** In the order of the pipeline. */
export function frozenParts(
  model: CheckedModel,
  { gradients, modules }: PlanReport,
): readonly FrozenPart[] {
  const found: FrozenPart[] = [];
  for (const { name } of modules) {
    const module = model.modules.get(name);
    if (module === undefined) continue;
    const { state, freeze, header } = module;
    if (state.value === "frozen") {
      const way = gradients.through.includes(name) ? "through" : "none";
      const said = { start: state.span.start, end: header.end, source: header.source };
      const isOwn = state.span.source === header.source && state.span.start <= header.start;
      found.push(part(name, "frozen", isOwn ? said : state.span, way));
    } else if (freeze.value.length > 0) {
      const what = freeze.value.map(partText).join(", ");
      found.push(part(name, what, freeze.span, "partly"));
    }
  }
  return found;
}

/** One line a module. */
export function frozenText(stage: string, parts: readonly FrozenPart[]): string {
  if (parts.length === 0) return `stage ${stage}   nothing is frozen`;
  const width = (pick: (each: FrozenPart) => string) =>
    Math.max(...parts.map((each) => pick(each).length));
  const [names, whats] = [width(({ module }) => module), width(({ what }) => what)];
  const [places, texts] = [width(({ place }) => place), width(({ text }) => text)];
  const lines = parts.map(({ module, what, place, text, gradients }) =>
    [
      `  ${module.padEnd(names)}`,
      what.padEnd(whats),
      place.padEnd(places),
      text.padEnd(texts),
      words[gradients],
    ].join("   "),
  );
  return [`stage ${stage}`, ...lines].join("\n");
}

function part(
  module: string,
  what: string,
  span: Span,
  gradients: FrozenPart["gradients"],
): FrozenPart {
  return { module, what, place: placeText(span), text: textOf(span).trim(), gradients };
}
