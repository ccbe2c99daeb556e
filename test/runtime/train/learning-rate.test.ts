/** Learning rates against values worked out by hand. */
import { describe, expect, test } from "vitest";
import { type LearningRateSchedule, learningRate } from "../../../runtime/train/learning-rate.ts";

const at = (schedule: LearningRateSchedule, step: number, stepsPerEpoch = 1000) =>
  learningRate(schedule, {
    step,
    epoch: Math.floor(step / stepsPerEpoch),
    stepInEpoch: step % stepsPerEpoch,
  });

describe("by step", () => {
  test("cosine: rises to the peak, half way after half the rest, the floor at the end and after", () => {
    const schedule: LearningRateSchedule = {
      name: "cosine",
      rate: 4e-3,
      floor: 2e-4,
      warmUp: { steps: 40 },
      steps: 340,
    };
    expect(at(schedule, 0)).toBe(0);
    expect(at(schedule, 10)).toBeCloseTo(1e-3, 15);
    expect(at(schedule, 40)).toBe(4e-3);
    expect(at(schedule, 190)).toBeCloseTo(2.1e-3, 12);
    expect(at(schedule, 340)).toBeCloseTo(2e-4, 12);
    expect(at(schedule, 9999)).toBeCloseTo(2e-4, 12);
  });

  test("constant and step decay", () => {
    const warmUp = { steps: 4, from: 1e-4 };
    expect(at({ name: "constant", rate: 5e-4, warmUp }, 2)).toBeCloseTo(3e-4, 15);
    expect(at({ name: "constant", rate: 5e-4, warmUp }, 4)).toBe(5e-4);
    const decay = { name: "step_decay", rate: 1, floor: 0.2, every: 10, factor: 0.5 } as const;
    expect([0, 9, 10, 20, 30].map((step) => at(decay, step))).toEqual([1, 1, 0.5, 0.25, 0.2]);
  });

  test("impossible numbers are refused", () => {
    expect(() => at({ name: "cosine", rate: Number.NaN, steps: 5 }, 0)).toThrow("rate is NaN");
    expect(() => at({ name: "cosine", rate: 1, steps: 0 }, 0)).toThrow("steps is 0");
  });
});

describe("LAVIS, by epoch", () => {
  const warmUp = { rate: 1e-4, warmUpSteps: 5000, warmUpRate: 1e-6 };

  test("cosine over epochs: the values of the fact sheet for ten epochs", () => {
    const schedule = { name: "lavis_cosine", ...warmUp, minRate: 1e-5, epochs: 10 } as const;
    expect(at(schedule, 0, 100)).toBe(1e-6);
    expect(at(schedule, 99, 100)).toBeCloseTo(1e-6 + (9.9e-5 * 99) / 5000, 15); // cut off after epoch 0
    expect(at(schedule, 100, 100)).toBeCloseTo(9.78e-5, 8);
    expect(at(schedule, 199, 100)).toBe(at(schedule, 100, 100));
    expect(at(schedule, 500, 100)).toBeCloseTo(5.5e-5, 12);
    expect(at(schedule, 900, 100)).toBeCloseTo(1.22e-5, 8);
  });

  test("a warm-up rate counts in the first step even without warm-up steps; absent, there is none", () => {
    const none = { name: "lavis_constant", rate: 3e-4, warmUpRate: 1e-8 } as const;
    expect([0, 1, 2].map((step) => at(none, step))).toEqual([1e-8, 3e-4, 3e-4]);
    expect(at({ name: "lavis_constant", rate: 3e-4, warmUpSteps: 9 }, 0)).toBe(3e-4);
  });

  test("step decay by epoch stops at the floor", () => {
    const schedule = { name: "lavis_step", rate: 1, minRate: 0.8, factor: 0.9 } as const;
    expect([10, 20, 30].map((step) => at(schedule, step, 10))).toEqual([0.9, 0.81, 0.8]);
  });
});
