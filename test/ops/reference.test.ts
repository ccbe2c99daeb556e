/** The reference loops against hand numbers. */
import { describe, expect, test } from "vitest";
import { Builder } from "../../compiler/ir/builder.ts";
import { interpret } from "../../compiler/ir/interpret.ts";
import { type Node, reachable } from "../../compiler/ir/node.ts";
import { typeText } from "../../compiler/ir/tensor-type.ts";
import { rules } from "../../compiler/ops/index.ts";
import { cases } from "./cases.ts";

describe("every op", () => {
  test.each(Object.keys(rules))("%s has a case that uses it", (op) => {
    const uses = cases.filter((row) => row.op === op);
    expect(uses.length).toBeGreaterThan(0);
    for (const row of uses) {
      const nodes: readonly Node[] = reachable([row.make(new Builder(rules))]);
      expect(nodes.map((node) => node.op)).toContain(op);
    }
  });
});

describe("reference", () => {
  test.each(cases.map((row) => [`${row.op}: ${row.about}`, row] as const))("%s", (_, row) => {
    const node = row.make(new Builder(rules));
    expect(typeText(node.type)).toBe(row.type);
    const [values] = interpret(rules, [node], new Map(Object.entries(row.given ?? {})));
    expect(values!.length).toBe(row.expected.length);
    row.expected.forEach((expected, i) => {
      expect(Math.abs(values![i]! - expected)).toBeLessThanOrEqual(row.within ?? 0);
    });
  });
});
