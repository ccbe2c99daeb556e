/** Parts of a stage -> its losses, their weighted sum, and its metrics. */
import type { CheckedStage } from "../1-check/model.ts";
import { invariant } from "../invariant.ts";
import type { Node } from "../ir/node.ts";
import { Losses } from "./build-losses.ts";
import { placeText, type StageParts } from "./stage-parts.ts";

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
