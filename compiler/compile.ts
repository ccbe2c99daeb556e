/** The compiler on one page: a stage's graphs → programs. */
import type { CheckedStage } from "./1-check/model.ts";
import type { InferenceGraph, StageGraphs } from "./2-build/stage-graphs.ts";
import { differentiate, isDecayed, type TrainingGraphs } from "./3-differentiate/differentiate.ts";
import type { TrainingGraph } from "./3-differentiate/training-graph.ts";
import { optimize } from "./4-optimize/optimize.ts";
import type { Plan } from "./5-schedule/plan.ts";
import { schedule } from "./5-schedule/schedule.ts";
import { emit } from "./6-emit/emit.ts";
import type { Builder } from "./ir/builder.ts";
import { rules } from "./ops/index.ts";
import type { Program, Target } from "./program.ts";

/** Programs of a training step: one, or one for each micro-batch and one to apply the running gradients. */
export interface StagePrograms {
  readonly step: Program;
  readonly apply?: Program;
}

/** Losses, gradients and updates of a stage, as graphs. Frozen parameters get neither gradient nor moments. */
export function trainingGraphs(graphs: StageGraphs, stage: CheckedStage): TrainingGraphs {
  const { optimizer } = stage;
  const clip = optimizer.clip.value;
  const scales = new Map(
    graphs.modules.flatMap(({ owner, parameters }) => {
      const own = optimizer.rates.find(({ module }) => module === owner);
      return own === undefined
        ? []
        : parameters.map(({ attributes }) => [attributes.path, own.scale] as const);
    }),
  );
  const outputs = new Map([["loss", graphs.total], ...graphs.losses, ...graphs.metrics]);
  return differentiate(
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
      ...(clip === undefined ? {} : { clip }),
    },
  );
}

/** The step's inputs are those of `graphs` and, where it applies the update, `rates` (see `adamwRates`, `sgdRates`). */
export function compileStage(
  graphs: StageGraphs,
  stage: CheckedStage,
  target: Target,
): StagePrograms {
  const training = trainingGraphs(graphs, stage);
  const step = compile(training.step, graphs.builder, target);
  return training.apply === undefined
    ? { step }
    : { step, apply: compile(training.apply, graphs.builder, target) };
}

export function compileInference(graph: InferenceGraph, target: Target): Program {
  return compile(untrained(graph), graph.builder, target);
}

/** A graph without training as one that changes nothing. */
export function untrained({ name, outputs }: InferenceGraph): TrainingGraph {
  return { name, outputs, updates: [] };
}

/** Training graph → program. */
export function compile(graph: TrainingGraph, b: Builder, target: Target): Program {
  return emit(planOf(graph, b, target));
}

/** Training graph → plan: kernels, their order and every buffer, before any text is made. */
export function planOf(graph: TrainingGraph, b: Builder, target: Target): Plan {
  return schedule(optimize(graph, b), target);
}
