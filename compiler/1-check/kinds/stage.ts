/** `stage pretrain { … }` and the blocks inside of it. */
import type { BlockKind, SettingDescription } from "./block-kind.ts";

const rate: SettingDescription = { type: { kind: "number", least: 0 }, about: "learning rate" };
const warmup: SettingDescription = {
  type: { kind: "amount" },
  about: "linear rise from `start_lr`",
};

export const stage: BlockKind = {
  kind: "stage",
  noun: "a stage",
  hasWeights: false,
  isNamed: true,
  settings: {
    minimize: { type: { kind: "wiring" }, about: "weighted sum of objectives", required: true },
    data: { type: { kind: "wiring" }, about: "the data set", required: true },
    train: {
      type: { kind: "amount", isPositive: true },
      about: "steps, epochs or samples",
      required: true,
    },
    from: { type: { kind: "wiring" }, about: "checkpoint to continue from: `s1.pretrain.best`" },
    accumulate: {
      type: { kind: "number", integer: true, least: 1 },
      about: "micro-batches whose gradients are averaged",
    },
    whole: {
      type: { kind: "wiring" },
      about: "contrasts that see the whole step, not one micro-batch: `itc`, `[itc, siglip]`",
    },
    memory: {
      type: { kind: "size" },
      about: "most that a step may take; activations are computed again to fit",
    },
    precision: {
      type: { kind: "word", choices: ["full", "mixed"] },
      about: "`mixed`: products of halves, with f32 sums, weights and losses",
    },
    seed: { type: { kind: "number", integer: true, least: 0 }, about: "of everything random" },
  },
  children: ["optimizer", "schedule", "save", "validate"],
};

export const optimizer: BlockKind = {
  kind: "optimizer",
  noun: "an optimizer",
  hasWeights: false,
  isNamed: false,
  variantNeeded: true,
  settings: {},
  variants: {
    adamw: {
      noun: "an adamw optimizer",
      about: "Adam with decoupled weight decay",
      settings: {
        lr: { ...rate, required: true },
        lr_for: { type: { kind: "wiring" }, about: "rates of single modules" },
        betas: { type: { kind: "numbers", count: 2 }, about: "decay of the two moments" },
        eps: {
          type: { kind: "number", above: 0 },
          about: "added to the root of the second moment",
        },
        weight_decay: { type: { kind: "number", least: 0 }, about: "of matrices" },
        clip: {
          type: { kind: "number", above: 0 },
          about: "greatest global norm of the gradients",
        },
      },
    },
    sgd: {
      noun: "an sgd optimizer",
      about: "gradient descent, with momentum when it is set",
      settings: {
        lr: { ...rate, required: true },
        lr_for: { type: { kind: "wiring" }, about: "rates of single modules" },
        momentum: { type: { kind: "number", least: 0 }, about: "share of the last direction; 0" },
        nesterov: { type: { kind: "boolean" }, about: "looks ahead along the direction" },
        weight_decay: {
          type: { kind: "number", least: 0 },
          about: "of matrices, added to the gradient; 0",
        },
        clip: {
          type: { kind: "number", above: 0 },
          about: "greatest global norm of the gradients",
        },
      },
    },
  },
};

export const schedule: BlockKind = {
  kind: "schedule",
  noun: "a schedule",
  hasWeights: false,
  isNamed: false,
  variantNeeded: true,
  settings: { warmup, start_lr: rate, min_lr: rate },
  variants: {
    cosine: { noun: "a cosine schedule", about: "falls each step", settings: {} },
    lavis_cosine: { noun: "LAVIS's schedule", about: "falls each epoch", settings: {} },
    constant: { noun: "a constant schedule", about: "stays at its peak", settings: {} },
  },
};

export const validate: BlockKind = {
  kind: "validate",
  noun: "a validate block",
  hasWeights: false,
  isNamed: false,
  settings: {
    data: {
      type: { kind: "wiring" },
      about: "records that nothing is learned from",
      required: true,
    },
    every: {
      type: { kind: "amount", isPositive: true },
      about: "distance of measurements; that of checkpoints",
    },
  },
};

export const save: BlockKind = {
  kind: "save",
  noun: "a save block",
  hasWeights: false,
  isNamed: false,
  settings: {
    every: { type: { kind: "amount", isPositive: true }, about: "distance of checkpoints" },
    keep: {
      type: { kind: "wiring" },
      about: "`all`, `last(3)`, `best(itc.accuracy)` or `best(loss)`",
    },
  },
};
