/** CheckedModel, stage and sizes -> the graphs of the stage. */

import type { CheckedModel } from "../1-check/model.ts";
import { stageOf } from "../1-check/stage-of.ts";
import { type Node, reachable } from "../ir/node.ts";
import { validationGraph } from "./build-validation.ts";
import { featureGraphs } from "./feature-graphs.ts";
import { Hold, isHeld } from "./hold.ts";
import { startsAnew } from "./module-part-paths.ts";
import { initialCopies, ownedParameters, parametersAmong } from "./owned-parameters.ts";
import type { Binding, StageGraphs, WholeLosses } from "./stage-graphs.ts";
import { stageLosses } from "./stage-losses.ts";
import { StageParts } from "./stage-parts.ts";

/** Losses, their weighted total, metrics, inputs and parameters of one stage, before differentiation. */
export function buildStage(model: CheckedModel, name: string, binding: Binding): StageGraphs {
  const stage = stageOf(model, name);
  const precision = stage.precision.value;
  const parts = new StageParts(model, binding, true, { precision });
  const hold =
    stage.accumulate.value > 1 && stage.whole.length > 0
      ? new Hold(parts.b, stage.accumulate.value)
      : undefined;
  const { total, losses, metrics, whole } = stageLosses(parts, stage, hold);
  const nodes = reachable([
    ...[total, ...losses.values(), ...metrics.values()],
    ...(whole === undefined ? [] : rootsOf(whole)),
  ]);
  const inputs = parts.inputsAmong(nodes);
  const features = featureGraphs(model, inputs, binding, precision);
  const own = parametersAmong(nodes).filter(({ attributes }) => !isHeld(attributes.path));
  const parameters = [...own, ...features.flatMap(({ graph }) => graph.parameters)];
  const modules = ownedParameters(model, parameters);
  const frozen = parametersAmong(modules.flatMap((each) => each.frozen));
  const isFrozen = new Set(frozen);
  return {
    stage: name,
    binding,
    builder: parts.b,
    inputs,
    total,
    losses,
    metrics,
    whole,
    trainable: parametersAmong(
      modules.flatMap((each) => each.parameters.filter((one) => !isFrozen.has(one))),
    ),
    frozen,
    modules,
    startsAnew: startsAnew(modules, model, stage),
    initialCopies: initialCopies(own),
    features,
    validation: stage.validate && validationGraph(model, stage, stage.validate),
  };
}

function rootsOf({ held, inputs, total, losses, metrics }: WholeLosses): readonly Node[] {
  return [
    ...held.map(({ node }) => node),
    ...inputs,
    total,
    ...losses.values(),
    ...metrics.values(),
  ];
}
