/** The bounds themselves: what rounding does passes, what a mistake does not. */
import { describe, expect, test } from "vitest";
import { interpret } from "../../compiler/ir/interpret.ts";
import type { Node } from "../../compiler/ir/node.ts";
import type { OpRule, Rules } from "../../compiler/ir/rule.ts";
import { rules } from "../../compiler/ops/index.ts";
import { composites } from "./composites.ts";
import { draft } from "./draft.ts";
import { expectations, fault, ulp } from "./error-bounds.ts";
import { kernelCases, productCases } from "./kernel-cases.ts";

/** The reference loops with every result rounded to f32. */
const rounded = Object.fromEntries(
  Object.entries(rules).map(([op, rule]) => {
    const plain = rule as OpRule<"add">;
    const reference: typeof plain.reference = (inputs, node) =>
      plain.reference(inputs, node).map(Math.fround);
    return [op, { ...plain, reference }];
  }),
) as unknown as Rules;

test("ulp", () => {
  expect(ulp(1)).toBe(2 ** -23);
  expect(ulp(-1.5)).toBe(2 ** -23);
  expect(ulp(2)).toBe(2 ** -22);
  expect(ulp(0)).toBe(2 ** -149);
});

describe("results rounded to f32 are within the bounds", () => {
  const rows = [...kernelCases, ...productCases, ...composites].map(
    (row) => [row.name, row] as const,
  );
  test.each(rows)("%s", (_, row) => {
    const d = draft(3);
    const y = row.make(d);
    const [results] = interpret(rounded, [y], d.given);
    expect(fault(row.name, results!, expectations([y], d.given)[0]!)).toBeUndefined();
  });
});

describe("mistakes are outside the bounds", () => {
  const noticed = (y: Node, wrong: Node, given: ReadonlyMap<string, Float64Array>) => {
    const [results] = interpret(rules, [wrong], given);
    return fault("y", results!, expectations([y], given)[0]!);
  };
  test("one term of a product of 67 is missing", () => {
    const d = draft(4);
    const [x, y] = [d.parameter([5, 67]), d.parameter([67, 3])];
    const short = d.b.matmul(d.b.slice(x, 1, 0, 66), d.b.slice(y, 0, 0, 66));
    expect(noticed(d.b.matmul(x, y), short, d.given)).toMatch(/within/);
  });
  test("a sum that is a millionth too large", () => {
    const d = draft(5);
    const x = d.parameter([8], [1, 2]);
    const sum = d.b.sum(x, [0]);
    expect(noticed(sum, d.b.mul(sum, 1 + 2e-6), d.given)).toMatch(/within/);
  });
  test("a product one step further than the next f32", () => {
    const d = draft(6);
    const x = d.parameter([8], [1, 2]);
    const square = d.b.mul(x, x);
    expect(noticed(square, d.b.mul(square, 1 + 2 ** -21), d.given)).toMatch(/within/);
  });
  test("gelu by tanh instead of by erf", () => {
    const d = draft(7);
    const row = (name: string) => composites.find((one) => one.name === name)!;
    const exact = row("gelu").make(d);
    const other = draft(7);
    const near = row("gelu by tanh").make(other);
    const [results] = interpret(rules, [near], other.given);
    expect(fault("y", results!, expectations([exact], d.given)[0]!)).toMatch(/within/);
  });
  test("another number of elements", () => {
    const d = draft(8);
    const [expected] = expectations([d.parameter([3])], d.given);
    expect(fault("y", [1, 2], expected!)).toMatch(/2 elements, not 3/);
  });
});
