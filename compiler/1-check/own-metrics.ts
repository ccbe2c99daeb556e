/** Variant of an objective -> what it measures beside its loss. */
import type { CheckedObjective } from "./model.ts";

/** By the name that `best(…)` gives it; a written objective adds its own. */
export const ownMetrics: Readonly<Record<CheckedObjective["variant"], readonly string[]>> = {
  contrastive: ["accuracy", "recall1"],
  "tower-contrastive": ["accuracy", "recall1"],
  matching: ["accuracy"],
  captioning: [],
  language: [],
  expression: [],
};
