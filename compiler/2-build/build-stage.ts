/** CheckedModel, stage and sizes -> the graphs of the stage. */
import type { CheckedModel, CheckedStage } from "../1-check/model.ts";
import { invariant } from "../invariant.ts";
import { type Node, reachable } from "../ir/node.ts";
import { Losses } from "./build-losses.ts";
import { featureGraphs } from "./feature-graphs.ts";
import { startsAnew } from "./module-part-paths.ts";
import { initialCopies, ownedParameters, parametersAmong } from "./owned-parameters.ts";
import type { Binding, StageGraphs } from "./stage-graphs.ts";
import { placeText, StageParts } from "./stage-parts.ts";

/** Losses, their weighted total, metrics, inputs and parameters of one stage, before differentiation. */
export function buildStage(model: CheckedModel, name: string, binding: Binding): StageGraphs {
  const stage = model.stages.get(name);
  invariant(stage !== undefined, () => `${model.file} has no stage ${name}`);
  const parts = new StageParts(model, binding, true);
  const { total, losses, metrics } = stageLosses(parts, stage);
  const nodes = reachable([total, ...losses.values(), ...metrics.values()]);
  const inputs = parts.inputsAmong(nodes);
  const features = featureGraphs(model, inputs, binding);
  const own = parametersAmong(nodes);
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
    trainable: parametersAmong(
      modules.flatMap((each) => each.parameters.filter((one) => !isFrozen.has(one))),
    ),
    frozen,
    modules,
    startsAnew: startsAnew(modules, model, stage),
    initialCopies: initialCopies(own),
    features,
  };
}

/** Losses of a stage and their weighted sum. */
interface StageLosses {
  readonly total: Node;
  readonly losses: ReadonlyMap<string, Node>;
  readonly metrics: ReadonlyMap<string, Node>;
}

/** Every objective of the stage, made of the same parts. */
export function stageLosses(parts: StageParts, stage: CheckedStage): StageLosses {
  const { model, b } = parts;
  const make = new Losses(parts);
  const losses = new Map<string, Node>();
  const metrics = new Map<string, Node>();
  let total: Node | undefined;
  for (const { objective: each, weight } of stage.minimize) {
    const objective = model.objectives.get(each);
    invariant(objective !== undefined, () => `${each} is no objective`);
    const origin = { path: each, at: placeText(objective.header) };
    const { loss, metrics: own } = b.within(origin, () => make.loss(objective));
    losses.set(each, loss);
    for (const [metric, node] of own) metrics.set(`${each}.${metric}`, node);
    const term = weight === 1 ? loss : b.mul(loss, weight);
    total = total === undefined ? term : b.add(total, term);
  }
  invariant(total !== undefined, () => `stage ${stage.name} minimizes nothing`);
  return { total, losses, metrics };
}
