/** Which modules an objective depends on. */
import { modulesOfOutput, reachedByGradient, textsOfOutput } from "./expression/gradient.ts";
import type { TensorOutput } from "./expression/term.ts";
import type { BridgeCall, CheckedModel, CheckedObjective } from "./model.ts";

type Modules = Pick<CheckedModel, "modules">;

/** Names of the modules that a call of a Q-Former runs. */
export function modulesOfCall(call: BridgeCall, model: Modules): readonly string[] {
  const bridge = model.modules.get(call.module);
  const cross = bridge?.kind === "qformer" ? bridge.cross.value : undefined;
  return [
    ...(call.queries === undefined ? [] : [...(cross === undefined ? [] : [cross]), call.queries]),
    call.module,
  ];
}

/** Names of the modules that an objective depends on, each once. */
export function modulesOfObjective(objective: CheckedObjective, model: Modules): readonly string[] {
  const names = ((): readonly string[] => {
    switch (objective.variant) {
      case "contrastive":
        return [
          ...modulesOfCall(objective.image.value, model),
          ...modulesOfCall(objective.text.value, model),
        ];
      case "tower-contrastive":
        return [objective.image.value, objective.text.value];
      case "matching":
        return modulesOfCall(objective.pair.value, model);
      case "captioning":
        return modulesOfCall(objective.given.value, model);
      case "language": {
        const adapter = objective.prefix && model.modules.get(objective.prefix.value);
        const before = adapter?.kind === "adapter" ? modulesOfCall(adapter.input.value, model) : [];
        const prefix = objective.prefix === undefined ? [] : [objective.prefix.value];
        return [...before, ...prefix, objective.model.value];
      }
      case "expression":
        return modulesOfOutputs(
          objective.outputs.map(({ output }) => output),
          model,
        );
    }
  })();
  return [...new Set(names)];
}

/** Names of the modules that a gradient of the objective enters or passes, each once. */
export function modulesWithGradient(
  objective: CheckedObjective,
  model: Modules,
): readonly string[] {
  if (objective.variant !== "expression") return modulesOfObjective(objective, model);
  return [...new Set(modulesOfOutputs(reachedByGradient(objective).outputs, model))];
}

function modulesOfOutputs(outputs: readonly TensorOutput[], model: Modules): readonly string[] {
  return outputs.flatMap((output) =>
    modulesOfOutput(output, model, (call) => modulesOfCall(call, model)),
  );
}

/** Names of the texts that an objective reads, each once. */
export function textsOfObjective(objective: CheckedObjective, model: Modules): readonly string[] {
  const names = ((): readonly (string | undefined)[] => {
    switch (objective.variant) {
      case "contrastive":
        return [objective.text.value.text];
      case "tower-contrastive": {
        const tower = model.modules.get(objective.text.value);
        return [tower?.kind === "text-encoder" ? tower.text.value : undefined];
      }
      case "matching":
        return [objective.pair.value.text];
      case "captioning":
      case "language":
        return [objective.predict.value];
      case "expression":
        return objective.outputs.flatMap(({ output }) => textsOfOutput(output, model));
    }
  })();
  return [...new Set(names.filter((name) => name !== undefined))];
}
