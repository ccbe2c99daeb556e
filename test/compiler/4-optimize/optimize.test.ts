/** Random graphs mean the same before and after each pass and after all of them. */
import { describe, expect, test } from "vitest";
import type { TrainingGraph } from "../../../compiler/3-differentiate/training-graph.ts";
import { optimize, passes } from "../../../compiler/4-optimize/optimize.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { portableTarget } from "../../../compiler/program.ts";
import { graphText } from "../../ops/check-kernels.ts";
import { randomGraph } from "../../ops/random-graph.ts";
import { resultsOf } from "../3-differentiate/draw-training.ts";

test("the passes stand in their order", () => {
  expect(passes.map(({ name }) => name)).toEqual([
    "attention",
    "simplify",
    "split-long-reductions",
    "cut-large-products",
  ]);
});

describe("random graphs keep their values", () => {
  test.each(Array.from({ length: 60 }, (_, i) => 1000 + i))("seed %i", (seed) => {
    const random = randomGraph(seed);
    const { draft, outputs, updates } = random;
    const given: TrainingGraph = { name: "g", outputs, updates };
    const before = resultsOf(given);
    const wanted = interpret(rules, [...before.values()], draft.given);
    for (const run of [...passes.map((pass) => pass.run), optimize]) {
      const after = resultsOf(run(given, draft.b, portableTarget));
      expect([...after.keys()]).toEqual([...before.keys()]);
      expect([...after.values()].map(({ type }) => type)).toEqual(
        [...before.values()].map(({ type }) => type),
      );
      interpret(rules, [...after.values()], draft.given).forEach((values, i) => {
        values.forEach((value, j) => {
          const far = Math.abs(value - wanted[i]![j]!) / Math.max(1, Math.abs(wanted[i]![j]!));
          if (!(far < 1e-9)) expect.fail(`${value} is not ${wanted[i]![j]}\n${graphText(random)}`);
        });
      });
    }
  });
});
