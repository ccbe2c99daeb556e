/** The text of a graph, as messages and golden tests show it. */
import { expect, test } from "vitest";
import { Builder } from "../../../compiler/ir/builder.ts";
import { nodeText, printNodes } from "../../../compiler/ir/print.ts";
import { rules } from "../../../compiler/ops/index.ts";

test("one node a line, numbered in the order of making", () => {
  const b = new Builder(rules);
  b.input("unused", [9]);
  const x = b.input("x", [2, 3]);
  const weight = b.parameter("linear.weight", [3, 4], { kind: "normal", std: 0.02 });
  const y = b.within({ path: "linear" }, () => b.matmul(x, weight));
  const ids = b.iota([12], 0);
  const long = b.gather(b.constant([0, 1, 2, 3, 4, 5, 6, 7, 8], [9], "i32"), ids);
  const loss = b.mean(b.select(b.less(y, 0), 0, y), [0, 1]);
  expect(
    printNodes(
      new Map([
        ["loss", loss],
        ["long", long],
      ]),
    ),
  ).toMatchInlineSnapshot(`
    "%0: f32[2,3] = input(name=x)
    %1: f32[3,4] = parameter(path=linear.weight, init={"kind":"normal","std":0.02})
    %2: f32[2,4] = matmul(%0, %1)  # linear
    %3: i32[12] = iota(axis=0)
    %4: i32[9] = constant(data=[0 1 2 3 4 5 6 7 …9])
    %5: i32[12] = gather(%4, %3)
    %6: f32[] = constant(data=[0])
    %7: f32[1,1] = reshape(%6)
    %8: f32[2,4] = broadcast(%7)
    %9: bool[2,4] = less(%2, %8)
    %10: f32[2,4] = select(%9, %8, %2)
    %11: f32[] = reduce(%10, kind=sum, axes=[0 1])
    %12: f32[] = constant(data=[0.125])
    %13: f32[] = mul(%11, %12)
    loss = %13
    long = %5
    "
  `);
});

test("one node alone names its inputs by id", () => {
  const b = new Builder(rules);
  const x = b.input("x", [2, 3]);
  expect(nodeText(b.slice(x, 1, 1, 3))).toBe("f32[2,2] = slice(%0, start=[0 1], end=[2 3])");
});
