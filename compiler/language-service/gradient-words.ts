/** Checked model, module -> one line on what gradients do there. */
import type { CheckedModel, CheckedModule } from "../1-check/model.ts";
import { modulesWithGradient } from "../1-check/reach.ts";
import { queriesOf } from "../1-check/self-sets.ts";

/** Whether a module is updated, passed through, or never entered, over all stages of the model. */
export function gradientWords(module: CheckedModule, model: CheckedModel): string {
  const { name, state } = module;
  const reached = [...model.stages.values()].flatMap((stage) =>
    stage.minimize
      .map(({ objective }) => model.objectives.get(objective))
      .filter((objective) => objective !== undefined)
      .filter((objective) => modulesWithGradient(objective, model).includes(name))
      .map((objective) => ({ stage: stage.name, objective })),
  );
  if (reached.length === 0) return "no objective of a stage depends on it";
  const objectives = [...new Set(reached.map(({ objective }) => objective.name))].join(", ");
  if (state.value === "trainable") return `updated by ${objectives}`;
  const before = reached.flatMap(({ objective }) => {
    const modules = modulesWithGradient(objective, model);
    return modules.slice(0, modules.indexOf(name)).filter((each) => comesBefore(each, name, model));
  });
  const trained = [...new Set(before)].filter(
    (each) => model.modules.get(each)?.state.value === "trainable",
  );
  return trained.length === 0
    ? "no gradient enters: nothing trainable stands before it"
    : `gradients pass through to ${trained.join(", ")}; its own weights stay`;
}

/** True when what `first` gives enters `second`. */
function comesBefore(first: string, second: string, model: CheckedModel): boolean {
  const module = model.modules.get(second);
  switch (module?.kind) {
    case "qformer":
      return queriesOf(module).includes(first) || first === module.cross.value;
    case "adapter": {
      const { module: bridge, queries } = module.input.value;
      return first === bridge || first === queries || comesBefore(first, bridge, model);
    }
    case "lm":
      return model.modules.get(first)?.kind !== "encoder";
    default:
      return false;
  }
}
