/** Which kernels come out of the pieces that models are made of. */
import { describe, expect, test } from "vitest";
import type { Update } from "../../../compiler/3-differentiate/training-graph.ts";
import { optimize } from "../../../compiler/4-optimize/optimize.ts";
import { schedule } from "../../../compiler/5-schedule/schedule.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { gelu } from "../../../compiler/layers/activation.ts";
import { attention } from "../../../compiler/layers/attention.ts";
import { linear } from "../../../compiler/layers/linear.ts";
import { layerNorm } from "../../../compiler/layers/norm.ts";
import { rootScope } from "../../../compiler/layers/scope.ts";
import { softmax } from "../../../compiler/layers/softmax.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { adamw } from "../../../compiler/optimizers/adamw.ts";
import { portableTarget, type Target } from "../../../compiler/program.ts";
import { graphText } from "../../ops/check-kernels.ts";
import { randomGraph } from "../../ops/random-graph.ts";
import { kinds, planText } from "./plan-text.ts";

const wide: Target = { ...portableTarget, maxStorageBuffersPerShaderStage: 16 };

function planOf(
  make: (b: Builder) => Readonly<Record<string, Node>>,
  updates: (b: Builder) => readonly Update[] = () => [],
  target = portableTarget,
) {
  const b = new Builder(rules);
  const outputs = new Map(Object.entries(make(b)));
  return schedule(optimize({ name: "g", outputs, updates: updates(b) }, b, target), target);
}

const text = (...given: Parameters<typeof planOf>) => `\n${planText(planOf(...given))}`;

describe("kernels of", () => {
  test("softmax: one", () => {
    expect(text((b) => ({ y: softmax(b, b.input("x", [5, 7])) }))).toMatchInlineSnapshot(`
      "
      rows    fold: x -> t0 f32[5,7] @0
      y = t0
      slots: @0 140
      "
    `);
  });

  test("layer normalization: one", () => {
    expect(
      text((b) => ({ y: layerNorm(rootScope(b, "norm"), b.input("x", [2, 5, 8]), 1e-5) })),
    ).toMatchInlineSnapshot(`
      "
      rows    fold norm: x, norm.weight, norm.bias -> t0 f32[2,5,8] @0
      y = t0
      slots: @0 320
      "
    `);
  });

  test("linear, bias and gelu: one product", () => {
    expect(
      text((b) => ({ y: gelu(b, linear(rootScope(b, "fc"), b.input("x", [2, 5, 8]), 12)) })),
    ).toMatchInlineSnapshot(`
      "
      matmul  matmul fc: x, fc.weight, fc.bias -> t0 f32[2,5,12] @0
      y = t0
      slots: @0 480
      "
    `);
  });

  test("attention: products and one softmax, no copies for transposes", () => {
    const names = { query: "q", key: "k", value: "v" };
    const make = (b: Builder) => ({
      y: attention(rootScope(b, "attn"), b.input("x", [2, 5, 8]), { heads: 2, names, output: "o" })
        .output,
    });
    expect(kinds(planOf(make).kernels)).toBe("matmul 6, rows 1");
    expect(text(make)).toMatchInlineSnapshot(`
      "
      matmul  matmul attn.q: x, attn.q.weight, attn.q.bias -> t0 f32[10,8] @1
      matmul  matmul attn.k: x, attn.k.weight, attn.k.bias -> t1 f32[10,8] @2
      matmul  matmul attn.v: x, attn.v.weight, attn.v.bias -> t2 f32[10,8] @3
      matmul  matmul attn: t0, t1 -> t3 f32[2,2,5,5] @0
      rows    fold attn: t3 -> t4 f32[2,2,5,5] @1
      matmul  matmul attn: t4, t2 -> t5 f32[2,5,2,4] @0
      matmul  matmul attn.o: t5, attn.o.weight, attn.o.bias -> t6 f32[2,5,8] @4
      y = t6
      slots: @0 400, @1 400, @2 320, @3 320, @4 320
      "
    `);
  });

  test("two folds of one space: one", () => {
    const make = (b: Builder) => {
      const x = b.input("x", [6, 9]);
      return { sum: b.sum(x, [1]), greatest: b.reduce("max", x, [1]) };
    };
    expect(text(make)).toMatchInlineSnapshot(`
      "
      rows    fold: x -> t0 f32[6] @0, t1 f32[6] @1
      sum = t0
      greatest = t1
      slots: @0 24, @1 24
      "
    `);
  });

  test("folds of different spaces: two", () => {
    const make = (b: Builder) => {
      const x = b.input("x", [6, 9]);
      return { rows: b.sum(x, [1]), columns: b.sum(x, [0]) };
    };
    expect(kinds(planOf(make).kernels)).toBe("rows 2");
  });

  test("AdamW: one a parameter", () => {
    const updates = (b: Builder) =>
      [5, 6].flatMap((size) =>
        adamw(
          b,
          b.parameter(`p${size}`, [size, 2]),
          b.input(`g${size}`, [size, 2]),
          b.input("rates", [3]),
          { betas: [0.9, 0.99], eps: 1e-8, weightDecay: 0.1 },
        ),
      );
    expect(text(() => ({}), updates)).toMatchInlineSnapshot(`
      "
      map     sub: rates -> t0 f32[] @0
      map     sub: p5, t0, optimizer.first_moment.p5, g5, optimizer.second_moment.p5, rates -> p5 :=, optimizer.first_moment.p5 :=, optimizer.second_moment.p5 :=
      map     sub: p6, t0, optimizer.first_moment.p6, g6, optimizer.second_moment.p6, rates -> p6 :=, optimizer.first_moment.p6 :=, optimizer.second_moment.p6 :=
      slots: @0 4
      "
    `);
  });

  test("a product read by two users: stored once, computed once", () => {
    const make = (b: Builder) => {
      const x = b.matmul(b.input("x", [4, 4]), b.parameter("w", [4, 4]));
      return { a: b.exp(x), b: b.matmul(x, b.parameter("v", [4, 4])) };
    };
    expect(kinds(planOf(make).kernels)).toBe("matmul 2");
  });

  test("a long chain of cheap operations: one", () => {
    const make = (b: Builder) => {
      let x = b.input("x", [40]);
      for (let i = 1; i < 30; i++) x = b.add(b.mul(x, i + 1), i);
      return { x };
    };
    expect(kinds(planOf(make).kernels)).toBe("map 1");
  });

  test("movement alone: one, and none between", () => {
    const make = (b: Builder) => {
      const x = b.reshape(b.swap(b.input("x", [4, 6])), [3, 8]);
      return { y: b.concat([b.slice(x, 0, 1, 3), b.pad(x, 0, 2, 0)], 0) };
    };
    expect(kinds(planOf(make).kernels)).toBe("map 1");
  });

  test("the gradient of a table: one scatter with two temporaries", () => {
    const make = (b: Builder) => ({
      d: b.scatterAdd(b.input("ids", [3], "i32"), b.exp(b.input("g", [3, 2])), 5),
    });
    expect(text(make)).toMatchInlineSnapshot(`
      "
      scatter scatterAdd: ids, g -> t0 f32[5,2] @0, (@1), (@2)
      d = t0
      slots: @0 40, @1 20, @2 12
      "
    `);
  });

  test("an output that is an input or a parameter: none", () => {
    expect(planOf((b) => ({ x: b.input("x", [2]), p: b.parameter("p", [2]) })).kernels).toEqual([]);
  });

  test("a tensor without elements: none", () => {
    expect(planOf((b) => ({ y: b.exp(b.input("x", [0, 3])) })).kernels).toEqual([]);
  });
});

describe("the limit of bindings", () => {
  const many = (b: Builder) => ({
    sum: Array.from({ length: 20 }, (_, i): Node => b.input(`x${i}`, [4])).reduce((x, y) =>
      b.add(b.exp(x), y),
    ),
  });

  test.each([8, 10, 16])("of %i holds for a sum of twenty inputs", (most) => {
    const target = { ...portableTarget, maxStorageBuffersPerShaderStage: most };
    const { kernels } = planOf(many, undefined, target);
    for (const { reads, writes } of kernels)
      expect(reads.size + writes.size).toBeLessThanOrEqual(most);
    expect(kernels.length).toBe(Math.ceil(19 / (most - 3)));
  });

  test.each(Array.from({ length: 30 }, (_, i) => 2000 + i))("holds for random graph %i", (seed) => {
    const random = randomGraph(seed);
    const { outputs, updates } = random;
    for (const most of [8, 16]) {
      const { kernels } = schedule(
        { name: "g", outputs, updates },
        { ...portableTarget, maxStorageBuffersPerShaderStage: most },
      );
      for (const { reads, writes, overwrites } of kernels) {
        const bound = new Set([...reads, ...writes, ...overwrites]);
        expect(bound.size, graphText(random)).toBeLessThanOrEqual(most);
      }
    }
  });
});

test("labels tell the place and the statement", () => {
  const plan = planOf((b) => ({
    y: b.within({ path: "bridge.norm", at: "a.blip:3:1" }, () => b.sum(b.input("x", [3, 4]), [1])),
  }));
  expect(plan.kernels.map(({ label }) => label)).toEqual(["fold bridge.norm (a.blip:3:1)"]);
});

test("a wider target needs no more kernels", () => {
  for (let seed = 3000; seed < 3020; seed++) {
    const { outputs, updates } = randomGraph(seed);
    const count = (target: Target) =>
      schedule({ name: "g", outputs, updates }, target).kernels.length;
    expect(count(wide)).toBeLessThanOrEqual(count(portableTarget));
  }
});
