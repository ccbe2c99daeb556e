/** Variant of a named objective -> what it measures beside its loss. */
import type { CheckedObjective } from "./model.ts";

/** By the name that `best(…)` gives it. A written objective says itself what it measures. */
export const ownMetrics: Readonly<
  Record<Exclude<CheckedObjective["variant"], "expression">, readonly string[]>
> = {
  contrastive: ["accuracy", "recall1"],
  "tower-contrastive": ["accuracy", "recall1"],
  matching: ["accuracy"],
  captioning: [],
  language: [],
};
