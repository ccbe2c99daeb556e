/** Parameters of a graph -> the block that owns each, and whether it is trained. */
import { parametersOf } from "../1-check/expression/gradient.ts";
import type { CheckedModel, CheckedModule, CheckedObjective } from "../1-check/model.ts";
import { queriesOf } from "../1-check/self-sets.ts";
import { copiedFrom } from "../backbones/qformer.ts";
import { invariant } from "../invariant.ts";
import type { Node } from "../ir/node.ts";
import { frozenWithin } from "./module-part-paths.ts";
import type { InitialCopy, ModuleParameters, ParameterNode } from "./stage-graphs.ts";
import { queryPath } from "./stage-parts.ts";

/** The parameters among `nodes`, in order of path. */
export function parametersAmong(nodes: readonly Node[]): readonly ParameterNode[] {
  return nodes
    .filter((node): node is ParameterNode => node.op === "parameter")
    .toSorted((a, b) => (a.attributes.path < b.attributes.path ? -1 : 1));
}

/** Parameters by owner: modules in order of the pipeline, then objectives, which always train. */
export function ownedParameters(
  model: CheckedModel,
  parameters: readonly ParameterNode[],
): readonly ModuleParameters[] {
  const owners = [
    ...[...model.modules.values()].map((module) => ({
      owner: module.name,
      state: module.state.value,
      owns: ownedByModule(module, model),
    })),
    ...[...model.objectives.values()].map((objective) => ({
      owner: objective.name,
      state: "trainable" as const,
      owns: ownedByObjective(objective, model),
    })),
  ];
  const found = new Map<string, ParameterNode[]>();
  for (const parameter of parameters) {
    const { path } = parameter.attributes;
    const owner = owners.find(({ owns }) => owns(path));
    invariant(owner !== undefined, () => `nobody owns the parameter ${path}`);
    const own = found.get(owner.owner);
    if (own === undefined) found.set(owner.owner, [parameter]);
    else own.push(parameter);
  }
  return owners.flatMap(({ owner, state }) => {
    const own = found.get(owner);
    if (own === undefined) return [];
    const frozen = state === "frozen" ? own : frozenWithin(model.modules.get(owner), own);
    return [{ owner, state, parameters: own, frozen }];
  });
}

type Owns = (path: string) => boolean;

function ownedByModule(module: CheckedModule, model: CheckedModel): Owns {
  const below =
    (...names: readonly string[]): Owns =>
    (path) =>
      names.some((name) => path.startsWith(`${module.prefix}${name}`));
  switch (module.kind) {
    case "encoder":
      return below("visual_encoder.");
    case "text-encoder":
      return below("Qformer.");
    case "queries": {
      const readers = [...model.modules.values()].filter(
        (each) => each.kind === "qformer" && queriesOf(each).includes(module.name),
      );
      const places = new Set(
        readers.map((each) => {
          const isFirst = each.kind === "qformer" && each.queries?.value === module.name;
          return `${each.prefix}${isFirst ? "query_tokens" : queryPath(module.name)}`;
        }),
      );
      return (path) => places.has(path);
    }
    case "qformer":
      return below("Qformer.", "ln_vision.");
    case "adapter":
      return below("opt_proj.");
    case "lm":
      return below("opt_model.");
  }
}

const heads = {
  contrastive: ["vision_proj.", "text_proj.", "temp"],
  matching: ["itm_head."],
} as const;

function ownedByObjective(objective: CheckedObjective, model: CheckedModel): Owns {
  switch (objective.variant) {
    case "contrastive":
    case "matching": {
      const call = objective.variant === "matching" ? objective.pair : objective.image;
      const prefix = model.modules.get(call.value.module)?.prefix ?? "";
      const others = [...model.objectives.values()];
      const isFirst = others.find(({ variant }) => variant === objective.variant) === objective;
      const own = objective.variant === "contrastive" && !isFirst ? `${objective.name}.` : "";
      return (path) =>
        heads[objective.variant].some((name) => path.startsWith(`${prefix}${own}${name}`));
    }
    case "tower-contrastive":
      return (path) => path.startsWith(`${objective.name}.`);
    case "captioning":
    case "language":
      return () => false;
    case "expression": {
      const paths = new Set(parametersOf(objective).map(({ path }) => path));
      return (path) => paths.has(path);
    }
  }
}

/** Stage 1 starts the feed-forward of the queries from the one of the text (blip2.md 1.4). */
export function initialCopies(parameters: readonly ParameterNode[]): readonly InitialCopy[] {
  const paths = new Set(parameters.map(({ attributes }) => attributes.path));
  return [...paths].flatMap((to) => {
    const from = copiedFrom(to);
    return from !== undefined && paths.has(from) ? [{ from, to }] : [];
  });
}
