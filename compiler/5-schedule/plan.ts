/** Kernels in order and the memory they use. Made by `5-schedule`, read by `6-emit`. */

import type { TrainingGraph } from "../3-differentiate/training-graph.ts";
import type { Node } from "../ir/node.ts";
import type { Target } from "../program.ts";
import type { PlannedKernel } from "./kernel.ts";
import type { Slots } from "./memory.ts";
import type { Place } from "./packs.ts";

export interface Plan {
  readonly graph: TrainingGraph;
  readonly target: Target;
  readonly kernels: readonly PlannedKernel[];
  readonly slots: Slots;
  /** Tensors that stand in a pack's buffer. */
  readonly places: ReadonlyMap<Node, Place>;
}
