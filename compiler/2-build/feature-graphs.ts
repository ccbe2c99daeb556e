/** Inputs of a stage that are kept features -> the graphs that compute them, one an encoder. */
import type { CheckedModel, Precision } from "../1-check/model.ts";
import { invariant } from "../invariant.ts";
import { inferenceGraph } from "./inference-graph.ts";
import type { Binding, FeatureGraph, InputSpec } from "./stage-graphs.ts";
import { StageParts } from "./stage-parts.ts";

/** The frozen prefixes behind `inputs`, at `binding`, computed as their stage is; nothing random and nothing trainable is in them. */
export function featureGraphs(
  model: CheckedModel,
  inputs: readonly InputSpec[],
  binding: Binding,
  precision: Precision,
): readonly FeatureGraph[] {
  return inputs.flatMap(({ name, source }) => {
    if (source.kind !== "features") return [];
    const parts = new StageParts(model, binding, false, { precision });
    const module = parts.module("encoder", source.module);
    const cache = module.cache.value;
    invariant(cache !== undefined, () => `${module.name} keeps no features`);
    const outputs = new Map([["features", parts.patches(module)]]);
    const graph = inferenceGraph(`features ${module.name}`, parts, outputs);
    return [{ module: module.name, input: name, dtype: cache.dtype, graph }];
  });
}
