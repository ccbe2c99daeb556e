/** Kernels on the device against the reference loops in f64, on random shapes. */
import { describe, expect, test } from "vitest";
import type { Node } from "../../compiler/ir/node.ts";
import type { OpName } from "../../compiler/ir/signatures.ts";
import { rules } from "../../compiler/ops/index.ts";
import { runGraph, type Update } from "../support/evaluate.ts";
import { cases } from "./cases.ts";
import { checkCase } from "./check-kernels.ts";
import { composites, softmax } from "./composites.ts";
import { type Draft, draft } from "./draft.ts";
import { expectations, fault } from "./error-bounds.ts";
import { kernelCases, productCases } from "./kernel-cases.ts";

test("every op has a kernel case of its own", () => {
  const named = new Set<OpName | undefined>([...kernelCases, ...productCases].map((row) => row.op));
  for (const op of ["attention", "attentionGradient"] as const) named.add(op); // attention.test.ts
  expect(Object.keys(rules).filter((op) => !named.has(op as OpName))).toEqual([]);
});

test("hand numbers", async () => {
  for (const row of cases.filter((one) => one.expected.length > 0)) {
    const d = draft(0);
    const given = new Map(Object.entries(row.given ?? {}));
    const { outputs } = await runGraph(new Map([["y", row.make(d.b)]]), given);
    const values = [...outputs.get("y")!];
    row.expected.forEach((expected, i) => {
      const about = `${row.op}: ${row.about}, element ${i}`;
      expect(Math.abs(values[i]! - expected), about).toBeLessThanOrEqual(
        1e-6 * Math.max(1, Math.abs(expected)),
      );
    });
  }
});

describe("kernels", () => {
  test.each(kernelCases.map((row) => [row.name, row] as const))("%s", async (_, row) => {
    await checkCase(row);
  });
  test.each(kernelCases.filter(({ name }) => name.includes("f16")).map((row) => [row.name, row]))(
    "%s, two a thread",
    async (_, row) => {
      await checkCase(row, { withoutF16: true });
    },
  );
});

test.each([[5], [8]])(
  "%i halves: what is too great is infinite, on every driver",
  async (count) => {
    const x = [65519.9, 65520, -65536, 3e38, 0.5, 1, 2, 3].slice(0, count);
    const { b, given } = draft(3);
    given.set("x", Float64Array.from(x));
    const half = b.cast(b.input("x", [count]), "f16");
    const outputs = new Map([
      ["half", half],
      ["again", b.neg(b.cast(half, "f32"))],
    ]);
    const expected = [65504, Infinity, -Infinity, Infinity, 0.5, 1, 2, 3].slice(0, count);
    for (const withoutF16 of [false, true]) {
      const run = await runGraph(outputs, given, { withoutF16 });
      expect([...run.outputs.get("half")!]).toEqual(expected);
      expect([...run.outputs.get("again")!]).toEqual(expected.map((value) => -value));
    }
  },
);

describe("updates in place", () => {
  test("a parameter is replaced after every reader has read it, step after step", async () => {
    const d = draft(5);
    const weight = d.parameter([7, 13]) as Update["target"];
    const moment = d.parameter([7, 13]) as Update["target"];
    const x = d.parameter([3, 7]);
    const y = d.b.matmul(x, weight);
    const slope = d.b.matmul(d.b.swap(x), y);
    const next = d.b.add(d.b.mul(moment, 0.5), slope);
    const updates: Update[] = [
      { target: moment, value: next },
      { target: weight, value: d.b.sub(weight, d.b.mul(next, 0.01)) },
    ];
    const outputs = new Map([["y", y]]);
    const times = 3;
    const run = await runGraph(outputs, d.given, { updates, times });
    const given = new Map(d.given);
    const roots = [y, ...updates.map((update) => update.value)];
    for (let time = 0; time < times; time++) {
      const expected = expectations(roots, given);
      if (time === times - 1) {
        const near = (i: number) => ({
          ...expected[i]!,
          within: expected[i]!.values.map((v) => 1e-5 * (1 + Math.abs(v))),
        });
        expect(fault("y", run.outputs.get("y")!, near(0))).toBeUndefined();
        updates.forEach(({ target }, i) => {
          const { path } = target.attributes;
          expect(fault(path, run.parameters.get(path)!, near(i + 1))).toBeUndefined();
        });
      }
      updates.forEach(({ target }, i) => {
        given.set(target.attributes.path, expected[i + 1]!.values);
      });
    }
    const untouched = (x as Update["target"]).attributes.path;
    expect([...run.parameters.get(untouched)!]).toEqual([...d.given.get(untouched)!]);
  });
  test("two parameters change places", async () => {
    const d = draft(6);
    const first = d.parameter([37]) as Update["target"];
    const second = d.parameter([37]) as Update["target"];
    const updates: Update[] = [
      { target: first, value: second },
      { target: second, value: first },
    ];
    const run = await runGraph(new Map(), d.given, { updates });
    const [a, c] = [first.attributes.path, second.attributes.path];
    expect([...run.parameters.get(a)!]).toEqual([...d.given.get(c)!]);
    expect([...run.parameters.get(c)!]).toEqual([...d.given.get(a)!]);
  });
  test("a parameter is turned, and reversed by its own rows", async () => {
    const d = draft(7);
    const square = d.parameter([17, 17]) as Update["target"];
    const rows = d.parameter([8, 3]) as Update["target"];
    const reversed = d.b.gather(rows, d.b.sub(7, d.b.iota([8], 0)));
    const updates: Update[] = [
      { target: square, value: d.b.swap(square) },
      { target: rows, value: reversed },
    ];
    const run = await runGraph(new Map(), d.given, { updates });
    const before = d.given.get(square.attributes.path)!;
    const after = run.parameters.get(square.attributes.path)!;
    expect([...after]).toEqual(
      [...after].map((_, i) => before[(i % 17) * 17 + Math.floor(i / 17)]),
    );
    const lines = d.given.get(rows.attributes.path)!;
    const turned = run.parameters.get(rows.attributes.path)!;
    expect([...turned]).toEqual(
      [...turned].map((_, i) => lines[(7 - Math.floor(i / 3)) * 3 + (i % 3)]),
    );
  });
  test.each([
    ["a product of it by itself", (d: Draft, w: Node) => d.b.matmul(w, w)],
    ["what is left without its mean", (d: Draft, w: Node) => d.b.sub(w, d.b.mean(w, [0, 1], true))],
    ["its softmax down the columns", (d: Draft, w: Node) => d.b.swap(softmax(d.b, d.b.swap(w)))],
    ["the sum with its own transpose", (d: Draft, w: Node) => d.b.add(w, d.b.swap(w))],
    ["its rows one further", (d: Draft, w: Node) => d.b.pad(d.b.slice(w, 0, 0, 16), 0, 1, 0)],
    [
      "sums of its rows by index",
      (d: Draft, w: Node) => d.b.scatterAdd(d.indices([17], 0, 16), w, 17),
    ],
  ])("a parameter becomes %s", async (_, make) => {
    for (const isOutput of [false, true]) {
      const d = draft(11);
      const target = d.parameter([17, 17]) as Update["target"];
      const value = make(d, target);
      const outputs = new Map(isOutput ? [["value", value]] : []);
      const run = await runGraph(outputs, d.given, { builder: d.b, updates: [{ target, value }] });
      const [expected] = expectations([value], d.given);
      const { path } = target.attributes;
      expect(fault(path, run.parameters.get(path)!, expected!)).toBeUndefined();
      if (isOutput) expect(fault("value", run.outputs.get("value")!, expected!)).toBeUndefined();
    }
  });
  test("a parameter is replaced in place while others read it turned", async () => {
    const d = draft(12);
    const weight = d.parameter([17, 17]) as Update["target"];
    const updates = [{ target: weight, value: d.b.mul(weight, 2) }];
    const outputs = new Map([
      ["turned", d.b.swap(weight)],
      ["row", d.b.add(d.b.slice(weight, 0, 3, 4), d.b.slice(weight, 0, 4, 5))],
    ]);
    const run = await runGraph(outputs, d.given, { builder: d.b, updates });
    const roots = [...outputs.values(), updates[0]!.value];
    const expected = expectations(roots, d.given);
    expect(fault("turned", run.outputs.get("turned")!, expected[0]!)).toBeUndefined();
    expect(fault("row", run.outputs.get("row")!, expected[1]!)).toBeUndefined();
    const { path } = weight.attributes;
    expect(fault(path, run.parameters.get(path)!, expected[2]!)).toBeUndefined();
  });
  test("a node that is output and update at once", async () => {
    const d = draft(8);
    const weight = d.parameter([5]) as Update["target"];
    const next = d.b.mul(weight, 2);
    const run = await runGraph(new Map([["next", next]]), d.given, {
      updates: [{ target: weight, value: next }],
      times: 2,
    });
    const expected = [...d.given.get(weight.attributes.path)!].map((value) => value * 4);
    expect([...run.outputs.get("next")!]).toEqual(expected);
    expect([...run.parameters.get(weight.attributes.path)!]).toEqual(expected);
  });
});

test("the same random numbers in every run, and others for another stream", async () => {
  const d = draft(9);
  const seed = d.seed();
  const outputs = new Map([
    ["first", d.b.random(seed, [1000], 0)],
    ["second", d.b.random(seed, [1000], 1)],
  ]);
  const run = await runGraph(outputs, d.given);
  const expected = expectations([...outputs.values()], d.given);
  expect([...run.outputs.get("first")!]).toEqual([...expected[0]!.values]);
  expect([...run.outputs.get("second")!]).toEqual([...expected[1]!.values]);
  expect([...expected[0]!.values]).not.toEqual([...expected[1]!.values]);
});

test("the same program for the same graph", async () => {
  const make = async () => {
    const d = draft(10);
    const y = composites.find((row) => row.name === "attention")!.make(d);
    return (await runGraph(new Map([["y", y]]), d.given)).program;
  };
  expect(JSON.stringify(await make())).toBe(JSON.stringify(await make()));
});
