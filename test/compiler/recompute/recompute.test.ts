/** Activations that are computed again: the same values, less memory, cheapest first. */
import { describe, expect, test } from "vitest";
import { gradients } from "../../../compiler/3-differentiate/gradients.ts";
import type { TrainingGraph } from "../../../compiler/3-differentiate/training-graph.ts";
import { schedule } from "../../../compiler/5-schedule/schedule.ts";
import { buffersOf } from "../../../compiler/6-emit/buffers.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { type Node, reachable } from "../../../compiler/ir/node.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { portableTarget } from "../../../compiler/program.ts";
import { chooseAgain } from "../../../compiler/recompute/choose.ts";
import { computeAgain } from "../../../compiler/recompute/compute-again.ts";
import { fitMemory } from "../../../compiler/recompute/fit-memory.ts";
import { liveBytes, liveRanges } from "../../../compiler/recompute/live-ranges.ts";
import { expectations, fault } from "../../ops/error-bounds.ts";
import { runGraph } from "../../support/evaluate.ts";
import { resultsOf } from "../3-differentiate/draw-training.ts";
import { randomTraining } from "./training-graph.ts";

/** The graph with as much computed again as can be. */
function withAll(graph: TrainingGraph, b: Builder) {
  const plan = schedule(graph, portableTarget);
  const choice = chooseAgain(plan, 0);
  return { plan, choice, again: computeAgain(graph, plan, choice, b) };
}

describe("random graphs with all that can be computed again", () => {
  const seeds = Array.from({ length: 80 }, (_, i) => 7000 + i);

  test("have the same values to the last bit, and many of them forget something", () => {
    let count = 0;
    for (const seed of seeds) {
      const { b, given, graph } = randomTraining(seed);
      const { choice, again } = withAll(graph, b);
      count += choice.from.size > 0 ? 1 : 0;
      const values = (each: TrainingGraph) =>
        interpret(rules, [...resultsOf(each).values()], given);
      expect(values(again), `seed ${seed}`).toEqual(values(graph));
    }
    expect(count).toBeGreaterThan(30);
  });

  test.each(seeds.slice(0, 12))("seed %i on the device", async (seed) => {
    const { b, given, graph } = randomTraining(seed);
    const { again } = withAll(graph, b);
    const run = await runGraph(again.outputs, given, { updates: again.updates });
    const expected = expectations([...resultsOf(graph).values()], given);
    const faults = [...resultsOf(graph).keys()].flatMap((name, i) => {
      const values = run.outputs.get(name) ?? run.parameters.get(name.replace(/^new /, ""));
      return fault(name, values!, expected[i]!) ?? [];
    });
    expect(faults).toEqual([]);
  });
});

/** A deep net: products with a square behind each, so that the backward pass reads every one. */
function deepNet(layers: number) {
  const b = new Builder(rules);
  const weights = Array.from({ length: layers }, (_, i) => b.parameter(`w${i}`, [64, 64]));
  let x = b.input("x", [256, 64]);
  for (const weight of weights) {
    const y = b.matmul(x, weight);
    x = b.mul(y, b.tanh(y));
  }
  const loss = b.sum(x, [0, 1]);
  const found = gradients(b, rules, loss, weights);
  const updates = weights.map((target, i) => ({ target, value: b.sub(target, found[i]!) }));
  const graph: TrainingGraph = { name: "g", outputs: new Map([["loss", loss]]), updates };
  return { b, graph };
}

const sum = (plan: ReturnType<typeof schedule>) =>
  buffersOf(plan).reduce((all, { bytes }) => all + bytes, 0);
const peakOf = (plan: ReturnType<typeof schedule>) =>
  Math.max(...liveBytes(liveRanges(plan).values(), plan.kernels.length));
const products = (graph: TrainingGraph) =>
  reachable(resultsOf(graph).values()).filter(({ op }) => op === "matmul").length;

describe("a deep net", () => {
  test("gives up what is no product before any product", () => {
    const { b, graph } = deepNet(8);
    const plan = schedule(graph, portableTarget);
    const tensor = 256 * 64 * 4;
    const few = chooseAgain(plan, peakOf(plan) - 4 * tensor);
    expect(few.from.size).toBe(4);
    expect([...few.again].map(({ op }) => op)).not.toContain("matmul");
    expect(products(computeAgain(graph, plan, few, b))).toBe(products(graph));
    const many = chooseAgain(plan, peakOf(plan) - 9 * tensor);
    expect([...many.again].map(({ op }) => op)).toContain("matmul");
    expect(products(computeAgain(graph, plan, many, b))).toBeGreaterThan(products(graph));
  });

  test("lives in the bytes that the choice counted", () => {
    const { b, graph } = deepNet(8);
    const plan = schedule(graph, portableTarget);
    for (const saved of [2, 4]) {
      const choice = chooseAgain(plan, peakOf(plan) - saved * 256 * 64 * 4);
      expect(choice.peak).toBe(peakOf(plan) - saved * 256 * 64 * 4);
      const again = schedule(computeAgain(graph, plan, choice, b), portableTarget);
      expect(peakOf(again)).toBe(choice.peak);
    }
  });

  test("keeps about twice the root of what it kept before, at the least", () => {
    const { b, graph } = deepNet(32);
    const plan = schedule(graph, portableTarget);
    const { plan: least } = fitMemory(graph, b, portableTarget, 1);
    const tensors = (each: typeof plan) => peakOf(each) / (256 * 64 * 4);
    expect(tensors(plan)).toBeGreaterThan(60);
    expect(tensors(least)).toBeLessThan(30);
  });

  test("is fitted to a limit, and left alone where it fits", () => {
    const { b, graph } = deepNet(8);
    const plain = sum(schedule(graph, portableTarget));
    expect(fitMemory(graph, b, portableTarget, plain).recomputed).toBeUndefined();
    const most = plain - 5 * 256 * 64 * 4;
    const { plan, recomputed } = fitMemory(graph, b, portableTarget, most);
    expect(sum(plan)).toBeLessThanOrEqual(most);
    expect(recomputed!.saved).toBe(plain - sum(plan));
    expect(recomputed!.tensors).toBeGreaterThanOrEqual(5);
  });

  test("takes the least that was found where no choice fits", () => {
    const { b, graph } = deepNet(8);
    const { plan, recomputed } = fitMemory(graph, b, portableTarget, 1);
    expect(sum(plan)).toBeLessThan(sum(schedule(graph, portableTarget)));
    expect(recomputed!.tensors).toBeGreaterThan(5);
  });
});

test("a second computation draws the same random numbers, in a kernel of its own", () => {
  const b = new Builder(rules);
  const x = b.input("x", [64, 64]);
  const weight = b.parameter("w", [64, 64]);
  const isKept = (at: Node, stream: number) =>
    b.select(b.less(b.random(b.input("seed", [2], "i32"), [64, 64], stream), 0.5), at, 0);
  let y = x;
  for (let i = 0; i < 4; i++) y = isKept(b.tanh(b.matmul(y, weight)), i);
  const loss = b.sum(b.mul(y, y), [0, 1]);
  const [gradient] = gradients(b, rules, loss, [weight]);
  const updates = [{ target: weight, value: b.sub(weight, gradient!) }];
  const graph = { name: "g", outputs: new Map([["loss", loss]]), updates };
  const { choice, again } = withAll(graph, b);
  expect([...choice.again].map(({ op }) => op)).toContain("random");
  const given = new Map<string, ArrayLike<number>>([
    ["x", Float64Array.from({ length: 4096 }, (_, i) => Math.sin(i))],
    ["w", Float64Array.from({ length: 4096 }, (_, i) => Math.cos(3 * i) / 8)],
    ["seed", [5, 6]],
  ]);
  const values = (each: TrainingGraph) => interpret(rules, [...resultsOf(each).values()], given);
  expect(values(again)).toEqual(values(graph));
});
