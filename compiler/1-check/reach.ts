/** Which modules an objective depends on. */
import { reachedByGradient } from "./expression/gradient.ts";
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
        const prefix = objective.prefix && modulesOfAdapter(objective.prefix.value, model);
        return [...(prefix ?? []), objective.model.value];
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
        return [objective.predict.value];
      case "language":
        return [
          objective.predict.value,
          objective.prefix && textOfAdapter(objective.prefix.value, model),
        ];
      case "expression":
        return objective.outputs.map(({ output }) => textOfOutput(output, model));
    }
  })();
  return [...new Set(names.filter((name) => name !== undefined))];
}

function textOfOutput(output: TensorOutput, model: Modules): string | undefined {
  switch (output.kind) {
    case "bridge":
      return output.call.text;
    case "mask":
      return output.text;
    case "adapter":
      return textOfAdapter(output.module, model);
    case "cls": {
      const tower = model.modules.get(output.module);
      return tower?.kind === "text-encoder" ? tower.text.value : undefined;
    }
    case "patches":
      return undefined;
  }
}

function textOfAdapter(name: string, model: Modules): string | undefined {
  const adapter = model.modules.get(name);
  return adapter?.kind === "adapter" ? adapter.input.value.text : undefined;
}

/** Names of the modules that a gradient of the objective enters or passes, each once. */
export function modulesWithGradient(
  objective: CheckedObjective,
  model: Modules,
): readonly string[] {
  if (objective.variant !== "expression") return modulesOfObjective(objective, model);
  return [...new Set(modulesOfOutputs(reachedByGradient(objective).outputs, model))];
}

/** Names of the modules that outputs run. */
export function modulesOfOutputs(
  outputs: readonly TensorOutput[],
  model: Modules,
): readonly string[] {
  return outputs.flatMap((output) => modulesOfOutput(output, model));
}

function modulesOfOutput(output: TensorOutput, model: Modules): readonly string[] {
  switch (output.kind) {
    case "bridge":
      return modulesOfCall(output.call, model);
    case "patches":
    case "cls":
      return [output.module];
    case "adapter":
      return modulesOfAdapter(output.module, model);
    case "mask":
      return [];
  }
}

/** The adapter, behind the modules of the call that it reads. */
function modulesOfAdapter(name: string, model: Modules): readonly string[] {
  const adapter = model.modules.get(name);
  const before = adapter?.kind === "adapter" ? modulesOfCall(adapter.input.value, model) : [];
  return [...before, name];
}
