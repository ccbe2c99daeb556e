/** Graph text before, after; and what must stay. */
import { describe, expect, test } from "vitest";
import { splitLongReductions } from "../../../compiler/4-optimize/split-long-reductions.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { printNodes } from "../../../compiler/ir/print.ts";
import { elements, type Shape } from "../../../compiler/ir/tensor-type.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { seeded } from "../../support/random.ts";

function cut(shape: Shape, axes: readonly number[], kind: "sum" | "max" = "sum") {
  const b = new Builder(rules);
  const before: Node = b.reduce(kind, b.input("x", shape), axes);
  const graph = { name: "g", outputs: new Map([["out", before]]), updates: [] };
  const after = splitLongReductions(graph, b).outputs.get("out")!;
  return { before, after, text: `\n${printNodes(new Map([["out", after]]))}` };
}

describe("split long reductions", () => {
  test("a whole tensor is folded in two", () => {
    expect(cut([64, 96], [0, 1]).text).toMatchInlineSnapshot(`
      "
      %0: f32[64,96] = input(name=x)
      %1: f32[1,64,96] = reshape(%0)
      %2: f32[1,64] = reduce(%1, kind=sum, axes=[2])
      %3: f32[1] = reduce(%2, kind=sum, axes=[1])
      %4: f32[] = reshape(%3)
      out = %4
      "
    `);
  });

  test("along the last axes, row by row", () => {
    expect(cut([2, 64, 64], [1, 2]).text).toMatchInlineSnapshot(`
      "
      %0: f32[2,64,64] = input(name=x)
      %1: f32[2,64] = reduce(%0, kind=sum, axes=[2])
      %2: f32[2] = reduce(%1, kind=sum, axes=[1])
      out = %2
      "
    `);
  });

  test("along the first axes, column by column", () => {
    expect(cut([4096, 3], [0], "max").text).toMatchInlineSnapshot(`
      "
      %0: f32[4096,3] = input(name=x)
      %1: f32[64,64,3] = reshape(%0)
      %2: f32[64,3] = reduce(%1, kind=max, axes=[1])
      %3: f32[3] = reduce(%2, kind=max, axes=[0])
      out = %3
      "
    `);
  });

  test.each<[string, Shape, readonly number[]]>([
    ["few terms", [32, 64], [0, 1]],
    ["many results", [4096, 32], [0]],
    ["a size without a divisor", [4099], [0]],
    ["axes in the middle", [2, 4096, 2], [1]],
    ["axes with a gap", [64, 2, 64], [0, 2]],
  ])("leaves %s alone", (_, shape, axes) => {
    const { before, after } = cut(shape, axes);
    expect(after).toBe(before);
  });

  test.each<[Shape, readonly number[], "sum" | "max"]>([
    [[64, 96], [0, 1], "sum"],
    [[2, 64, 64], [1, 2], "max"],
    [[4096, 3], [0], "sum"],
    [[31, 2052], [1], "max"],
    [[52, 50, 5], [0, 1], "sum"],
  ])("[%s] along [%s] by %s: same values, same shape", (shape, axes, kind) => {
    const { before, after } = cut(shape, axes, kind);
    expect(after).not.toBe(before);
    expect(after.type).toEqual(before.type);
    const x = seeded(3).floats(elements(shape));
    const [wanted, values] = interpret(rules, [before, after], new Map([["x", x]]));
    values!.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted![i]!, 9);
    });
  });
});
