/** What a stage means: amounts, optimizer, schedule, checkpoints, where it continues from. */
import type { Span } from "../../grammar/source.ts";
import type { ModulePart } from "./module-part.ts";
import type { Placed } from "./placed.ts";

/** A length of training. */
export interface Amount {
  readonly value: number;
  readonly unit: "steps" | "epochs" | "samples";
}

/**
 * `mixed`: products take f16 operands, frozen weights are stored as f16, the loss is scaled; all else is f32, the trained
 * weights too. `full`: all arithmetic is f32.
 */
export type Precision = "full" | "mixed";

/** Rises linearly from `startLr` to the optimizer's rate over `warmup`, then falls to `minLr`. */
export interface CheckedSchedule {
  /** `cosine` is stepped each step; `lavis_cosine` is constant within an epoch (blip2.md 4.1). */
  readonly name: "constant" | "cosine" | "lavis_cosine";
  readonly span: Span;
  readonly warmup: Placed<Amount>;
  readonly startLr: Placed<number>;
  readonly minLr: Placed<number>;
}

/** How weights are updated; tensors of rank 1 and biases are not decayed. */
export type CheckedOptimizer = CheckedAdamW | CheckedSgd;

interface OptimizerBase {
  readonly span: Span;
  readonly lr: Placed<number>;
  /** Modules with a rate of their own, as a share of `lr` at each step of the schedule. */
  readonly rates: readonly { readonly module: string; readonly scale: number }[];
  readonly weightDecay: Placed<number>;
  /** Greatest global norm of the gradients; undefined: not clipped. */
  readonly clip: Placed<number | undefined>;
}

/** AdamW: weight decay is decoupled. */
export interface CheckedAdamW extends OptimizerBase {
  readonly name: "adamw";
  readonly betas: Placed<readonly [number, number]>;
  readonly eps: Placed<number>;
}

/** Gradient descent as in torch.optim.SGD: weight decay is part of the gradient. */
export interface CheckedSgd extends OptimizerBase {
  readonly name: "sgd";
  readonly momentum: Placed<number>;
  readonly nesterov: Placed<boolean>;
}

/** Which checkpoints stay. */
export type Keep =
  | { readonly kind: "last"; readonly count: number }
  | { readonly kind: "all" }
  /** `itc.recall1`, `itc` for its loss, or `loss` for the weighted sum; the last one stays too. */
  | { readonly kind: "best"; readonly metric: string };

/** Continue from the checkpoints of a stage, of this file or of an imported one. */
export interface Continuation {
  /** Name of the source that holds the stage. */
  readonly file: string;
  readonly stage: string;
  readonly which: "best" | "last";
  /** Parts that start anew although the checkpoint holds them. */
  readonly except?: readonly Excepted[];
  /** True when the stage belongs to this pipeline, and not to one whose parts are taken over by `=`. */
  readonly isWithin: boolean;
}

/** A whole module, the weights of an objective, or a part of a module. */
export interface Excepted {
  /** Name of the module or objective. */
  readonly owner: string;
  readonly part: "all" | ModulePart;
}

/** Losses and metrics on records that nothing is learned from. */
export interface CheckedValidation {
  readonly span: Span;
  /** Name of the data block. */
  readonly data: Placed<string>;
  /** Distance of measurements; undefined: at each checkpoint. */
  readonly every: Placed<Amount | undefined>;
}

/** One training run. */
export interface CheckedStage {
  readonly name: string;
  readonly header: Span;
  readonly minimize: readonly {
    readonly objective: string;
    readonly weight: number;
    readonly span: Span;
  }[];
  readonly minimizeSpan: Span;
  readonly data: Placed<string>;
  readonly train: Placed<Amount>;
  readonly optimizer: CheckedOptimizer;
  readonly schedule: CheckedSchedule;
  readonly save: {
    readonly every: Placed<Amount | undefined>;
    readonly keep: Placed<Keep>;
  };
  /** Measured along the way; then `keep = best(…)` looks at it instead of at the batches trained on. */
  readonly validate: CheckedValidation | undefined;
  /** Micro-batches a step: gradients are averaged over them. */
  readonly accumulate: Placed<number>;
  /** Names of objectives in `minimize` that see all micro-batches of a step, not one at a time. */
  readonly whole: readonly Placed<string>[];
  /** Bytes that all buffers of the stage may take together; undefined: as many as it takes. */
  readonly memory: Placed<number | undefined>;
  readonly precision: Placed<Precision>;
  readonly seed: Placed<number>;
  readonly from: Placed<Continuation> | undefined;
}
