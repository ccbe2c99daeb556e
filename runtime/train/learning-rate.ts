/** A schedule, given as data → the learning rate of each optimizer step. */

/** Where training stands; all count from 0. */
export interface TrainingPlace {
  /** Optimizer steps done since the run began. */
  readonly step: number;
  /** Only LAVIS's schedules look at the epoch and the step within it. */
  readonly epoch: number;
  readonly stepInEpoch: number;
}

/** A linear rise from `from` (0 by default) at step 0 to the peak at step `steps`. */
export interface WarmUp {
  readonly steps: number;
  readonly from?: number;
}

/** Schedules by step, and by name those of LAVIS (`lavis/common/optims.py`), which go by epoch. */
export type LearningRateSchedule =
  | { readonly name: "constant"; readonly rate: number; readonly warmUp?: WarmUp }
  | {
      readonly name: "cosine";
      readonly rate: number;
      /** Rate at the end; 0 by default. */
      readonly floor?: number;
      readonly warmUp?: WarmUp;
      /** Steps of the whole run; the cosine spans those after the warm-up. */
      readonly steps: number;
    }
  | {
      readonly name: "step_decay";
      readonly rate: number;
      readonly floor?: number;
      readonly warmUp?: WarmUp;
      /** Steps between two decays, counted from the end of the warm-up. */
      readonly every: number;
      readonly factor: number;
    }
  | ({
      readonly name: "lavis_cosine";
      readonly minRate: number;
      readonly epochs: number;
    } & LavisWarmUp)
  | ({
      readonly name: "lavis_step";
      readonly minRate: number;
      readonly factor: number;
    } & LavisWarmUp)
  | ({ readonly name: "lavis_constant" } & LavisWarmUp);

/** LAVIS warms up in epoch 0 only: a longer warm-up is cut off where that epoch ends. */
export interface LavisWarmUp {
  readonly rate: number;
  readonly warmUpSteps?: number;
  /** Rate of the first step, also when `warmUpSteps` is 0; absent or negative: `rate`. */
  readonly warmUpRate?: number;
}

/** The learning rate to use in the step at `place`. Throws RangeError for a schedule with impossible numbers. */
export function learningRate(schedule: LearningRateSchedule, place: TrainingPlace): number {
  checkSchedule(schedule);
  switch (schedule.name) {
    case "constant":
    case "cosine":
    case "step_decay":
      return byStep(schedule, place.step);
    case "lavis_cosine":
    case "lavis_step":
    case "lavis_constant":
      return place.epoch === 0
        ? lavisWarmUp(schedule, place.stepInEpoch)
        : byEpoch(schedule, place.epoch);
  }
}

type StepSchedule = Extract<
  LearningRateSchedule,
  { readonly name: "constant" | "cosine" | "step_decay" }
>;
type EpochSchedule = Exclude<LearningRateSchedule, StepSchedule>;

function byStep(schedule: StepSchedule, step: number): number {
  const { rate } = schedule;
  const warmUpSteps = schedule.warmUp?.steps ?? 0;
  if (step < warmUpSteps) {
    const from = schedule.warmUp?.from ?? 0;
    return from + ((rate - from) * step) / warmUpSteps;
  }
  const after = step - warmUpSteps;
  if (schedule.name === "constant") return rate;
  const floor = schedule.floor ?? 0;
  if (schedule.name === "step_decay") {
    return Math.max(floor, rate * schedule.factor ** Math.floor(after / schedule.every));
  }
  const share = Math.min(1, after / Math.max(1, schedule.steps - warmUpSteps));
  return cosine(rate, floor, share);
}

function byEpoch(schedule: EpochSchedule, epoch: number): number {
  if (schedule.name === "lavis_constant") return schedule.rate;
  if (schedule.name === "lavis_step") {
    return Math.max(schedule.minRate, schedule.rate * schedule.factor ** epoch);
  }
  return cosine(schedule.rate, schedule.minRate, epoch / schedule.epochs);
}

function lavisWarmUp(schedule: LavisWarmUp, step: number): number {
  const { rate, warmUpSteps = 0, warmUpRate = -1 } = schedule;
  const from = warmUpRate >= 0 ? warmUpRate : rate;
  return Math.min(rate, from + ((rate - from) * step) / Math.max(warmUpSteps, 1));
}

/** Half a cosine wave from `peak` (share 0) to `floor` (share 1). */
function cosine(peak: number, floor: number, share: number): number {
  return (peak - floor) * 0.5 * (1 + Math.cos(Math.PI * share)) + floor;
}

function checkSchedule(schedule: LearningRateSchedule): void {
  for (const [key, value] of Object.entries(schedule)) {
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw new RangeError(`schedule ${schedule.name}: ${key} is ${value}`);
    }
  }
  if (schedule.name === "cosine" && schedule.steps < 1) {
    throw new RangeError(`schedule cosine: steps is ${schedule.steps}`);
  }
  if (schedule.name === "step_decay" && schedule.every < 1) {
    throw new RangeError(`schedule step_decay: every is ${schedule.every}`);
  }
  if (schedule.name === "lavis_cosine" && schedule.epochs < 1) {
    throw new RangeError(`schedule lavis_cosine: epochs is ${schedule.epochs}`);
  }
}
