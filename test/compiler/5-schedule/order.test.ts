/** Readers come before overwriting; circles are cut. */
import { describe, expect, test } from "vitest";
import type { Update } from "../../../compiler/3-differentiate/training-graph.ts";
import type { PlannedKernel } from "../../../compiler/5-schedule/kernel.ts";
import { Circle, order } from "../../../compiler/5-schedule/order.ts";
import { schedule } from "../../../compiler/5-schedule/schedule.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node, NodeOf } from "../../../compiler/ir/node.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { portableTarget } from "../../../compiler/program.ts";
import { graphText } from "../../ops/check-kernels.ts";
import { randomGraph } from "../../ops/random-graph.ts";
import { planText } from "./plan-text.ts";

const b = new Builder(rules);
const node = (name: string): Node => b.input(name, [1]);
const kernel = (
  label: string,
  reads: readonly Node[],
  writes: readonly Node[],
  overwrites: readonly Node[] = [],
): PlannedKernel => ({
  kernel: { kind: "map", variables: [], stores: [] },
  reads: new Set(reads),
  writes: new Set(writes),
  overwrites: new Set(overwrites),
  label,
});
const labels = (kernels: readonly PlannedKernel[]) => kernels.map(({ label }) => label).join(" ");

describe("order", () => {
  const [x, y, z, p, q] = [node("x"), node("y"), node("z"), node("p"), node("q")];

  test("writers come before readers", () => {
    expect(labels(order([kernel("2", [y], [z]), kernel("1", [x], [y])]))).toBe("1 2");
  });

  test("readers of the old value come before it is overwritten", () => {
    expect(labels(order([kernel("writes p", [x], [], [p]), kernel("reads p", [p], [y])]))).toBe(
      "reads p writes p",
    );
  });

  test("a kernel may overwrite what it reads", () => {
    expect(labels(order([kernel("p += x", [x, p], [], [p])]))).toBe("p += x");
  });

  test("otherwise the given order stays", () => {
    const given = Array.from({ length: 40 }, (_, i) => kernel(`${i}`, [x], [node(`y${i}`)]));
    expect(order(given)).toEqual(given);
  });

  test("kernels that wait for one another are named", () => {
    const first = kernel("p takes q", [q], [], [p]);
    const second = kernel("q takes p", [p], [], [q]);
    const attempt = () => order([kernel("other", [x], [y]), first, second]);
    expect(attempt).toThrow(Circle);
    expect(attempt).toThrow("kernels wait for one another: p takes q, q takes p");
  });
});

/** Kernels that run too early, by the plan's own account of reads and writes. */
function faults(kernels: readonly PlannedKernel[]): string[] {
  const made = new Set(kernels.flatMap((each) => [...each.writes]));
  const done = new Set<Node>();
  const gone = new Set<Node>();
  return kernels.flatMap(({ reads, writes, overwrites, label }) => {
    const early = [...reads].some((each) => made.has(each) && !done.has(each) && !writes.has(each));
    const late = [...reads].some((each) => gone.has(each));
    for (const each of writes) done.add(each);
    for (const each of overwrites) gone.add(each);
    return [...(early ? [`${label} too early`] : []), ...(late ? [`${label} too late`] : [])];
  });
}

describe("plans", () => {
  const parameters = (builder: Builder, count: number) =>
    Array.from({ length: count }, (_, i) => builder.parameter(`p${i}`, [4]));
  const planned = (
    make: (builder: Builder, p: readonly NodeOf<"parameter">[]) => readonly Update[],
  ) => {
    const builder = new Builder(rules);
    const updates = make(builder, parameters(builder, 3));
    return schedule({ name: "g", outputs: new Map(), updates }, portableTarget);
  };

  test("two parameters that take each other's place", () => {
    const plan = planned((builder, [p, q]) => [
      { target: p!, value: builder.exp(q!) },
      { target: q!, value: builder.exp(p!) },
    ]);
    expect(faults(plan.kernels)).toEqual([]);
    expect(`\n${planText(plan)}`).toMatchInlineSnapshot(`
      "
      map     exp: p1 -> t0 f32[4] @0
      map     exp: p0 -> p1 :=
      map     exp: t0 -> p0 :=
      slots: @0 16
      "
    `);
  });

  test("three in a ring, without arithmetic", () => {
    const plan = planned((_, [p, q, r]) => [
      { target: p!, value: q! },
      { target: q!, value: r! },
      { target: r!, value: p! },
    ]);
    expect(faults(plan.kernels)).toEqual([]);
    expect(new Set(plan.kernels.flatMap((each) => [...each.overwrites])).size).toBe(3);
  });

  test("a parameter that reads itself elsewhere is complete before it is written", () => {
    const builder = new Builder(rules);
    const p = builder.parameter("p", [4, 4]);
    const plan = schedule(
      { name: "g", outputs: new Map(), updates: [{ target: p, value: builder.swap(p) }] },
      portableTarget,
    );
    expect(`\n${planText(plan)}`).toMatchInlineSnapshot(`
      "
      map     transpose: p -> t0 f32[4,4] @0
      map     transpose: t0 -> p :=
      slots: @0 64
      "
    `);
  });

  test("an output that is a parameter shows its old value", () => {
    const builder = new Builder(rules);
    const p = builder.parameter("p", [4]);
    const plan = schedule(
      {
        name: "g",
        outputs: new Map([["old", p]]),
        updates: [{ target: p, value: builder.neg(p) }],
      },
      portableTarget,
    );
    expect(`\n${planText(plan)}`).toMatchInlineSnapshot(`
      "
      map     stopGradient: p -> t0 f32[4] @0
      map     neg: p -> p :=
      old = t0
      slots: @0 16
      "
    `);
  });

  test.each(Array.from({ length: 40 }, (_, i) => 5000 + i))(
    "of random graph %i run in order",
    (seed) => {
      const random = randomGraph(seed);
      const { outputs, updates } = random;
      const plan = schedule({ name: "g", outputs, updates }, portableTarget);
      expect(faults(plan.kernels), graphText(random)).toEqual([]);
    },
  );
});
