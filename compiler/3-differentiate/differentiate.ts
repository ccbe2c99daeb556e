/** Graph with a loss → training graph: gradients of the trainable parameters, clipping, accumulation, optimizer updates. */
import type { Builder } from "../ir/builder.ts";
import type { Node, NodeOf } from "../ir/node.ts";
import type { Rules } from "../ir/rule.ts";
import { type AdamWSettings, adamw, rateRows } from "../optimizers/adamw.ts";
import { type SgdSettings, sgd } from "../optimizers/sgd.ts";
import { gradients } from "./gradients.ts";
import { lossScale, scalingStep, skippedSteps } from "./loss-scaling.ts";
import type { TrainingGraph, Update } from "./training-graph.ts";

/** AdamW or SGD, and what is common to them. */
export type OptimizerPlan = (
  | Pick<AdamWSettings, "betas" | "eps">
  | Pick<SgdSettings, "momentum" | "nesterov">
) & {
  /** Weight decay of a parameter; 0 where none applies. */
  readonly weightDecay: (parameter: NodeOf<"parameter">) => number;
  /** What the learning rate of a parameter is multiplied by; 1 when absent. */
  readonly rateScale?: (parameter: NodeOf<"parameter">) => number;
  /** Greatest global norm of the gradients; none when absent. */
  readonly clip?: number;
  /** Micro-batches a step; gradients are their mean. */
  readonly accumulate: number;
  /** True: gradients are those of a scaled loss, and a step whose gradients are not finite is skipped. Default false. */
  readonly isScaled?: boolean;
};

/** One program a step, or one for each micro-batch and one to apply their sum. */
export interface TrainingGraphs {
  /** Losses of a micro-batch; with accumulation also adds to the running gradients, else it is the whole step. */
  readonly step: TrainingGraph;
  /** Present with accumulation. */
  readonly apply?: TrainingGraph;
}

/** Path of a running gradient in the state. */
export const gradientPath = (path: string): string => `optimizer.gradient.${path}`;

/** PyTorch's rule and LAVIS's: tensors of one dimension and those named `.bias` are not decayed; scalars are. */
export function isDecayed(parameter: NodeOf<"parameter">): boolean {
  return parameter.attributes.shape.length !== 1 && !parameter.attributes.path.endsWith(".bias");
}

/**
 * `outputs` are read back after each run; `loss` is a scalar. Parameters that no path leads to keep their values.
 * The graph then has the input `rates` (f32[3] of `adamw`, f32[1] of `sgd`; with a scaled loss f32[rateRows, 3] of
 * `adamwRateRows`).
 */
export function differentiate(
  b: Builder,
  rules: Rules,
  name: string,
  loss: Node,
  outputs: ReadonlyMap<string, Node>,
  trainable: readonly NodeOf<"parameter">[],
  plan: OptimizerPlan,
): TrainingGraphs {
  const seed = plan.isScaled === true ? lossScale(b) : undefined;
  const found = gradients(b, rules, loss, trainable, seed);
  const reached = trainable.flatMap((parameter, i) => {
    const gradient = found[i];
    return gradient ? [{ parameter, gradient }] : [];
  });
  if (plan.accumulate === 1) {
    const applied = b.within({ path: "optimizer" }, () => apply(b, reached, plan));
    return {
      step: { name, outputs: new Map([...outputs, ...applied.outputs]), updates: applied.updates },
    };
  }
  const running = reached.map(({ parameter, gradient }) => ({
    parameter,
    gradient,
    sum: b.parameter(gradientPath(parameter.attributes.path), parameter.attributes.shape),
  }));
  return {
    step: {
      name,
      outputs,
      updates: running.map(({ gradient, sum }) => ({
        target: sum,
        value: b.add(sum, b.mul(gradient, 1 / plan.accumulate)),
      })),
    },
    apply: b.within({ path: "optimizer" }, () => {
      const applied = apply(
        b,
        running.map(({ parameter, sum }) => ({ parameter, gradient: sum })),
        plan,
      );
      const cleared = running.map(({ sum }) => ({
        target: sum,
        value: b.broadcastTo(b.constant(0), sum.type.shape),
      }));
      return {
        name: `${name}.apply`,
        outputs: applied.outputs,
        updates: [...applied.updates, ...cleared],
      };
    }),
  };
}

function apply(
  b: Builder,
  reached: readonly { readonly parameter: NodeOf<"parameter">; readonly gradient: Node }[],
  plan: OptimizerPlan,
): { readonly outputs: ReadonlyMap<string, Node>; readonly updates: readonly Update[] } {
  const { isScaled = false } = plan;
  const rates = ratesOf(b, plan);
  const outputs = new Map<string, Node>();
  const unscaled = isScaled ? b.div(1, lossScale(b)) : undefined;
  const trained = reached.map(({ parameter, gradient }) => ({
    parameter,
    gradient: unscaled === undefined ? gradient : b.mul(gradient, unscaled),
  }));
  const gradientsOf = trained.map(({ gradient }) => gradient);
  const norm = plan.clip !== undefined || isScaled ? normOf(b, gradientsOf) : undefined;
  const isGood = isScaled && norm !== undefined ? b.finite(norm) : undefined;
  let scale: Node | undefined;
  if (plan.clip !== undefined && norm !== undefined) {
    outputs.set("gradient_norm", norm);
    scale = b.neg(b.max(b.neg(b.div(b.constant(plan.clip), b.add(norm, 1e-6))), -1));
  }
  const updates = trained.flatMap(({ parameter, gradient }) => {
    const common = {
      weightDecay: plan.weightDecay(parameter),
      rateScale: plan.rateScale?.(parameter) ?? 1,
    };
    return b.within({ path: parameter.attributes.path }, () => {
      const clipped = scale === undefined ? gradient : b.mul(gradient, scale);
      if ("betas" in plan) {
        const { betas, eps } = plan;
        return adamw(b, parameter, clipped, rates, { betas, eps, ...common });
      }
      const { momentum, nesterov } = plan;
      return sgd(b, parameter, clipped, rates, { momentum, nesterov, ...common });
    });
  });
  if (isGood === undefined) return { outputs, updates };
  const scaling = scalingStep(b, isGood);
  const kept = updates.map(({ target, value }) => ({
    target,
    value: b.select(isGood, value, target),
  }));
  return {
    outputs: new Map([...outputs, ...scaling.outputs]),
    updates: [...kept, ...scaling.updates],
  };
}

/** Steps that were skipped do not count as steps of the moments: the device takes the row of the steps that were done. */
function ratesOf(b: Builder, plan: OptimizerPlan): Node {
  if (!("betas" in plan)) return b.input("rates", [1]);
  return plan.isScaled === true
    ? b.gather(b.input("rates", [rateRows, 3]), skippedSteps(b))
    : b.input("rates", [3]);
}

/** Root of the sum of all squares. */
function normOf(b: Builder, found: readonly Node[]): Node {
  const squares = found.map((gradient) =>
    b.sum(
      b.mul(gradient, gradient),
      gradient.type.shape.map((_, axis) => axis),
    ),
  );
  return b.sqrt(squares.reduce((sum, square) => b.add(sum, square)));
}
