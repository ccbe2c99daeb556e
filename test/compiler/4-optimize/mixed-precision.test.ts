/** Which products take halves, and what is rounded for them. */
import { describe, expect, test } from "vitest";
import { gradients } from "../../../compiler/3-differentiate/gradients.ts";
import { mixedPrecision } from "../../../compiler/4-optimize/mixed-precision.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { type Node, reachable } from "../../../compiler/ir/node.ts";
import { printNodes } from "../../../compiler/ir/print.ts";
import { layerNorm } from "../../../compiler/layers/norm.ts";
import { rootScope } from "../../../compiler/layers/scope.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { randomGraph } from "../../ops/random-graph.ts";
import { resultsOf } from "../3-differentiate/draw-training.ts";

const mixed = (b: Builder, outputs: Readonly<Record<string, Node>>) =>
  mixedPrecision({ name: "g", outputs: new Map(Object.entries(outputs)), updates: [] }, b).outputs;
const roundings = (outputs: ReadonlyMap<string, Node>) =>
  reachable(outputs.values()).filter(({ op, type }) => op === "cast" && type.dtype === "f16");

describe("mixed precision", () => {
  test("rounds a weight once for the product and for what flows back through it", () => {
    const b = new Builder(rules);
    const [x, w] = [b.parameter("x", [4, 3]), b.parameter("w", [2, 3])];
    const y = b.matmul(x, b.swap(w));
    const [dx, dw] = gradients(b, rules, b.sum(b.mul(y, y), [0, 1]), [x, w]);
    const outputs = mixed(b, { dx: dx!, dw: dw! });
    expect(`\n${printNodes(outputs)}`).toMatchInlineSnapshot(`
      "
      %0: f32[4,3] = parameter(path=x, init={"kind":"zeros"})
      %1: f32[2,3] = parameter(path=w, init={"kind":"zeros"})
      %2: f32[] = constant(data=[1])
      %3: f32[1,1] = reshape(%2)  # '
      %4: f32[4,2] = broadcast(%3)  # '
      %5: f16[4,3] = cast(%0)
      %6: f16[2,3] = cast(%1)
      %7: f16[3,2] = transpose(%6, permutation=[1 0])
      %8: f32[4,2] = matmul(%5, %7)
      %9: f32[4,2] = mul(%4, %8)  # '
      %10: f32[4,2] = add(%9, %9)
      %11: f16[4,2] = cast(%10)
      %12: f16[2,3] = transpose(%7, permutation=[1 0])  # '
      %13: f32[4,3] = matmul(%11, %12)  # '
      %14: f16[3,4] = transpose(%5, permutation=[1 0])  # '
      %15: f32[3,2] = matmul(%14, %11)  # '
      %16: f32[2,3] = transpose(%15, permutation=[1 0])  # '
      dx = %13
      dw = %16
      "
    `);
    expect(roundings(outputs).map(({ type }) => type.shape)).toEqual([
      [4, 3],
      [2, 3],
      [4, 2],
    ]);
  });

  test("takes a weight that is stored as halves as it is", () => {
    const b = new Builder(rules);
    const w = b.cast(b.parameter("w", [3, 2], { kind: "zeros" }, "f16"), "f32");
    const outputs = mixed(b, { y: b.matmul(b.input("x", [4, 3]), w) });
    expect(roundings(outputs).map(({ inputs }) => inputs[0]!.op)).toEqual(["input"]);
  });

  test("rounds a tensor once for three parts of it, and a small part alone", () => {
    const b = new Builder(rules);
    const x = b.input("x", [4, 24]);
    const w = b.input("w", [8, 2]);
    const thirds = [0, 8, 16].map((start) => b.matmul(b.slice(x, 1, start, start + 8), w));
    const third = roundings(mixed(b, { a: thirds[0]!, b: thirds[1]!, c: thirds[2]! }));
    expect(third.map(({ type }) => type.shape)).toEqual([
      [4, 24],
      [8, 2],
    ]);
    const few = roundings(mixed(b, { y: b.matmul(b.slice(x, 1, 0, 2), b.input("v", [2, 2])) }));
    expect(few.map(({ type }) => type.shape)).toEqual([
      [4, 2],
      [2, 2],
    ]);
  });

  test("leaves norms as they are", () => {
    const b = new Builder(rules);
    const y = layerNorm(rootScope(b, "norm"), b.input("x", [2, 8]), 1e-5);
    expect(mixed(b, { y }).get("y")).toBe(y);
  });

  test("makes products of attention and of its gradient, with halves for operands", () => {
    const b = new Builder(rules);
    // Scores of 64 MiB and more, which have kernels of their own in f32.
    const [q, k, v] = ["q", "k", "v"].map((name) => b.parameter(name, [1, 1, 4100, 2])) as [
      Node,
      Node,
      Node,
    ];
    const y = b.attention(q, k, v, { scale: 0.7 });
    const [dq, dk, dv] = gradients(b, rules, b.sum(b.mul(y, y), [0, 1, 2, 3]), [q, k, v]);
    const outputs = mixed(b, { y, dq: dq!, dk: dk!, dv: dv! });
    const nodes = reachable(outputs.values());
    expect(nodes.map(({ op }) => op).filter((op) => op.startsWith("attention"))).toEqual([]);
    const products = nodes.filter(({ op }) => op === "matmul");
    // Scores and mix; adjoints of the shares, of queries, keys and values.
    expect(products.map(({ inputs }) => inputs.map(({ type }) => type.dtype))).toEqual(
      Array.from({ length: 6 }, () => ["f16", "f16"]),
    );
  });

  test.each(Array.from({ length: 30 }, (_, i) => 2000 + i))(
    "changes nothing of random graph %i but the operands of its products",
    (seed) => {
      const { draft, outputs, updates } = randomGraph(seed);
      const given = { name: "g", outputs, updates };
      const [before, after] = [resultsOf(given), resultsOf(mixedPrecision(given, draft.b))];
      const products = (results: ReadonlyMap<string, Node>) =>
        reachable(results.values()).filter(({ op }) => op === "matmul");
      expect(products(after).length).toBe(products(before).length);
      for (const { inputs, type } of products(after)) {
        expect(inputs.map((x) => x.type.dtype)).toEqual(["f16", "f16"]);
        expect(type.dtype).toBe("f32");
      }
      const exact = interpret(rules, [...before.values()], draft.given);
      if (products(before).length === 0)
        expect(interpret(rules, [...after.values()], draft.given)).toEqual(exact);
    },
  );
});
