/** The interpreter: what it needs, and what it says when that is missing. */
import { expect, test } from "vitest";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { rules } from "../../../compiler/ops/index.ts";

test("values in f64, shared parts once", () => {
  const b = new Builder(rules);
  const x = b.input("x", [2]);
  const weight = b.parameter("w", [2]);
  const y = b.mul(x, weight);
  const [first, second] = interpret(
    rules,
    [b.add(y, y), b.sum(y, [0])],
    new Map([
      ["x", [0.1, 3]],
      ["w", [0.2, -1]],
    ]),
  );
  expect([...first!]).toEqual([0.1 * 0.2 * 2, -6]);
  expect([...second!]).toEqual([0.1 * 0.2 - 3]);
});

test("a missing input, a missing parameter, and a wrong count are named", () => {
  const b = new Builder(rules);
  const y = b.add(b.input("picture", [2]), b.parameter("encoder.weight", [2]));
  expect(() => interpret(rules, [y], new Map())).toThrow("picture was not given");
  expect(() => interpret(rules, [y], new Map([["picture", [1, 2]]]))).toThrow(
    "encoder.weight was not given",
  );
  expect(() => interpret(rules, [y], new Map([["picture", [1, 2, 3]]]))).toThrow(
    "picture has 3 elements, not [2]",
  );
});
