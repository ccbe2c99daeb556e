/** Parts of a module -> the paths of their parameters. */
import type { CheckedModel, CheckedModule, CheckedStage } from "../1-check/model.ts";
import type { ModulePart } from "../1-check/module-part.ts";
import type { ModuleParameters, ParameterNode, StartsAnew } from "./stage-graphs.ts";

/** Where the blocks of a module stand, and the start of what `embeddings` means. */
function placesOf(module: CheckedModule): { readonly blocks: RegExp; readonly embeddings: RegExp } {
  switch (module.kind) {
    case "encoder":
      return {
        blocks: /^visual_encoder\.(?:blocks|transformer\.resblocks)\.(\d+)\./,
        embeddings: /^visual_encoder\.(?!blocks\.|transformer\.resblocks\.)/,
      };
    case "text-encoder":
    case "qformer":
      return {
        blocks: /^Qformer\.bert\.encoder\.layer\.(\d+)\./,
        embeddings: /^Qformer\.bert\.embeddings\./,
      };
    case "lm":
      return {
        blocks: /^opt_model\.model\.decoder\.layers\.(\d+)\./,
        embeddings: /^opt_model\.model\.decoder\.(?:embed_|project_in)/,
      };
    case "queries":
    case "adapter":
      return { blocks: /(?!)/, embeddings: /(?!)/ };
  }
}

const cross = /^ln_vision\.|\.crossattention\.self\.(?:key|value)\.weight$/;

/** True for the paths of parameters of `module` that one of the parts names. */
export function namedBy(
  module: CheckedModule,
  parts: readonly ModulePart[],
): (path: string) => boolean {
  const places = placesOf(module);
  return (full) => {
    const path = full.slice(module.prefix.length);
    const block = Number(places.blocks.exec(path)?.[1] ?? -1);
    return parts.some((part) =>
      part.kind === "blocks"
        ? block >= part.from && block < part.to
        : (part.kind === "cross" ? cross : places.embeddings).test(path),
    );
  };
}

/** Parameters of a trainable module that `freeze` keeps as they are. */
export function frozenWithin(
  module: CheckedModule | undefined,
  parameters: readonly ParameterNode[],
): readonly ParameterNode[] {
  if (module === undefined || module.state.value === "frozen") return [];
  const isFrozen = namedBy(module, module.freeze.value);
  return parameters.filter(({ attributes }) => isFrozen(attributes.path));
}

/** What of all modules and objectives starts anew in a stage. */
export function startsAnew(
  modules: readonly ModuleParameters[],
  model: CheckedModel,
  stage: CheckedStage,
): StartsAnew {
  const found = modules.map((each) => anewOf(each, model, stage));
  return {
    checkpoint: new Set(found.flatMap(({ checkpoint }) => checkpoint)),
    file: new Set(found.flatMap(({ file }) => file)),
  };
}

function anewOf(
  { owner, parameters }: ModuleParameters,
  model: CheckedModel,
  { from }: CheckedStage,
): { readonly checkpoint: readonly string[]; readonly file: readonly string[] } {
  const module = model.modules.get(owner);
  const paths = parameters.map(({ attributes }) => attributes.path);
  const named = (parts: readonly ModulePart[]) =>
    module === undefined ? [] : paths.filter(namedBy(module, parts));
  const left = (from?.value.except ?? []).filter((each) => each.owner === owner);
  const isWhole = left.some(({ part }) => part === "all");
  const stated = named(left.flatMap(({ part }) => (part === "all" ? [] : [part])));
  const taken = named(module?.except ?? []);
  // Behind a stage of this pipeline the parts were trained here: they are taken over like all others.
  const isTrainedHere = from?.value.isWithin === true;
  return {
    checkpoint: [...(isWhole ? paths : stated), ...(isTrainedHere ? [] : taken)],
    file: taken,
  };
}
