/** Graph with a loss → training graph: gradients of the trainable parameters, clipping, accumulation, optimizer updates. */
import type { Builder } from "../ir/builder.ts";
import type { Node, NodeOf } from "../ir/node.ts";
import { packLayout } from "../ir/pack-layout.ts";
import type { Rules } from "../ir/rule.ts";
import { type AdamWSettings, adamwState, adamwStep, rateRows } from "../optimizers/adamw.ts";
import { type SgdSettings, sgdState, sgdStep } from "../optimizers/sgd.ts";
import { adjointsFrom } from "./gradients.ts";
import { lossScale, scalingStep, skippedSteps } from "./loss-scaling.ts";
import { packsOf, settingOf, type Trained } from "./packs.ts";
import type { TrainingGraph, Update } from "./training-graph.ts";
import { type WholeStep, wholeGraphs } from "./whole-step.ts";

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
  /** Present where objectives see all micro-batches: run for each of them, and then once, before any `step`. */
  readonly whole?: { readonly represent: TrainingGraph; readonly compute: TrainingGraph };
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
  whole?: WholeStep,
): TrainingGraphs {
  const { accumulate } = plan;
  const seed = plan.isScaled === true ? lossScale(b) : b.constant(1);
  // Running gradients are means over micro-batches: what is computed once counts as often as they do.
  const once = whole && wholeGraphs(b, rules, name, whole, trainable, b.mul(seed, accumulate));
  const roots = new Map([[loss, seed], ...(once?.adjoints ?? [])]);
  const reached = withGradients(trainable, adjointsFrom(b, rules, roots, trainable));
  if (accumulate === 1) {
    const packs = packsOf(withSettings(reached, plan));
    const applied = b.within({ path: "optimizer" }, () => apply(b, packs, plan));
    return {
      step: { name, outputs: new Map([...outputs, ...applied.outputs]), updates: applied.updates },
    };
  }
  const runningOf = (parameter: NodeOf<"parameter">) =>
    b.parameter(gradientPath(parameter.attributes.path), parameter.attributes.shape);
  const added = (each: readonly Reached[]): readonly Update[] =>
    each.map(({ parameter, gradient }) => {
      const target = runningOf(parameter);
      return { target, value: b.add(target, b.mul(gradient, 1 / accumulate)) };
    });
  const reachedOnce = withGradients(trainable, once?.found ?? []);
  const all = new Set([...reached, ...reachedOnce].map(({ parameter }) => parameter));
  const running = trainable.flatMap((parameter) =>
    all.has(parameter) ? [{ parameter, gradient: runningOf(parameter) }] : [],
  );
  return {
    step: { name, outputs, updates: added(reached) },
    ...(once && {
      whole: {
        represent: once.represent,
        compute: { ...once.compute, updates: [...once.compute.updates, ...added(reachedOnce)] },
      },
    }),
    apply: b.within({ path: "optimizer" }, () => {
      const packs = packsOf(withSettings(running, plan));
      const applied = apply(b, packs, plan);
      const cleared = packs.flatMap((pack) => {
        const sums = pack.map(({ gradient }) => gradient as NodeOf<"parameter">);
        const zero = b.broadcastTo(b.constant(0), joined(b, sums).type.shape);
        const partOf = partsOf(b, sums);
        return sums.map((target, i) => ({ target, value: partOf(zero, i) }));
      });
      return {
        name: `${name}.apply`,
        outputs: applied.outputs,
        updates: [...applied.updates, ...cleared],
      };
    }),
  };
}

type Reached = Pick<Trained, "parameter" | "gradient">;

function withGradients(
  trainable: readonly NodeOf<"parameter">[],
  found: readonly (Node | null)[],
): readonly Reached[] {
  return trainable.flatMap((parameter, i) => {
    const gradient = found[i];
    return gradient ? [{ parameter, gradient }] : [];
  });
}

/** Trained tensors with what the optimizer must know of them. */
function withSettings(reached: readonly Reached[], plan: OptimizerPlan): readonly Trained[] {
  return reached.map((each) => ({
    ...each,
    weightDecay: plan.weightDecay(each.parameter),
    rateScale: plan.rateScale?.(each.parameter) ?? 1,
  }));
}

function apply(
  b: Builder,
  trained: readonly (readonly Trained[])[],
  plan: OptimizerPlan,
): { readonly outputs: ReadonlyMap<string, Node>; readonly updates: readonly Update[] } {
  const { isScaled = false } = plan;
  const rates = ratesOf(b, plan);
  const outputs = new Map<string, Node>();
  const unscaled = isScaled ? b.div(1, lossScale(b)) : undefined;
  const packs = trained.map((pack) => {
    const gradient = joined(
      b,
      pack.map((each) => each.gradient),
    );
    return { pack, gradient: unscaled === undefined ? gradient : b.mul(gradient, unscaled) };
  });
  const gradientsOf = packs.map(({ gradient }) => gradient);
  const norm = plan.clip !== undefined || isScaled ? normOf(b, gradientsOf) : undefined;
  const isGood = isScaled && norm !== undefined ? b.finite(norm) : undefined;
  let scale: Node | undefined;
  if (plan.clip !== undefined && norm !== undefined) {
    outputs.set("gradient_norm", norm);
    scale = b.neg(b.max(b.neg(b.div(b.constant(plan.clip), b.add(norm, 1e-6))), -1));
  }
  const updates = packs.flatMap(({ pack, gradient }) => {
    const [first] = pack;
    const setting = (of: (each: Trained) => number) =>
      pack.length === 1 ? of(first!) : settingOf(b, pack, trained.flat(), of);
    const common = {
      weightDecay: setting(({ weightDecay }) => weightDecay),
      rateScale: setting(({ rateScale }) => rateScale),
    };
    const clipped = scale === undefined ? gradient : b.mul(gradient, scale);
    return b.within({ path: first!.parameter.attributes.path }, () => {
      const states = pack.map(({ parameter }) =>
        "betas" in plan ? adamwState(b, parameter) : sgdState(b, parameter, plan.momentum),
      );
      const whole = states[0]!.map((_, part) =>
        joined(
          b,
          states.map((state) => state[part]!),
        ),
      );
      const done =
        "betas" in plan
          ? adamwStep(b, whole, clipped, rates, { ...plan, ...common })
          : sgdStep(b, whole, clipped, rates, { ...plan, ...common });
      const next =
        isGood === undefined
          ? done
          : done.map((value, part) => b.select(isGood, value, whole[part]!));
      const partOf = partsOf(
        b,
        pack.map(({ parameter }) => parameter),
      );
      return states.flatMap((state, i) =>
        state.map((target, part) => ({ target, value: partOf(next[part]!, i) })),
      );
    });
  });
  if (isGood === undefined) return { outputs, updates };
  const scaling = scalingStep(b, isGood);
  return {
    outputs: new Map([...outputs, ...scaling.outputs]),
    updates: [...updates, ...scaling.updates],
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

/** Several tensors as a pack; one alone stays as it is. */
function joined(b: Builder, parts: readonly Node[]): Node {
  return parts.length === 1 ? parts[0]! : b.pack(parts);
}

/** What became of a tensor, from what became of all that were joined. */
function partsOf(b: Builder, parts: readonly Node[]): (whole: Node, index: number) => Node {
  const { starts } = packLayout(parts.map(({ type }) => type.shape));
  return (whole, index) =>
    parts.length === 1 ? whole : b.unpack(whole, starts[index]!, parts[index]!.type.shape);
}
