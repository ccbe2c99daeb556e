/** Frozen weights that nothing gives values to: what `.except(…)` leaves out, and new parts that are frozen. */
import type { Label } from "../../grammar/diagnostic.ts";
import { help } from "../../grammar/message.ts";
import { frozenAnew } from "../../grammar/messages/freezing.ts";
import { frozenFresh } from "../../grammar/messages/lints.ts";
import type { Span } from "../../grammar/source.ts";
import type { CheckedModel, CheckedModule, CheckedStage } from "./model.ts";
import { type ModulePart, partText } from "./module-part.ts";
import type { Parts } from "./parts/parts.ts";
import { modulesOfObjective } from "./reach.ts";

/** What is left out of what is taken over, and where it says so. */
interface LeftOut {
  readonly part: ModulePart | "all";
  readonly span: Span;
}

/** Reports parts that start anew and that no step changes. */
export function checkFrozenAnew(model: CheckedModel, parts: Parts): void {
  for (const stage of model.stages.values()) {
    for (const module of modulesOf(stage, model)) {
      const left = leftOut(module, stage, parts).find(({ part }) => isFrozen(module, part));
      if (left === undefined) continue;
      const what =
        left.part === "all" ? `\`${module.name}\`` : `${partText(left.part)} of \`${module.name}\``;
      parts.context.sink.report(
        frozenAnew,
        { what },
        {
          primary: { span: left.span, text: "left out of what is taken over" },
          labels: [frozenLabel(module)],
          notes: [
            help(`take it over, or train it: ${module.name} would stay at its first values there`),
          ],
        },
      );
      return;
    }
  }
}

/** Warns of frozen queries and adapters that no checkpoint can hold. */
export function checkFrozenFresh(model: CheckedModel, parts: Parts): void {
  const { context } = parts;
  for (const stage of model.stages.values()) {
    const from = stage.from?.value;
    for (const module of modulesOf(stage, model)) {
      if (module.kind !== "queries" && module.kind !== "adapter") continue;
      if (module.state.value !== "frozen") continue;
      const block = context.active.find(({ name }) => name === module.name);
      const isNew = block === undefined || context.chain(block).length === 1;
      if (from !== undefined && (from.isWithin || !isNew)) continue;
      context.sink.report(
        frozenFresh,
        { kind: module.kind, name: module.name, stage: stage.name },
        {
          primary: { span: module.state.span, text: "stays at random values" },
          notes: [
            help(`write \`trainable\`, or continue from a stage that trained it: \`from = …\``),
          ],
        },
      );
    }
  }
}

function modulesOf(stage: CheckedStage, model: CheckedModel): readonly CheckedModule[] {
  const names = stage.minimize.flatMap(({ objective }) => {
    const found = model.objectives.get(objective);
    return found === undefined ? [] : modulesOfObjective(found, model);
  });
  return [...new Set(names)].flatMap((name) => model.modules.get(name) ?? []);
}

/** Nothing when a file or `weights = random` says what the values are. */
function leftOut(module: CheckedModule, stage: CheckedStage, parts: Parts): readonly LeftOut[] {
  const { value, isDefault } = module.weights;
  const isGiven = value.kind === "random" && !isDefault;
  if (isGiven) return [];
  const block = parts.context.active.find(({ name }) => name === module.name);
  const places = block && parts.context.exceptOf(block);
  // Behind a stage of this pipeline the parts were trained here.
  const isTrainedHere = stage.from?.value.isWithin === true;
  const bySource = isTrainedHere
    ? []
    : module.except.map((part, index) => ({ part, span: places?.[index]?.span ?? module.header }));
  // A published backbone has a file, which `weights` names here or at the command line.
  const byFrom =
    value.kind !== "random"
      ? []
      : (stage.from?.value.except ?? []).flatMap(({ owner, part }) =>
          owner === module.name ? [{ part, span: stage.from!.span }] : [],
        );
  return [...bySource, ...byFrom];
}

/** True when no step changes some of the part. */
function isFrozen({ state, freeze }: CheckedModule, part: ModulePart | "all"): boolean {
  if (state.value === "frozen") return true;
  return freeze.value.some((frozen) => {
    if (part === "all" || frozen.kind === part.kind) return part === "all" || overlap(frozen, part);
    // Cross-attention lies inside of the blocks.
    return [frozen.kind, part.kind].toSorted().join() === "blocks,cross";
  });
}

function overlap(a: ModulePart, b: ModulePart): boolean {
  if (a.kind !== "blocks" || b.kind !== "blocks") return true;
  return a.from < b.to && b.from < a.to;
}

function frozenLabel({ state, freeze }: CheckedModule): Label {
  const span = state.value === "frozen" ? state.span : freeze.span;
  return { span, text: "no step changes it", apart: true };
}
