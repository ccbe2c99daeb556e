/** SGD as a graph against numbers worked out by hand from the formula of torch.optim.SGD. */
import { describe, expect, test } from "vitest";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { type SgdSettings, sgd, sgdRates } from "../../../compiler/optimizers/sgd.ts";

/** A weight of 1 whose gradient is 1, then 2, then -1, at rate 0.5: its value after each step. */
function steps(settings: SgdSettings): readonly number[] {
  const b = new Builder(rules);
  const updates = sgd(b, b.parameter("p", [1]), b.input("g", [1]), b.input("rates", [1]), settings);
  const state = new Map<string, ArrayLike<number>>([
    ["p", [1]],
    ["optimizer.momentum.p", [0]],
  ]);
  return [1, 2, -1].map((gradient) => {
    const given = new Map([
      ...state,
      ["g", [gradient]] as const,
      ["rates", sgdRates(0.5)] as const,
    ]);
    const values = interpret(
      rules,
      updates.map(({ value }) => value),
      given,
    );
    updates.forEach(({ target }, index) => {
      state.set(target.attributes.path, values[index]!);
    });
    return state.get("p")![0]!;
  });
}

const plain: SgdSettings = { momentum: 0, nesterov: false, weightDecay: 0 };

describe("sgd", () => {
  const cases: readonly (readonly [string, Partial<SgdSettings>, readonly number[]])[] = [
    ["steps against the gradient", {}, [0.5, -0.5, 0]],
    // Directions 1, 0.5 + 2, 1.25 - 1.
    ["with momentum", { momentum: 0.5 }, [0.5, -0.75, -0.875]],
    // Steps 1 + 0.5, 2 + 1.25, -1 + 0.125.
    ["looking ahead", { momentum: 0.5, nesterov: true }, [0.25, -1.375, -0.9375]],
    // Gradients 1 + 0.5, 2 + 0.125, -1 - 0.40625.
    ["with weight decay", { weightDecay: 0.5 }, [0.25, -0.8125, -0.109375]],
    // Gradients 1.5, 2.125, -1 - 0.59375 = -1.59375; directions 1.5, 2.875, -0.15625.
    ["with both", { momentum: 0.5, weightDecay: 0.5 }, [0.25, -1.1875, -1.109375]],
    ["at a tenth of the rate", { rateScale: 0.1 }, [0.95, 0.85, 0.9]],
  ];
  test.each(cases)("%s", (_, settings, wanted) => {
    steps({ ...plain, ...settings }).forEach((value, index) => {
      expect(value).toBeCloseTo(wanted[index]!, 12);
    });
  });

  test("keeps nothing between steps without momentum", () => {
    const b = new Builder(rules);
    const parameter = b.parameter("p", [2]);
    const paths = (settings: SgdSettings) =>
      sgd(b, parameter, b.input("g", [2]), b.input("rates", [1]), settings).map(
        ({ target }) => target.attributes.path,
      );
    expect(paths(plain)).toEqual(["p"]);
    expect(paths({ ...plain, momentum: 0.9 })).toEqual(["p", "optimizer.momentum.p"]);
  });
});
