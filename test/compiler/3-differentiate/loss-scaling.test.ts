/** Dynamic loss scaling, step by step in the interpreter: skipped steps change nothing, good ones are those of plain AdamW. */
import { describe, expect, test } from "vitest";
import {
  differentiate,
  type OptimizerPlan,
} from "../../../compiler/3-differentiate/differentiate.ts";
import { scalingPaths } from "../../../compiler/3-differentiate/loss-scaling.ts";
import type { TrainingGraph } from "../../../compiler/3-differentiate/training-graph.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { reachable } from "../../../compiler/ir/node.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { adamwRateRows, adamwRates } from "../../../compiler/optimizers/adamw.ts";

const betas = [0.9, 0.99] as const;

/** loss = mean (x w)², whose gradient is infinite in f32 where x is 1e30. */
function training(settings: Partial<OptimizerPlan>) {
  const b = new Builder(rules);
  const w = b.parameter("w", [2, 1]);
  const y = b.matmul(b.input("x", [3, 2]), w);
  const loss = b.mean(b.mul(y, y), [0, 1]);
  const plan = { betas, eps: 1e-8, weightDecay: () => 0.01, accumulate: 1, ...settings };
  return differentiate(b, rules, "step", loss, new Map([["loss", loss]]), [w], plan);
}

type State = Map<string, Float64Array | number[]>;

/** Runs one program; the state that nobody gave is zero. */
function run(
  graph: TrainingGraph,
  state: State,
  inputs: Readonly<Record<string, ArrayLike<number>>>,
) {
  const targets = graph.updates.map(({ target }) => target);
  const roots = [...graph.outputs.values(), ...graph.updates.map(({ value }) => value)];
  for (const node of reachable([...roots, ...targets])) {
    if (node.op !== "parameter" || state.has(node.attributes.path)) continue;
    state.set(
      node.attributes.path,
      new Float64Array(node.attributes.shape.reduce((a, c) => a * c, 1)),
    );
  }
  const values = interpret(rules, roots, new Map([...Object.entries(inputs), ...state]));
  targets.forEach(({ attributes }, i) => {
    state.set(attributes.path, values[graph.outputs.size + i]!);
  });
  return new Map([...graph.outputs.keys()].map((name, i) => [name, values[i]![0]!]));
}

const good = [0.5, -1, 2, 0.25, 1, 1];
const broken = [1e30, 1e30, 0, 0, 0, 0];
const start = (): State => new Map([["w", [0.5, -0.25]]]);
const ratesOf = (isScaled: boolean, t: number) =>
  isScaled ? adamwRateRows(0.1, t, betas) : adamwRates(0.1, t, betas);
const shown = (state: State, paths: readonly string[]) =>
  paths.map((path) => [...state.get(path)!]);
const trained = ["w", "optimizer.first_moment.w", "optimizer.second_moment.w"];

describe("a scaled loss", () => {
  test("makes the steps of plain AdamW; a step that is not finite changes nothing and does not count", () => {
    const [plain, scaled] = [
      training({ clip: 1 }).step,
      training({ clip: 1, isScaled: true }).step,
    ];
    const [one, two] = [start(), start()];
    let t = 0;
    for (const [step, x] of [broken, good, broken, broken, good, good].entries()) {
      const before = shown(two, step === 0 ? ["w"] : trained);
      run(scaled, two, { x, rates: ratesOf(true, step + 1) });
      if (x === broken) {
        expect(shown(two, step === 0 ? ["w"] : trained)).toEqual(before);
        continue;
      }
      t += 1;
      run(plain, one, { x, rates: ratesOf(false, t) });
      expect(shown(two, trained)).toEqual(shown(one, trained));
    }
    expect(shown(two, Object.values(scalingPaths))).toEqual([[2 ** 13], [2], [3]]);
  });

  test("starts at 2^16, is halved by each step that is not finite, doubled after 2,000 that are", () => {
    const { step } = training({ isScaled: true });
    const state = start();
    const outputs = run(step, state, { x: broken, rates: ratesOf(true, 1) });
    expect(outputs.get("loss_scale")).toBe(2 ** 15);
    expect(outputs.get("skipped_steps")).toBe(1);
    state.set(scalingPaths.good, [1998]);
    run(step, state, { x: good, rates: ratesOf(true, 2) });
    expect(shown(state, Object.values(scalingPaths))).toEqual([[2 ** 15], [1999], [1]]);
    run(step, state, { x: good, rates: ratesOf(true, 3) });
    expect(shown(state, Object.values(scalingPaths))).toEqual([[2 ** 16], [0], [1]]);
    state.set(scalingPaths.scale, [2 ** 24]).set(scalingPaths.good, [1999]);
    run(step, state, { x: good, rates: ratesOf(true, 4) });
    expect([...state.get(scalingPaths.scale)!]).toEqual([2 ** 24]);
  });

  test("skips a step of which one micro-batch of several is not finite, and forgets its gradients", () => {
    const { step, apply } = training({ isScaled: true, accumulate: 2 });
    const plain = training({ accumulate: 2 });
    const [state, other] = [start(), start()];
    for (const x of [good, broken]) run(step, state, { x });
    expect(run(apply!, state, { rates: ratesOf(true, 1) }).get("skipped_steps")).toBe(1);
    expect([...state.get("w")!]).toEqual([0.5, -0.25]);
    for (const x of [good, good]) {
      run(step, state, { x });
      run(plain.step, other, { x });
    }
    run(apply!, state, { rates: ratesOf(true, 2) });
    run(plain.apply!, other, { rates: ratesOf(false, 1) });
    expect(shown(state, trained)).toEqual(shown(other, trained));
  });

  test("works with SGD, whose rates know of no steps", () => {
    const sgd = { momentum: 0.5, nesterov: false, weightDecay: () => 0, accumulate: 1 };
    const b = new Builder(rules);
    const w = b.parameter("w", [1]);
    const loss = b.sum(b.mul(b.mul(w, w), b.input("x", [1])), [0]);
    const { step } = differentiate(b, rules, "s", loss, new Map(), [w], { ...sgd, isScaled: true });
    const state: State = new Map([["w", [2]]]);
    run(step, state, { x: [0.25], rates: [0.1] });
    run(step, state, { x: [1e39], rates: [0.1] });
    expect(shown(state, ["w", "optimizer.momentum.w"])).toEqual([[1.9], [1]]);
  });
});
