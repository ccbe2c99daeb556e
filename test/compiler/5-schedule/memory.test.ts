/** Slots: no two live tensors share one, and dead ones give theirs back. */
import { describe, expect, test } from "vitest";
import { optimize } from "../../../compiler/4-optimize/optimize.ts";
import { temporaries } from "../../../compiler/5-schedule/memory.ts";
import type { Plan } from "../../../compiler/5-schedule/plan.ts";
import { schedule } from "../../../compiler/5-schedule/schedule.ts";
import { emit } from "../../../compiler/6-emit/emit.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { storageBytes } from "../../../compiler/ir/tensor-type.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { portableTarget } from "../../../compiler/program.ts";
import { graphText } from "../../ops/check-kernels.ts";
import { randomGraph } from "../../ops/random-graph.ts";

/** Every pair of tensors that live at one time in one place, and tensors that do not fit. A pack holds its slot for the whole run. */
function faults({ graph, kernels, slots, places }: Plan): string[] {
  const lives = new Map<unknown, { from: number; to: number; bytes: number }>();
  kernels.forEach((planned, i) => {
    for (const node of planned.writes)
      lives.set(node, { from: i, to: i, bytes: storageBytes(node.type) });
    for (const each of temporaries(planned)) lives.set(each, { from: i, to: i, bytes: each.bytes });
    for (const node of planned.reads) {
      const life = lives.get(node);
      if (life !== undefined) life.to = i;
    }
  });
  for (const node of graph.outputs.values()) {
    const life = lives.get(node);
    if (life !== undefined) life.to = kernels.length;
  }
  const placed = [...lives].map(([key, life]) => {
    const place = places.get(key as Node);
    if (place === undefined)
      return { ...life, slot: slots.of.get(key as Node), begin: 0, end: Number.POSITIVE_INFINITY };
    const begin = 4 * place.start;
    const whole = { from: 0, to: kernels.length, slot: slots.of.get(place.pack) };
    return { ...whole, bytes: begin + life.bytes, begin, end: begin + life.bytes };
  });
  return placed.flatMap((a, i) => {
    if (a.slot === undefined) return [`tensor ${i} has no slot`];
    const small = a.bytes > slots.bytes[a.slot]! ? [`tensor ${i} does not fit`] : [];
    const shared = placed.flatMap((b, j) =>
      j < i &&
      a.slot === b.slot &&
      a.from <= b.to &&
      b.from <= a.to &&
      a.begin < b.end &&
      b.begin < a.end
        ? [`tensors ${j} and ${i} share slot ${a.slot}`]
        : [],
    );
    return [...small, ...shared];
  });
}

describe("slots", () => {
  test.each(Array.from({ length: 60 }, (_, i) => 4000 + i))("of random graph %i", (seed) => {
    const random = randomGraph(seed);
    const { draft, outputs, updates } = random;
    const graph = optimize({ name: "g", outputs, updates }, draft.b, portableTarget);
    expect(faults(schedule(graph, portableTarget)), graphText(random)).toEqual([]);
  });

  /** A chain of products: each needs the last one alone. */
  const chain = (length: number, keep: readonly number[] = []) => {
    const b = new Builder(rules);
    const outputs = new Map<string, Node>();
    let x = b.input("x", [8, 8]);
    for (let i = 0; i < length; i++) {
      x = b.matmul(x, b.parameter(`w${i}`, [8, 8]));
      if (keep.includes(i)) outputs.set(`kept ${i}`, x);
    }
    outputs.set("last", x);
    return schedule({ name: "g", outputs, updates: [] }, portableTarget);
  };

  test("of a chain are two and the output's, however long it is", () => {
    expect(chain(5).slots.bytes).toEqual([256, 256, 256]);
    expect(chain(50).slots.bytes).toEqual([256, 256, 256]);
  });

  test("of outputs are theirs to the end", () => {
    const plan = chain(8, [2, 4]);
    const owners = [...plan.graph.outputs.values()].map((node) => plan.slots.of.get(node)!);
    expect(new Set(owners).size).toBe(3);
    for (const owner of owners)
      expect([...plan.slots.of.values()].filter((slot) => slot === owner)).toHaveLength(1);
    expect(faults(plan)).toEqual([]);
  });

  test("of tensors of several sizes are as large as the largest of their tenants", () => {
    const b = new Builder(rules);
    const small = b.matmul(b.input("x", [2, 2]), b.parameter("a", [2, 2]));
    const middle = b.matmul(small, b.parameter("b", [2, 16]));
    const large = b.matmul(middle, b.parameter("c", [16, 32]));
    const last = b.matmul(large, b.parameter("d", [32, 1]));
    const plan = schedule(
      { name: "g", outputs: new Map([["last", last]]), updates: [] },
      portableTarget,
    );
    expect(plan.slots.bytes).toEqual([256, 128, 8]);
    expect(faults(plan)).toEqual([]);
  });

  test("are the program's scratch memory, no more", () => {
    for (const plan of [chain(6, [1]), chain(1)]) {
      const sum = plan.slots.bytes.reduce((total, bytes) => total + 16 * Math.ceil(bytes / 16), 0);
      expect(emit(plan).memory.scratch).toBe(sum);
    }
  });
});
