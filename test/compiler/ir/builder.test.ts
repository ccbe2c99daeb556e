/** The builder: equal nodes are one object, missing broadcasts are inserted, misfits name both types. */
import { describe, expect, test } from "vitest";
import { InvariantError } from "../../../compiler/invariant.ts";
import { Builder, broadcastShape } from "../../../compiler/ir/builder.ts";
import { rules } from "../../../compiler/ops/index.ts";

const builder = () => new Builder(rules);

describe("interning", () => {
  test("equal nodes are one object", () => {
    const b = builder();
    const x = b.input("x", [2, 3]);
    const y = b.input("y", [2, 3]);
    expect(b.input("x", [2, 3])).toBe(x);
    expect(b.add(x, y)).toBe(b.add(x, y));
    expect(b.reduce("sum", x, [1])).toBe(b.reduce("sum", x, [-1]));
    expect(b.exp(b.add(x, y))).toBe(b.exp(b.add(x, y)));
  });
  test("another order, attribute, or number is another node", () => {
    const b = builder();
    const x = b.input("x", [2, 3]);
    const y = b.input("y", [2, 3]);
    expect(b.sub(x, y)).not.toBe(b.sub(y, x));
    expect(b.reduce("sum", x, [1])).not.toBe(b.reduce("max", x, [1]));
    expect(b.reduce("sum", x, [1])).not.toBe(b.reduce("sum", x, [0]));
    expect(b.constant(1)).not.toBe(b.constant(2));
    expect(b.constant(1)).not.toBe(b.constant(1, [], "i32"));
  });
  test("numbers that JSON cannot tell apart are told apart", () => {
    const b = builder();
    const odd = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0, -0];
    expect(new Set(odd.map((value) => b.constant(value))).size).toBe(5);
  });
  test("inputs have smaller numbers than users", () => {
    const b = builder();
    const x = b.input("x", [2]);
    const y = b.exp(b.neg(x));
    expect(y.inputs[0]!.id).toBeLessThan(y.id);
    expect(x.id).toBeLessThan(y.inputs[0]!.id);
  });
});

describe("broadcasting", () => {
  test("NumPy's rule", () => {
    expect(broadcastShape([2, 1, 4], [3, 1])).toEqual([2, 3, 4]);
    expect(broadcastShape([], [5])).toEqual([5]);
    expect(broadcastShape([1], [])).toEqual([1]);
    expect(broadcastShape([0, 1], [1, 3])).toEqual([0, 3]);
    expect(() => broadcastShape([2, 3], [3, 2])).toThrow(/\[2,3\].*\[3,2\]/);
  });
  test("elementwise operands and numbers", () => {
    const b = builder();
    const x = b.input("x", [4, 1, 3]);
    const y = b.input("y", [2, 1]);
    expect(b.add(x, y).type).toEqual({ shape: [4, 2, 3], dtype: "f32" });
    expect(b.sub(1, x).type).toEqual({ shape: [4, 1, 3], dtype: "f32" });
    const i = b.input("i", [2], "i32");
    expect(b.mul(i, 3).type).toEqual({ shape: [2], dtype: "i32" });
    const condition = b.less(b.input("c", [3]), 0);
    expect(b.select(condition, x, 0).type.shape).toEqual([4, 1, 3]);
    expect(b.select(b.less(x, 0), b.input("row", [3]), 1).type.shape).toEqual([4, 1, 3]);
  });
  test("leading sizes of a product", () => {
    const b = builder();
    const product = b.matmul(b.input("x", [5, 1, 2, 3]), b.input("y", [4, 3, 7]));
    expect(product.type.shape).toEqual([5, 4, 2, 7]);
  });
  test("nothing is inserted where nothing is needed", () => {
    const b = builder();
    const x = b.input("x", [2, 3]);
    expect(b.broadcastTo(x, [2, 3])).toBe(x);
    expect(b.reshape(x, [2, -1])).toBe(x);
    expect(b.transpose(x, [0, 1])).toBe(x);
    expect(b.slice(x, 1, 0, 3)).toBe(x);
    expect(b.pad(x, 0, 0, 0)).toBe(x);
    expect(b.cast(x, "f32")).toBe(x);
    expect(b.concat([x], 0)).toBe(x);
    expect(b.reduce("sum", x, [])).toBe(x);
  });
});

describe("types that do not fit", () => {
  const b = builder();
  const x = b.input("x", [2, 3]);
  const i = b.input("i", [2, 3], "i32");
  const y = b.input("y", [4, 5]);
  const flag = b.less(x, 0);

  test.each([
    ["add of f32 and i32", () => b.add(x, i), ["f32[2,3]", "i32[2,3]"]],
    ["add of two shapes", () => b.make("add", [x, y], {}), ["f32[2,3]", "f32[4,5]"]],
    ["select of two types", () => b.select(flag, x, i), ["f32[2,3]", "i32[2,3]"]],
    ["exp of integers", () => b.exp(i), ["i32[2,3]"]],
    ["add of bools", () => b.add(flag, flag), ["bool[2,3]"]],
    ["matmul of inner sizes", () => b.matmul(x, y), ["f32[2,3]", "f32[4,5]"]],
    ["matmul of integers", () => b.matmul(x, b.transpose(i, [1, 0])), ["f32[2,3]", "i32[3,2]"]],
    ["matmul of a vector", () => b.matmul(x, b.input("v", [3])), ["f32[2,3]", "f32[3]"]],
    ["concat of other sizes", () => b.concat([x, y], 0), ["f32[2,3]", "f32[4,5]"]],
    ["gather by floats", () => b.gather(x, y), ["f32[2,3]", "f32[4,5]"]],
    ["scatterAdd of other counts", () => b.scatterAdd(i, y, 4), ["i32[2,3]", "f32[4,5]"]],
    ["reshape to another count", () => b.reshape(x, [7]), ["f32[2,3]", "[7]"]],
    ["broadcast to a smaller rank", () => b.broadcastTo(x, [3]), ["f32[2,3]", "[3]"]],
    ["broadcast of a size of 2", () => b.broadcastTo(x, [4, 3]), ["f32[2,3]", "[4,3]"]],
    ["slice past the end", () => b.slice(x, 1, 0, 4), ["f32[2,3]", "[2,4]"]],
    ["transpose by a part", () => b.transpose(x, [1]), ["f32[2,3]", "[1]"]],
    ["pad by less than nothing", () => b.pad(x, 0, -1, 0), ["f32[2,3]", "[-1,0]"]],
    ["reduce over a missing axis", () => b.reduce("sum", x, [2]), ["f32[2,3]", "[2]"]],
    ["reduce of bool", () => b.reduce("sum", flag, [0]), ["bool[2,3]"]],
    ["argmax along a missing axis", () => b.argmax(x, 2), ["f32[2,3]"]],
    ["constant of another count", () => b.constant([1, 2, 3], [2]), ["3 values", "[2]"]],
    ["iota along a missing axis", () => b.iota([2], 1), ["[2]"]],
  ])("%s", (_, make, texts) => {
    expect(make).toThrow(InvariantError);
    for (const text of texts) expect(make).toThrow(text);
  });

  test("two numbers need a tensor", () => {
    expect(() => b.add(1, 2)).toThrow(InvariantError);
  });
});

describe("origin", () => {
  test("nodes carry where they were made, and the statement is inherited", () => {
    const b = builder();
    const node = b.within({ path: "vision", at: "a.blip:3:1" }, () => {
      const x = b.input("x", [2]);
      return b.within({ path: "vision.layer" }, () => b.exp(x));
    });
    expect(node.origin).toEqual({ path: "vision.layer", at: "a.blip:3:1" });
    expect(node.inputs[0]!.origin).toEqual({ path: "vision", at: "a.blip:3:1" });
    expect(b.origin).toEqual({ path: "" });
  });
  test("it is restored when making fails", () => {
    const b = builder();
    expect(() =>
      b.within({ path: "inner" }, () => {
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(b.origin.path).toBe("");
  });
});
