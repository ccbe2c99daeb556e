/** Reverse-mode differentiation as graph rewriting: who gets an adjoint, and who does not. */
import { describe, expect, test } from "vitest";
import { gradients } from "../../../compiler/3-differentiate/gradients.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { type Node, reachable } from "../../../compiler/ir/node.ts";
import { rules } from "../../../compiler/ops/index.ts";

const known = (nodes: readonly (Node | null)[]): Node[] =>
  nodes.filter((node): node is Node => node !== null);

describe("gradients", () => {
  test("a frozen part gets no adjoint", () => {
    const b = new Builder(rules);
    const x = b.input("x", [2, 3]);
    const frozen = b.parameter("frozen", [3, 4]);
    const deep = b.tanh(b.matmul(x, frozen));
    const weight = b.parameter("weight", [4, 5]);
    const loss = b.sum(b.exp(b.matmul(deep, weight)), [0, 1]);
    const before = new Set(reachable([loss]));
    const [gradient] = gradients(b, rules, loss, [weight]);
    const made = reachable([gradient!]).filter((node) => !before.has(node));
    expect(made.filter((node) => node.op === "matmul").map((node) => node.type.shape)).toEqual([
      [4, 5],
    ]);
    expect(made.some((node) => node.type.shape.join() === "3,4")).toBe(false);
    expect(made.some((node) => node.origin.path.includes("frozen"))).toBe(false);
  });
  test("a frozen part behind a trainable one is passed through, and only its input is reached", () => {
    const b = new Builder(rules);
    const weight = b.parameter("weight", [3, 4]);
    const frozen = b.parameter("frozen", [4, 5]);
    const hidden = b.matmul(b.input("x", [2, 3]), weight);
    const loss = b.sum(b.exp(b.matmul(hidden, frozen)), [0, 1]);
    const [gradient] = gradients(b, rules, loss, [weight]);
    const shapes = reachable([gradient!])
      .filter((node) => node.op === "matmul")
      .map((node) => node.type.shape.join());
    // Forward 2x4 and 2x5, backward 2x4 and 3x4: nothing of the frozen weight's 4x5.
    expect(shapes.sort()).toEqual(["2,4", "2,4", "2,5", "3,4"]);
  });
  test("no path, no gradient", () => {
    const b = new Builder(rules);
    const weight = b.parameter("weight", [3]);
    const other = b.parameter("other", [3]);
    const loss = b.sum(b.exp(weight), [0]);
    const [first, second] = gradients(b, rules, loss, [weight, other]);
    expect(first).not.toBeNull();
    expect(second).toBeNull();
  });
  test("stopGradient, comparisons, argmax, and integers end the flow", () => {
    const b = new Builder(rules);
    const weight = b.parameter("weight", [3]);
    const table = b.parameter("table", [3]);
    const ends = [
      b.stopGradient(weight),
      b.cast(b.less(weight, 0), "f32"),
      b.cast(b.equal(weight, 0), "f32"),
      b.cast(b.argmax(weight, 0), "f32"),
      b.cast(b.cast(weight, "i32"), "f32"),
      b.mul(table, b.stopGradient(b.exp(weight))),
    ];
    for (const end of ends) {
      const loss = b.sum(
        end,
        end.type.shape.map((_, axis) => axis),
      );
      expect(gradients(b, rules, loss, [weight])).toEqual([null]);
    }
  });
  test("stopGradient blocks one path of two", () => {
    const b = new Builder(rules);
    const w = b.parameter("w", [1]);
    const loss = b.sum(b.mul(w, b.stopGradient(w)), [0]);
    const [gradient] = known(gradients(b, rules, loss, [w]));
    expect([...interpret(rules, [gradient!], new Map([["w", [3]]]))[0]!]).toEqual([3]);
  });
  test("paths that meet are added", () => {
    const b = new Builder(rules);
    const w = b.parameter("w", [2]);
    const loss = b.sum(b.add(b.mul(w, w), b.mul(w, 5)), [0]);
    const [gradient] = known(gradients(b, rules, loss, [w]));
    expect([...interpret(rules, [gradient!], new Map([["w", [3, -1]]]))[0]!]).toEqual([11, 3]);
  });
  test("a loss that is itself a target has gradient 1", () => {
    const b = new Builder(rules);
    const w = b.parameter("w", []);
    const [gradient] = known(gradients(b, rules, w, [w]));
    expect([...interpret(rules, [gradient!], new Map([["w", [3]]]))[0]!]).toEqual([1]);
  });
  test("a target inside the graph gets its own gradient, and the flow goes on past it", () => {
    const b = new Builder(rules);
    const w = b.parameter("w", []);
    const middle = b.mul(w, w);
    const loss = b.mul(middle, 3);
    const [atMiddle, atW] = known(gradients(b, rules, loss, [middle, w]));
    const values = interpret(rules, [atMiddle!, atW!], new Map([["w", [2]]]));
    expect(values.map((value) => value[0])).toEqual([3, 12]);
  });
  test("a seed replaces the adjoint 1", () => {
    const b = new Builder(rules);
    const w = b.parameter("w", [2]);
    const seed = b.constant([10, 100], [2]);
    const [gradient] = known(gradients(b, rules, b.mul(w, w), [w], seed));
    expect([...interpret(rules, [gradient!], new Map([["w", [3, 4]]]))[0]!]).toEqual([60, 800]);
  });
  test("a loss that is not a scalar is refused", () => {
    const b = new Builder(rules);
    const w = b.parameter("w", [2]);
    expect(() => gradients(b, rules, w, [w])).toThrow("a loss is a scalar, not [2]");
  });
  test("adjoints say whose they are", () => {
    const b = new Builder(rules);
    const w = b.parameter("w", []);
    const loss = b.within({ path: "head", at: "a.blip:1:1" }, () => b.exp(b.mul(w, w)));
    const before = new Set(reachable([loss]));
    const [gradient] = known(gradients(b, rules, loss, [w]));
    const made = reachable([gradient!]).filter((node) => !before.has(node));
    expect(made.some((node) => node.origin.path === "head'")).toBe(true);
    expect(
      made
        .filter((node) => node.op !== "constant" && node.op !== "add")
        .every((node) => node.origin.at === "a.blip:1:1"),
    ).toBe(true);
  });
});
