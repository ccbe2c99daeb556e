/** Amounts and a schedule of the checked pipeline → numbers of steps and the rates of each step. */
import type { Amount, CheckedStage } from "../../compiler/1-check/model.ts";
import { adamwRateRows, adamwRates } from "../../compiler/optimizers/adamw.ts";
import { sgdRates } from "../../compiler/optimizers/sgd.ts";
import { type LearningRateSchedule, learningRate } from "./learning-rate.ts";

/** What one epoch is. */
export interface EpochSize {
  readonly recordsPerEpoch: number;
  /** Records of one optimizer step. */
  readonly recordsPerStep: number;
}

/** Optimizer steps in an epoch: whole steps only, at least one. */
export function stepsPerEpoch({ recordsPerEpoch, recordsPerStep }: EpochSize): number {
  return Math.max(1, Math.floor(recordsPerEpoch / recordsPerStep));
}

/** An amount as optimizer steps, rounded up. */
export function stepsOf(amount: Amount, size: EpochSize): number {
  switch (amount.unit) {
    case "steps":
      return Math.ceil(amount.value);
    case "epochs":
      return Math.ceil(amount.value * stepsPerEpoch(size));
    case "samples":
      return Math.ceil(amount.value / size.recordsPerStep);
  }
}

/** Rates of a stage's steps. */
export interface Rates {
  /** Learning rate of the step after `done` others. */
  readonly learningRate: (done: number) => number;
  /** The optimizer's input for that step. */
  readonly input: (done: number) => Float32Array;
}

/** The rates of a stage of `total` steps. */
export function ratesOf(stage: CheckedStage, total: number, size: EpochSize): Rates {
  const schedule = scheduleOf(stage, total, size);
  const perEpoch = stepsPerEpoch(size);
  const rate = (step: number) =>
    learningRate(schedule, {
      step,
      epoch: Math.floor(step / perEpoch),
      stepInEpoch: step % perEpoch,
    });
  const { optimizer } = stage;
  const adamwInput = stage.precision.value === "mixed" ? adamwRateRows : adamwRates;
  return {
    learningRate: rate,
    input: (done) =>
      optimizer.name === "adamw"
        ? adamwInput(rate(done), done + 1, optimizer.betas.value)
        : sgdRates(rate(done)),
  };
}

function scheduleOf(stage: CheckedStage, total: number, size: EpochSize): LearningRateSchedule {
  const { optimizer, schedule } = stage;
  const rate = optimizer.lr.value;
  const warmSteps = stepsOf(schedule.warmup.value, size);
  switch (schedule.name) {
    case "constant":
    case "cosine": {
      const warmUp = { steps: warmSteps, from: schedule.startLr.value };
      return schedule.name === "constant"
        ? { name: "constant", rate, warmUp }
        : { name: "cosine", rate, floor: schedule.minLr.value, warmUp, steps: Math.max(1, total) };
    }
    case "lavis_cosine":
      return {
        name: "lavis_cosine",
        rate,
        minRate: schedule.minLr.value,
        epochs: Math.max(1, Math.ceil(total / stepsPerEpoch(size))),
        warmUpSteps: warmSteps,
        warmUpRate: schedule.startLr.value,
      };
  }
}
