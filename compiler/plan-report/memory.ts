/** A stage's graphs -> every device buffer of its training run, by kind. To the byte what the runtime allocates. */
import type { CheckedOptimizer, CheckedStage } from "../1-check/model.ts";
import { isHeld } from "../2-build/hold.ts";
import type { StageGraphs } from "../2-build/stage-graphs.ts";
import { gradientPath, type TrainingGraphs } from "../3-differentiate/differentiate.ts";
import type { TrainingGraph } from "../3-differentiate/training-graph.ts";
import { buffersOfAll, type PlannedBuffer, pathsIn } from "../6-emit/buffers.ts";
import { otherPlans, planStage } from "../compile.ts";
import type { Node } from "../ir/node.ts";
import { storageBytes, typeText } from "../ir/tensor-type.ts";
import type { Target } from "../program.ts";
import type { Recomputation } from "../recompute/recomputation.ts";

/** What a buffer holds. Those of `activations` serve several tensors in turn. */
export type BufferKind =
  | "frozen weights"
  | "trainable weights"
  | "adamw"
  | "sgd"
  | "gradients"
  | "whole step"
  | "activations"
  | "inputs"
  | "constants"
  | "outputs";

/** One buffer of the device. */
export interface Buffer {
  readonly kind: BufferKind;
  /** Path of the weight, or of what made the largest tensor in it. */
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  /** Tensors that it holds in turn. */
  readonly tensors: number;
}

/**
 * Bytes by kind. `gradients` are those that the optimizer reads, of one micro-batch or the running ones of several; what
 * leads to them lives for a moment in buffers of `activations`. `total` is the sum of all buffers.
 */
export interface MemoryReport {
  readonly frozenWeights: number;
  readonly trainableWeights: number;
  readonly gradients: number;
  readonly optimizer: number;
  /** What objectives over a whole step read of all its micro-batches, and the gradients that they hand back. */
  readonly wholeStep: number;
  readonly activations: number;
  readonly inputs: number;
  readonly constants: number;
  /** Losses and metrics on their way to the host. */
  readonly outputs: number;
  readonly total: number;
}

/** A stage's training graphs, and the buffers of all its programs on a target. */
export interface StageMemory {
  readonly training: TrainingGraphs;
  /** The step as it runs. */
  readonly optimized: TrainingGraph;
  readonly buffers: readonly Buffer[];
  readonly recomputed: Recomputation | undefined;
}

/** Schedules the stage. */
export function stageMemory(graphs: StageGraphs, stage: CheckedStage, target: Target): StageMemory {
  const others = otherPlans(graphs, target);
  const planned = planStage(graphs, stage, target, others);
  const { training, optimized, whole, step, apply, recomputed } = planned;
  const plans = [
    ...(whole === undefined ? [] : [whole.represent, whole.compute]),
    step,
    ...(apply === undefined ? [] : [apply]),
    ...others,
  ];
  const kindOf = stateKinds(graphs, stage.optimizer.name);
  const buffers = buffersOfAll(plans).map((buffer) => described(buffer, kindOf));
  return { training, optimized, buffers, recomputed };
}

/** Sums by kind. */
export function memoryReport(buffers: readonly Buffer[]): MemoryReport {
  const sum = (kind?: BufferKind) =>
    buffers.reduce((all, each) => (each.kind === kind || !kind ? all + each.bytes : all), 0);
  return {
    frozenWeights: sum("frozen weights"),
    trainableWeights: sum("trainable weights"),
    gradients: sum("gradients"),
    optimizer: sum("adamw") + sum("sgd"),
    wholeStep: sum("whole step"),
    activations: sum("activations"),
    inputs: sum("inputs"),
    constants: sum("constants"),
    outputs: sum("outputs"),
    total: sum(),
  };
}

type KindOfState = (path: string) => BufferKind;

function stateKinds(graphs: StageGraphs, optimizer: CheckedOptimizer["name"]): KindOfState {
  const trainable = new Set(graphs.trainable.map(({ attributes }) => attributes.path));
  const frozen = new Set(graphs.frozen.map(({ attributes }) => attributes.path));
  const running = new Set([...trainable].map(gradientPath));
  return (path) => {
    if (trainable.has(path)) return "trainable weights";
    if (frozen.has(path)) return "frozen weights";
    if (isHeld(path)) return "whole step";
    return running.has(path) ? "gradients" : optimizer;
  };
}

function described(buffer: PlannedBuffer, kindOfState: KindOfState): Buffer {
  const { kind, name, bytes, tenants } = buffer;
  const nodes = tenants.filter((each): each is Node => "type" in each);
  const largest = nodes.reduce<Node | undefined>(
    (best, node) =>
      best === undefined || storageBytes(node.type) > storageBytes(best.type) ? node : best,
    undefined,
  );
  const type = largest === undefined ? "" : typeText(largest.type);
  const facts = { type, bytes, tensors: tenants.length };
  switch (kind) {
    case "state":
      return { kind: kindOfState(pathsIn(buffer)[0]!), name, ...facts };
    case "input":
      return { kind: "inputs", name, ...facts };
    case "constant":
    case "uniform":
      return { kind: "constants", name, ...facts };
    case "readback":
      return { kind: "outputs", name, ...facts };
    case "scratch": {
      if (largest?.op === "pack" && largest.origin.path.startsWith("optimizer"))
        return { kind: "gradients", name: "gradients", ...facts };
      const label = largest?.origin.path.replaceAll("'", " (backward)") ?? "";
      return { kind: "activations", name: label === "" ? "scratch" : label, ...facts };
    }
  }
}
