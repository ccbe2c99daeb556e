/** Adjoints against central differences in f64: first derivatives everywhere, second ones where smooth. */
import { describe, expect, test } from "vitest";
import { gradients } from "../../compiler/3-differentiate/gradients.ts";
import type { Builder } from "../../compiler/ir/builder.ts";
import { interpret } from "../../compiler/ir/interpret.ts";
import { type Node, reachable } from "../../compiler/ir/node.ts";
import type { OpRule } from "../../compiler/ir/rule.ts";
import type { OpName } from "../../compiler/ir/signatures.ts";
import { elements } from "../../compiler/ir/tensor-type.ts";
import { rules } from "../../compiler/ops/index.ts";
import { cases } from "./cases.ts";
import { composites } from "./composites.ts";
import { ops, withoutGradient } from "./differentiable.ts";
import { type Draft, draft } from "./draft.ts";

const shapesEach = 24;
const step = 1e-5;
/** Of a derivative d the error may be `bound * (1 + |d|)`. */
const bound = 1e-6;

/** The number that is differentiated: every element with a weight of its own. */
function weighted(d: Draft, y: Node): Node {
  const weights = d.b.constant([...d.random.floats(elements(y.type.shape))], y.type.shape);
  return d.b.sum(
    d.b.mul(y, weights),
    y.type.shape.map((_, axis) => axis),
  );
}

/** Sum over all targets of gradient times direction. */
function along(b: Builder, slopes: readonly (Node | null)[], directions: readonly Node[]): Node {
  const parts = slopes.flatMap((slope, i) =>
    slope === null
      ? []
      : [
          b.sum(
            b.mul(slope, directions[i]!),
            slope.type.shape.map((_, axis) => axis),
          ),
        ],
  );
  return parts.reduce((sum, part) => b.add(sum, part), b.constant(0));
}

/** The value of `root` with every target moved by `by` along its direction. */
function moved(d: Draft, root: Node, directions: readonly Float64Array[], by: number): number {
  const given = new Map(d.given);
  d.targets.forEach((target, i) => {
    const path = (target as Extract<Node, { op: "parameter" }>).attributes.path;
    given.set(
      path,
      given.get(path)!.map((value, k) => value + by * directions[i]![k]!),
    );
  });
  return interpret(rules, [root], given)[0]![0]!;
}

function expectSlope(d: Draft, root: Node, slope: Node, directions: readonly Float64Array[]): void {
  const difference =
    (moved(d, root, directions, step) - moved(d, root, directions, -step)) / (2 * step);
  const value = moved(d, slope, directions, 0);
  expect(Math.abs(value - difference)).toBeLessThanOrEqual(bound * (1 + Math.abs(difference)));
}

/** Uniform in [-1, 1), so that a step never crosses a kink. */
function direction(d: Draft): { values: Float64Array[]; nodes: Node[] } {
  const values = d.targets.map((target) =>
    Float64Array.from({ length: elements(target.type.shape) }, () => d.random.between(-1, 1)),
  );
  const nodes = values.map((value, i) => d.b.constant([...value], d.targets[i]!.type.shape));
  return { values, nodes };
}

function check(make: (d: Draft) => Node, smooth: boolean, seed: number): void {
  const d = draft(seed);
  const loss = weighted(d, make(d));
  const slopes = gradients(d.b, rules, loss, d.targets);
  for (const slope of slopes) expect(slope).not.toBeNull();
  for (let round = 0; round < 2; round++) {
    const first = direction(d);
    const slope = along(d.b, slopes, first.nodes);
    expectSlope(d, loss, slope, first.values);
    if (!smooth) continue;
    const second = direction(d);
    const curves = gradients(d.b, rules, slope, d.targets);
    expectSlope(d, slope, along(d.b, curves, second.nodes), second.values);
  }
}

describe("every op is either differentiated here or named as one without a gradient", () => {
  const checked = new Set<OpName>(ops.flatMap((row) => (row.op === undefined ? [] : [row.op])));
  test.each(Object.keys(rules) as OpName[])("%s", (op) => {
    expect(checked.has(op)).toBe(!withoutGradient.includes(op));
  });
  test.each(withoutGradient)("%s gives no adjoint", (op) => {
    const row = cases.find((candidate) => candidate.op === op)!;
    const d = draft(0);
    const node = reachable([row.make(d.b)]).find((candidate) => candidate.op === op)!;
    const rule = rules[op] as OpRule<typeof op>;
    const adjoint = d.b.constant(1, node.type.shape, node.type.dtype);
    const adjoints = rule.gradient(node as never, adjoint, d.b) as readonly (Node | null)[] | null;
    expect((adjoints ?? []).every((flow) => flow === null)).toBe(true);
  });
});

describe.each([
  ["op", ops],
  ["composite", composites],
] as const)("%s", (_, rows) => {
  test.each(rows.map((row) => [row.name, row] as const))(
    `%s, ${shapesEach} shapes`,
    (name, row) => {
      for (let seed = 0; seed < shapesEach; seed++) {
        try {
          check(row.make, row.smooth ?? true, seed);
        } catch (error) {
          throw new Error(`${name}, seed ${seed}: ${(error as Error).message}`);
        }
      }
    },
  );
});

describe("kinks have a chosen side", () => {
  test.each([
    ["relu at 0 has slope 0", (d: Draft, x: Node) => d.b.max(x, 0), [0]],
    [
      "equal operands of max: the second",
      (d: Draft, x: Node) => d.b.max(x, d.b.stopGradient(x)),
      [0],
    ],
  ])("%s", (_, make, expected) => {
    const d = draft(1);
    const x = d.filled([1], [0]);
    const [slope] = gradients(d.b, rules, d.b.sum(make(d, x), [0]), [x]);
    expect([...interpret(rules, [slope!], d.given)[0]!]).toEqual(expected);
  });
  test("equal greatest elements share", () => {
    const d = draft(1);
    const x = d.filled([4], [2, 5, 5, 1]);
    const [slope] = gradients(d.b, rules, d.b.reduce("max", x, [0]), [x]);
    expect([...interpret(rules, [slope!], d.given)[0]!]).toEqual([0, 0.5, 0.5, 0]);
  });
});
