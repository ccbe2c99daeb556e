/** Graph text before, after; and what must stay. */
import { describe, expect, test } from "vitest";
import { simplify, splat } from "../../../compiler/4-optimize/simplify.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { printNodes } from "../../../compiler/ir/print.ts";
import { rules } from "../../../compiler/ops/index.ts";

type Make = (b: Builder, x: Node, y: Node) => Node;

/** The expression of one result, nested instead of by line. */
function nested(node: Node): string {
  if (node.op === "input") return node.attributes.name;
  if (node.op === "constant") return `${node.attributes.data}`;
  const number = splat(node);
  if (node.op === "broadcast" || number !== undefined) return nested(node.inputs[0]!);
  const shape = node.op === "reshape" ? [`[${node.type.shape}]`] : [];
  const order = node.op === "transpose" ? [`${node.attributes.permutation.join("")}`] : [];
  return `${node.op}(${[...(node.inputs as readonly Node[]).map(nested), ...shape, ...order].join(", ")})`;
}

function graphOf(make: Make) {
  const b = new Builder(rules);
  const y = make(b, b.input("x", [2, 6]), b.input("y", [2, 6]));
  return { b, graph: { name: "g", outputs: new Map([["out", y]]), updates: [] } };
}

function after(make: Make): string {
  const { b, graph } = graphOf(make);
  return nested(simplify(graph, b).outputs.get("out")!);
}

describe("simplify", () => {
  test.each<[string, string, Make]>([
    ["x + 0", "x", (b, x) => b.add(x, 0)],
    ["0 + x", "x", (b, x) => b.add(0, x)],
    ["x - 0", "x", (b, x) => b.sub(x, 0)],
    ["0 - x", "neg(x)", (b, x) => b.sub(0, x)],
    ["x * 1", "x", (b, x) => b.mul(x, 1)],
    ["1 * x", "x", (b, x) => b.mul(1, x)],
    ["x * -1", "neg(x)", (b, x) => b.mul(x, -1)],
    ["-1 * x", "neg(x)", (b, x) => b.mul(-1, x)],
    ["x / 1", "x", (b, x) => b.div(x, 1)],
    ["-(-x)", "x", (b, x) => b.neg(b.neg(x))],
    ["(x * 3) * 0.5", "mul(x, 1.5)", (b, x) => b.mul(b.mul(x, 3), 0.5)],
    ["2 * (3 * x)", "mul(x, 6)", (b, x) => b.mul(2, b.mul(3, x))],
    ["stopGradient(x)", "x", (b, x) => b.stopGradient(x)],
    [
      "a reshape of a reshape",
      "reshape(x, [3,4])",
      (b, x) => b.make("reshape", [b.reshape(x, [12])], { shape: [3, 4] }),
    ],
    [
      "a reshape there and back",
      "x",
      (b, x) => b.make("reshape", [b.reshape(x, [12])], { shape: [2, 6] }),
    ],
    [
      "a transpose there and back",
      "x",
      (b, x) => b.swap(b.make("transpose", [x], { permutation: [1, 0] })),
    ],
    [
      "a chain: ((x + 0) * 1) through a stop",
      "exp(x)",
      (b, x) => b.exp(b.stopGradient(b.mul(b.add(x, 0), 1))),
    ],
  ])("%s becomes %s", (_, expected, make) => {
    expect(after(make)).toBe(expected);
  });

  test.each<[string, Make]>([
    ["add(x, y)", (b, x, y) => b.add(x, y)],
    ["add(x, 1)", (b, x) => b.add(x, 1)],
    ["sub(x, 1)", (b, x) => b.sub(x, 1)],
    ["mul(x, 0)", (b, x) => b.mul(x, 0)],
    ["mul(x, 2)", (b, x) => b.mul(x, 2)],
    ["mul(mul(x, y), 2)", (b, x, y) => b.mul(b.mul(x, y), 2)],
    ["div(1, x)", (b, x) => b.div(1, x)],
    ["neg(exp(neg(x)))", (b, x) => b.neg(b.exp(b.neg(x)))],
    ["max(x, 0)", (b, x) => b.max(x, 0)],
    [
      "mul(x, 1,1,1,1,1,1,1,1,1,1,1,1)",
      (b, x) => b.mul(x, b.constant(new Array(12).fill(1), [2, 6])),
    ],
    ["transpose(reshape(x, [3,4]), 10)", (b, x) => b.swap(b.reshape(x, [3, 4]))],
  ])("leaves %s alone", (text, make) => {
    const { b, graph } = graphOf(make);
    expect(nested(graph.outputs.get("out")!)).toBe(text);
    expect(simplify(graph, b).outputs.get("out")).toBe(graph.outputs.get("out"));
  });

  test("the order of three axes turned twice is the order of both turns", () => {
    const b = new Builder(rules);
    const x = b.input("x", [2, 3, 4]);
    const twice = b.transpose(b.transpose(x, [1, 2, 0]), [2, 1, 0]);
    const graph = { name: "g", outputs: new Map([["out", twice as Node]]), updates: [] };
    const out = simplify(graph, b).outputs.get("out")!;
    expect(nested(out)).toBe("transpose(x, 021)");
    expect(out.type.shape).toEqual(twice.type.shape);
  });

  test("names, targets and places stay; unchanged nodes are the same objects", () => {
    const b = new Builder(rules);
    const p = b.parameter("p", [2]);
    const kept = b.exp(p);
    const value = b.within({ path: "here" }, () => b.neg(b.add(kept, 0)));
    const given = {
      name: "g",
      outputs: new Map([["kept", kept]]),
      updates: [{ target: p, value }],
    };
    const lean = simplify(given, b);
    expect(lean.name).toBe("g");
    expect(lean.outputs.get("kept")).toBe(kept);
    expect(lean.updates[0]!.target).toBe(p);
    expect(`\n${printNodes(new Map([["new p", lean.updates[0]!.value]]))}`).toMatchInlineSnapshot(`
      "
      %0: f32[2] = parameter(path=p, init={"kind":"zeros"})
      %1: f32[2] = exp(%0)
      %2: f32[2] = neg(%1)  # here
      new p = %2
      "
    `);
  });
});

test("splat tells the one number of a tensor, through broadcasts and reshapes alone", () => {
  const b = new Builder(rules);
  expect(splat(b.broadcastTo(b.reshape(b.constant(3), [1, 1]), [2, 4]))).toBe(3);
  expect(splat(b.constant(3, [5]))).toBe(3);
  expect(splat(b.constant([3, 3], [2]))).toBeUndefined();
  expect(splat(b.neg(b.constant(3)))).toBeUndefined();
  expect(splat(b.input("x", []))).toBeUndefined();
});
