/** The compiler on one page: a stage's graphs → programs. */
import type { CheckedStage } from "./1-check/model.ts";
import type { InferenceGraph, StageGraphs } from "./2-build/stage-graphs.ts";
import { differentiate, isDecayed, type TrainingGraphs } from "./3-differentiate/differentiate.ts";
import type { TrainingGraph } from "./3-differentiate/training-graph.ts";
import { mixedPrecision } from "./4-optimize/mixed-precision.ts";
import { optimize } from "./4-optimize/optimize.ts";
import type { Plan } from "./5-schedule/plan.ts";
import { schedule } from "./5-schedule/schedule.ts";
import { emit } from "./6-emit/emit.ts";
import type { Builder } from "./ir/builder.ts";
import { rules } from "./ops/index.ts";
import type { Program, Target } from "./program.ts";
import { fitMemory } from "./recompute/fit-memory.ts";
import type { Recomputation } from "./recompute/recomputation.ts";

/** Programs of a training step: one, or one for each micro-batch and one to apply the running gradients. */
export interface StagePrograms {
  /** Present where objectives see all micro-batches: for each of them, and then once, before any `step`. */
  readonly whole?: { readonly represent: Program; readonly compute: Program };
  readonly step: Program;
  readonly apply?: Program;
  /** Present where they take more than `memory` of the stage: the least bytes that were found, with what stands beside them. */
  readonly beyond?: number;
}

/** Losses, gradients and updates of a stage, as graphs. Frozen parameters get neither gradient nor moments. */
export function trainingGraphs(graphs: StageGraphs, stage: CheckedStage): TrainingGraphs {
  const { optimizer } = stage;
  const clip = optimizer.clip.value;
  const isMixed = stage.precision.value === "mixed";
  const scales = new Map(
    graphs.modules.flatMap(({ owner, parameters }) => {
      const own = optimizer.rates.find(({ module }) => module === owner);
      return own === undefined
        ? []
        : parameters.map(({ attributes }) => [attributes.path, own.scale] as const);
    }),
  );
  const outputs = new Map([["loss", graphs.total], ...graphs.losses, ...graphs.metrics]);
  const { step, apply, whole } = differentiate(
    graphs.builder,
    rules,
    graphs.stage,
    graphs.total,
    outputs,
    graphs.trainable,
    {
      ...(optimizer.name === "adamw"
        ? { betas: optimizer.betas.value, eps: optimizer.eps.value }
        : { momentum: optimizer.momentum.value, nesterov: optimizer.nesterov.value }),
      weightDecay: (parameter) => (isDecayed(parameter) ? optimizer.weightDecay.value : 0),
      rateScale: (parameter) => scales.get(parameter.attributes.path) ?? 1,
      accumulate: stage.accumulate.value,
      isScaled: isMixed,
      ...(clip === undefined ? {} : { clip }),
    },
    graphs.whole && {
      ...graphs.whole,
      outputs: new Map([...graphs.whole.losses, ...graphs.whole.metrics]),
    },
  );
  const inItsPrecision = (graph: TrainingGraph) =>
    isMixed ? mixedPrecision(graph, graphs.builder) : graph;
  return {
    ...(whole && {
      whole: {
        represent: inItsPrecision(whole.represent),
        compute: inItsPrecision(whole.compute),
      },
    }),
    step: inItsPrecision(step),
    ...(apply && { apply }),
  };
}

/** Plans of a stage's training programs, before any text is made. */
export interface StagePlans {
  readonly training: TrainingGraphs;
  /** The step as it was scheduled first, with nothing computed again to take less memory. */
  readonly optimized: TrainingGraph;
  readonly whole: { readonly represent: Plan; readonly compute: Plan } | undefined;
  readonly step: Plan;
  readonly apply: Plan | undefined;
  /** What the step computes again to fit; undefined when nothing. */
  readonly recomputed: Recomputation | undefined;
  /** Bytes of all that, and of the others. */
  readonly bytes: number;
}

/** Plans that fit into `memory` of the stage beside the `others` of its programs, if there are some that do. */
export function planStage(
  graphs: StageGraphs,
  stage: CheckedStage,
  target: Target,
  others: readonly Plan[],
): StagePlans {
  const { builder } = graphs;
  const training = trainingGraphs(graphs, stage);
  const apply = training.apply && planOf(training.apply, builder, target);
  const whole = training.whole && {
    represent: planOf(training.whole.represent, builder, target),
    compute: planOf(training.whole.compute, builder, target),
  };
  const beside = [
    ...(whole === undefined ? [] : [whole.represent, whole.compute]),
    ...(apply === undefined ? [] : [apply]),
    ...others,
  ];
  const optimized = optimize(training.step, builder, target);
  const { plan, recomputed, bytes } = fitMemory(
    optimized,
    builder,
    target,
    stage.memory.value ?? Number.POSITIVE_INFINITY,
    beside,
  );
  return { training, optimized, whole, step: plan, apply, recomputed, bytes };
}

/** Plans of what stands in memory beside the training programs: frozen prefixes, validation. */
export function otherPlans({ features, validation }: StageGraphs, target: Target): readonly Plan[] {
  const graphs = [
    ...features.map(({ graph }) => graph),
    ...(validation === undefined ? [] : [validation]),
  ];
  return graphs.map((graph) => planOf(untrained(graph), graph.builder, target));
}

/** The step's inputs are those of `graphs` and, where it applies the update, `rates` (see `adamwRates`, `sgdRates`). */
export function compileStage(
  graphs: StageGraphs,
  stage: CheckedStage,
  target: Target,
): StagePrograms {
  const most = stage.memory.value ?? Number.POSITIVE_INFINITY;
  const others = most === Number.POSITIVE_INFINITY ? [] : otherPlans(graphs, target);
  const { whole, step, apply, bytes } = planStage(graphs, stage, target, others);
  return {
    ...(whole && {
      whole: { represent: emit(whole.represent), compute: emit(whole.compute) },
    }),
    step: emit(step),
    ...(apply && { apply: emit(apply) }),
    ...(bytes > most && { beyond: bytes }),
  };
}

/** In the order in which a step runs them. */
export function programsIn({ whole, step, apply }: StagePrograms): readonly Program[] {
  return [
    ...(whole === undefined ? [] : [whole.represent, whole.compute]),
    step,
    ...(apply === undefined ? [] : [apply]),
  ];
}

export function compileInference(graph: InferenceGraph, target: Target): Program {
  return compile(untrained(graph), graph.builder, target);
}

/** A graph without training as one that changes nothing, in its precision. */
export function untrained({ name, outputs, precision, builder }: InferenceGraph): TrainingGraph {
  const graph = { name, outputs, updates: [] };
  return precision === "mixed" ? mixedPrecision(graph, builder) : graph;
}

/** Training graph → program. */
export function compile(graph: TrainingGraph, b: Builder, target: Target): Program {
  return emit(planOf(graph, b, target));
}

/** Training graph → plan: kernels, their order and every buffer, before any text is made. */
export function planOf(graph: TrainingGraph, b: Builder, target: Target): Plan {
  return schedule(optimize(graph, b, target), target);
}
