/** Activations, losses and masks against numbers computed by hand or elsewhere in f64. */
import { describe, expect, it } from "vitest";
import { gradients } from "../../../compiler/3-differentiate/gradients.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { gelu, geluTanh, quickGelu } from "../../../compiler/layers/activation.ts";
import { crossEntropy } from "../../../compiler/layers/cross-entropy.ts";
import { both, causal, keyMask, maskBias } from "../../../compiler/layers/mask.ts";
import { l2Normalize } from "../../../compiler/layers/norm.ts";
import { rootScope } from "../../../compiler/layers/scope.ts";
import { rules } from "../../../compiler/ops/index.ts";

function values(make: (b: Builder) => Node): number[] {
  return [...interpret(rules, [make(new Builder(rules))], new Map())[0]!];
}

describe("activations", () => {
  const points = [-3, -1, -0.5, 0.5, 1, 3];
  it.each([
    ["gelu", gelu, [-0.00404969, -0.15865525, -0.15426877, 0.34573123, 0.84134475, 2.99595031]],
    [
      "geluTanh",
      geluTanh,
      [-0.00363739, -0.15880801, -0.15428599, 0.34571401, 0.84119199, 2.99636261],
    ],
    [
      "quickGelu",
      quickGelu,
      [-0.01807131, -0.15420423, -0.14961156, 0.35038844, 0.84579577, 2.98192869],
    ],
  ] as const)("%s", (_, activation, expected) => {
    const found = values((b) => activation(b, b.constant(points, [6])));
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 8);
    });
  });
});

describe("cross entropy", () => {
  const loss = (rows: number[][], targets: number[], smoothing: number) =>
    values((b) =>
      crossEntropy(
        b,
        b.constant(rows.flat(), [rows.length, 3]),
        b.constant(targets, [targets.length], "i32"),
        { smoothing },
      ),
    )[0]!;

  it("plain and smoothed", () => {
    expect(loss([[2, 1, 0]], [0], 0)).toBeCloseTo(0.40760596, 8);
    expect(loss([[2, 1, 0]], [0], 0.1)).toBeCloseTo(0.50760596, 8);
  });

  it("leaves ignored rows out of sum and count", () => {
    expect(
      loss(
        [
          [2, 1, 0],
          [7, 7, 9],
        ],
        [0, -100],
        0.1,
      ),
    ).toBeCloseTo(0.50760596, 8);
    expect(loss([[2, 1, 0]], [-100], 0)).toBe(0);
  });
});

describe("masks", () => {
  it("text behind cached queries sees them all, its own past, and no padding", () => {
    const found = values((b) => {
      const mask = keyMask(b, b.constant([1, 1, 1, 1, 0], [1, 5], "i32"));
      return b.cast(both(b, causal(b, 3, 5, 2), mask), "i32");
    });
    expect(found).toEqual([1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0]);
  });

  it("BERT's bias is 0 where one may look and -10000 elsewhere", () => {
    const found = values((b) => maskBias(b, keyMask(b, b.constant([1, 0], [1, 2], "i32"))));
    expect(found.map((value) => value + 0)).toEqual([0, -10000]);
  });
});

describe("l2Normalize", () => {
  it("has a finite slope at zero", () => {
    const b = new Builder(rules);
    const x = b.input("x", [1, 3]);
    const slope = gradients(b, rules, b.sum(l2Normalize(rootScope(b), x), [0, 1]), [x])[0]!;
    const [found] = interpret(rules, [slope], new Map([["x", [0, 0, 0]]]));
    expect([...found!].every(Number.isFinite)).toBe(true);
  });
});
