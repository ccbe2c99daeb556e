/** Parts of a stage -> its losses, their weighted sum, and its metrics. */
import { placeText } from "../../grammar/source.ts";
import type { CheckedStage } from "../1-check/model.ts";
import { invariant } from "../invariant.ts";
import type { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";
import { type Loss, Losses } from "./build-losses.ts";
import type { Hold } from "./hold.ts";
import type { WholeLosses } from "./stage-graphs.ts";
import type { StageParts } from "./stage-parts.ts";

/** Losses of a stage and their weighted sum. */
interface StageLosses {
  /** With objectives over the whole step, their sum is read from its place. */
  readonly total: Node;
  readonly losses: ReadonlyMap<string, Node>;
  readonly metrics: ReadonlyMap<string, Node>;
  readonly whole: WholeLosses | undefined;
}

/** Every objective of the stage, made of the same parts; those of `stage.whole` of all micro-batches, where there is a `hold`. */
export function stageLosses(parts: StageParts, stage: CheckedStage, hold?: Hold): StageLosses {
  const { model, b } = parts;
  const make = new Losses(parts);
  const own = new Sums(b);
  const whole = new Sums(b);
  for (const { objective: each, weight } of stage.minimize) {
    const objective = model.objectives.get(each);
    invariant(objective !== undefined, () => `${each} is no objective`);
    const origin = { path: each, at: placeText(objective.header) };
    const isWhole = hold !== undefined && stage.whole.some(({ value }) => value === each);
    b.within(origin, () => {
      if (isWhole) whole.add(each, weight, make.whole(objective, hold));
      else own.add(each, weight, make.loss(objective));
    });
  }
  if (hold !== undefined && whole.total !== undefined) {
    const totalPlace = hold.scalar("loss");
    const { total, losses, metrics } = whole;
    const { microBatches, held, inputs } = hold;
    own.plus(totalPlace);
    return stageSums(own, stage, {
      microBatches,
      held,
      inputs,
      total,
      totalPlace,
      losses,
      metrics,
    });
  }
  return stageSums(own, stage, undefined);
}

function stageSums(
  { total, losses, metrics }: Sums,
  stage: CheckedStage,
  whole: WholeLosses | undefined,
): StageLosses {
  invariant(total !== undefined, () => `stage ${stage.name} minimizes nothing`);
  return { total, losses, metrics, whole };
}

/** Losses and metrics by name, and the weighted sum of the losses. */
class Sums {
  readonly #b: Builder;
  readonly losses = new Map<string, Node>();
  readonly metrics = new Map<string, Node>();
  total: Node | undefined;

  constructor(b: Builder) {
    this.#b = b;
  }

  add(name: string, weight: number, { loss, metrics }: Loss): void {
    this.losses.set(name, loss);
    for (const [metric, node] of metrics) this.metrics.set(`${name}.${metric}`, node);
    this.plus(weight === 1 ? loss : this.#b.mul(loss, weight));
  }

  plus(term: Node): void {
    this.total = this.total === undefined ? term : this.#b.add(this.total, term);
  }
}
