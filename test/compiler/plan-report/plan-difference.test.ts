/** What differs between two plans: numbers that follow from the change by hand, parts by name. */
import { expect, test } from "vitest";
import {
  differenceText,
  planDifference,
  planReport,
  planText,
} from "../../../compiler/plan-report/index.ts";
import { modelOf } from "../../support/check-file.ts";

const plan = (...sets: readonly string[]) =>
  planReport(modelOf("pipelines/shapes/stage1.blip", sets), "pretrain");

test("one layer less is the weights of one layer, in the tower alone", () => {
  const { numbers, parts } = planDifference(plan(), plan("vision.layers=2"));
  const by = Object.fromEntries(numbers.map((each) => [each.what, each.by]));
  // 64 wide: qkv 3 x 64² with biases, projection 64², MLP 2 x 64 x 256, two norms.
  const layer = 3 * 64 * 64 + 3 * 64 + 64 * 64 + 64 + 2 * 64 * 256 + 256 + 64 + 4 * 64;
  expect(by["frozen parameters"]).toBe(-layer);
  expect(by["frozen weights"]).toBe(-4 * layer);
  expect(by["trainable parameters"]).toBe(0);
  expect(parts.map(({ name }) => name)).toEqual(["vision"]);
});

test("mixed precision halves frozen matrices and says so", () => {
  const difference = planDifference(plan(), plan("pretrain.precision=mixed"));
  const { numbers, parts } = difference;
  const by = Object.fromEntries(numbers.map((each) => [each.what, each]));
  expect(parts).toEqual([{ name: "precision", before: "full", after: "mixed" }]);
  // 64 wide, three blocks; class token, 37 positions, biases and norms stay f32.
  const matrices = 3 * (4 * 64 * 64 + 2 * 64 * 256) + 64 * 3 * 16 * 16;
  expect(by["frozen weights"]?.by).toBe(-2 * matrices);
  expect(by["trainable weights"]?.by).toBe(0);
  expect(by["activations"]!.by).toBeLessThan(0);
  expect(by["forward"]?.by).toBe(0);
  expect(planText(plan("pretrain.precision=mixed"))).toContain("precision   mixed: operands");
  expect(planText(plan())).not.toContain("precision");
});

test("half of the batch is half of the products, and the same parts", () => {
  const difference = planDifference(plan(), plan("batch=12"));
  expect(difference.parts).toEqual([]);
  const batch = difference.numbers.find(({ what }) => what === "batch");
  expect(batch).toMatchObject({ before: 24, after: 12, by: -12 });
  expect(differenceText(difference)).toMatch(/batch +24 +12 +-12 \(-50\.0 %\)/);
  expect(differenceText(difference)).toContain("the same modules");
});
