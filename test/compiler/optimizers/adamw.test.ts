/** AdamW as a graph against PyTorch's formula as a loop. */
import { describe, expect, test } from "vitest";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { type AdamWSettings, adamw, adamwRates } from "../../../compiler/optimizers/adamw.ts";
import { seeded } from "../../support/random.ts";

const settings: AdamWSettings = { betas: [0.9, 0.98], eps: 1e-8, weightDecay: 0.05 };
const count = 5;
const rate = (step: number) => 1e-3 * (1 + Math.cos(step / 300));

interface State {
  readonly p: Float64Array;
  readonly m: Float64Array;
  readonly v: Float64Array;
}

const fresh = (): State => ({
  p: Float64Array.of(1, -2, 0.5, 3, -0.01),
  m: new Float64Array(count),
  v: new Float64Array(count),
});

/** torch.optim.AdamW, `_single_tensor_adamw`, in its order of operations. */
function torchStep({ p, m, v }: State, gradient: Float64Array, lr: number, t: number): void {
  const [beta1, beta2] = settings.betas;
  for (let i = 0; i < count; i++) {
    const g = gradient[i]!;
    p[i]! *= 1 - lr * settings.weightDecay;
    m[i] = m[i]! + (g - m[i]!) * (1 - beta1);
    v[i] = v[i]! * beta2 + (1 - beta2) * g * g;
    const stepSize = lr / (1 - beta1 ** t);
    const denominator = Math.sqrt(v[i]!) / Math.sqrt(1 - beta2 ** t) + settings.eps;
    p[i]! -= stepSize * (m[i]! / denominator);
  }
}

/** The graph of one step, as a function. */
function graphStep(own: AdamWSettings) {
  const b = new Builder(rules);
  const parameter = b.parameter("p", [count]);
  const updates = adamw(b, parameter, b.input("g", [count]), b.input("rates", [3]), own);
  const roots = updates.map(({ value }) => value);
  const paths = updates.map(({ target }) => target.attributes.path);
  const step = ({ p, m, v }: State, g: Float64Array, rates: ArrayLike<number>): State => {
    const [nextP, nextM, nextV] = interpret(
      rules,
      roots,
      new Map<string, ArrayLike<number>>([
        ["p", p],
        ["optimizer.first_moment.p", m],
        ["optimizer.second_moment.p", v],
        ["g", g],
        ["rates", rates],
      ]),
    );
    return { p: nextP!, m: nextM!, v: nextV! };
  };
  return { step, paths };
}

describe("adamw", () => {
  test("equals PyTorch's formula over 1,000 steps", () => {
    const { step, paths } = graphStep(settings);
    expect(paths).toEqual(["p", "optimizer.first_moment.p", "optimizer.second_moment.p"]);
    const random = seeded(1);
    const expected = fresh();
    let state = fresh();
    let worst = 0;
    for (let t = 1; t <= 1000; t++) {
      const gradient = Float64Array.from({ length: count }, () => 0.3 + random.normal());
      const lr = rate(t);
      torchStep(expected, gradient, lr, t);
      const rates = [
        lr,
        lr / (1 - settings.betas[0] ** t),
        1 / Math.sqrt(1 - settings.betas[1] ** t),
      ];
      state = step(state, gradient, rates);
      for (const key of ["p", "m", "v"] as const) {
        for (let i = 0; i < count; i++) {
          const wanted = expected[key][i]!;
          worst = Math.max(
            worst,
            Math.abs(state[key][i]! - wanted) / Math.max(1e-3, Math.abs(wanted)),
          );
        }
      }
    }
    expect(worst).toBeLessThan(1e-9);
    expect(Math.abs(state.p[0]! - 1)).toBeGreaterThan(0.3);
  });

  test("the rates of the host are those numbers in f32", () => {
    for (const t of [1, 2, 10, 1000, 100_000]) {
      const rates = adamwRates(2e-4, t, [0.9, 0.999]);
      expect(rates).toHaveLength(3);
      expect(rates[0]).toBe(Math.fround(2e-4));
      expect(rates[1]! / (2e-4 / (1 - 0.9 ** t))).toBeCloseTo(1, 6);
      expect(rates[2]! * Math.sqrt(1 - 0.999 ** t)).toBeCloseTo(1, 6);
    }
  });

  test("the first step moves each weight by the learning rate against its gradient", () => {
    const { step } = graphStep({ ...settings, weightDecay: 0 });
    const before = fresh();
    const after = step(
      before,
      Float64Array.of(1e-3, -7, 20, -0.5, 3),
      adamwRates(0.01, 1, settings.betas),
    );
    const moved = [...after.p].map((value, i) => value - before.p[i]!);
    [-0.01, 0.01, -0.01, 0.01, -0.01].forEach((expected, i) => {
      expect(moved[i]).toBeCloseTo(expected, 6);
    });
  });

  test("a gradient of zero only decays, and without decay changes nothing", () => {
    const rates = adamwRates(0.01, 1, settings.betas);
    const decayed = graphStep(settings).step(fresh(), new Float64Array(count), rates);
    expect(decayed.p[3]).toBeCloseTo(3 * (1 - 0.01 * 0.05), 9);
    const still = graphStep({ ...settings, weightDecay: 0 }).step(
      fresh(),
      new Float64Array(count),
      rates,
    );
    expect([...still.p]).toEqual([...fresh().p]);
  });
});
