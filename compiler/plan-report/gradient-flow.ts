/** Which modules gradients reach, pass through, or never enter. */
import type { CheckedModel, CheckedStage } from "../1-check/model.ts";
import { modulesWithGradient } from "../1-check/reach.ts";
import type { Node } from "../ir/node.ts";

/** Names of modules and objectives. */
export interface Flow {
  /** Objectives and the trainable modules that each trains. */
  readonly reach: readonly { readonly objective: string; readonly modules: readonly string[] }[];
  /** Frozen modules that gradients pass through: their activations are kept. */
  readonly through: readonly string[];
  /** Frozen modules without anything trainable before them. */
  readonly none: readonly string[];
}

/** Read off the graph: a module that gradients enter owns nodes of the backward pass. */
export function flowOf(
  model: CheckedModel,
  stage: CheckedStage,
  forward: readonly Node[],
  backward: readonly Node[],
  ownerOf: (node: Node) => string,
): Flow {
  const entered = new Set(backward.map(ownerOf));
  const used = new Set(forward.map(ownerOf));
  const frozen = [...model.modules.values()].filter(
    ({ name, state }) => state.value === "frozen" && used.has(name),
  );
  return {
    reach: stage.minimize.map(({ objective: name }) => {
      const objective = model.objectives.get(name);
      const modules = objective === undefined ? [] : modulesWithGradient(objective, model);
      const isTrained = (each: string) => model.modules.get(each)?.state.value === "trainable";
      return { objective: name, modules: modules.filter(isTrained) };
    }),
    through: frozen.filter(({ name }) => entered.has(name)).map(({ name }) => name),
    none: frozen.filter(({ name }) => !entered.has(name)).map(({ name }) => name),
  };
}
