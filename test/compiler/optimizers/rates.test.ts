/** `lr_for`: which parameters get which rate, and what a step then does. */
import { describe, expect, test } from "vitest";
import { buildStage } from "../../../compiler/2-build/build-stage.ts";
import {
  differentiate,
  type OptimizerPlan,
} from "../../../compiler/3-differentiate/differentiate.ts";
import { trainingGraphs } from "../../../compiler/compile.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { reachable } from "../../../compiler/ir/node.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { stage1Example } from "../../../grammar/messages/example-pipeline.ts";
import { checkExample, printed } from "../../support/check-example.ts";

const withRates = (rates: string) =>
  stage1Example.replace("lr = 4e-3", `lr = 4e-3, lr_for = [${rates}]`);

/** By parameter: the settings that its elements are given where those of a pack differ, but for scales of 1. */
function settingsOf(text: string): ReadonlyMap<string, readonly number[]> {
  const { model } = checkExample({ text });
  expect(model, printed({ text })).toBeDefined();
  const graphs = buildStage(model!, "pretrain", { batch: 2 });
  const { step } = trainingGraphs(graphs, model!.stages.get("pretrain")!);
  return new Map(
    step.updates.map(({ target, value }) => {
      let view = value;
      while (view.op === "reshape") view = view.inputs[0];
      const start = view.op === "slice" ? view.attributes.start[0]! : 0;
      const choices = reachable([value]).filter(
        ({ op, inputs: [flag] }) => op === "select" && flag?.op === "less",
      );
      const outer = choices.filter(
        (each) => !choices.some(({ inputs }) => [...inputs].includes(each)),
      );
      const own = outer.filter((each) => each.inputs[0]!.inputs[0]!.op === "iota");
      const values = interpret(rules, own, new Map()).map((each) => each[start]!);
      return [target.attributes.path, values.filter((each) => each !== 1)];
    }),
  );
}

describe("rates of single modules", () => {
  test("are a share of the stage's rate", () => {
    const { model } = checkExample({ text: withRates("rate(bridge, 4e-4), rate(q, 8e-3)") });
    expect(model?.stages.get("pretrain")?.optimizer.rates).toEqual([
      { module: "bridge", scale: expect.closeTo(0.1, 12) },
      { module: "q", scale: 2 },
    ]);
  });

  test("change the updates of that module alone", () => {
    const before = settingsOf(stage1Example);
    const after = settingsOf(withRates("rate(q, 8e-3)"));
    const changed = [...before].filter(([path, own]) => after.get(path)!.join() !== own.join());
    expect(changed.map(([path]) => path)).toEqual(["query_tokens"]);
  });

  test.each([
    ["adamw", { betas: [0.9, 0.999], eps: 0 }, [0.1, 0.1, 0.1]],
    ["sgd", { momentum: 0, nesterov: false }, [0.1]],
  ] as const)("scale the step of %s", (_, rule, rates) => {
    const b = new Builder(rules);
    const parameters = ["a", "b"].map((path) => b.parameter(path, [1]));
    const loss = b.sum(b.add(parameters[0]!, parameters[1]!), [0]);
    const plan: OptimizerPlan = {
      ...rule,
      weightDecay: () => 0,
      rateScale: ({ attributes }) => (attributes.path === "b" ? 0.25 : 1),
      accumulate: 1,
    };
    const { step } = differentiate(b, rules, "step", loss, new Map(), parameters, plan);
    const values = interpret(
      rules,
      step.updates.map(({ value }) => value),
      new Map<string, ArrayLike<number>>([
        ...step.updates.map(({ target }) => [target.attributes.path, [0]] as const),
        ["rates", rates],
      ]),
    );
    const next = new Map(
      step.updates.map(({ target }, index) => [target.attributes.path, values[index]![0]!]),
    );
    // Gradient 1: AdamW's first direction with these rates is 0.1 / (sqrt(0.001) * 0.1).
    const whole = rates.length === 1 ? 0.1 : (0.1 * 0.1) / (Math.sqrt(0.001) * 0.1);
    expect(next.get("a")).toBeCloseTo(-whole, 12);
    expect(next.get("b")).toBeCloseTo(-whole * 0.25, 12);
  });

  test.each([
    ["of a frozen module", "rate(vision, 1e-6)", "BLIP"],
    ["of one module twice", "rate(q, 1e-6), rate(q, 1e-5)", "each module once"],
    ["below 0", "rate(q, -1)", "at least 0"],
  ])("%s are refused", (_, rates, wanted) => {
    expect(printed({ text: withRates(rates) })).toContain(wanted);
  });
});
