/** The kernels of attention against its reference and its definition: masks, sizes of heads, every class of device. */
import { describe, expect, test } from "vitest";
import { gradients } from "../../compiler/3-differentiate/gradients.ts";
import { interpret } from "../../compiler/ir/interpret.ts";
import type { Node } from "../../compiler/ir/node.ts";
import { rules } from "../../compiler/ops/index.ts";
import { runGraph } from "../support/evaluate.ts";
import { type Draft, draft } from "./draft.ts";

type Sizes = readonly [batch: number, heads: number, n: number, m: number, width: number];

interface Mask {
  readonly bias?: Node;
  readonly visible?: Node;
}

const everything = "hidden keys, bias, and queries that see nothing";

const masks: Record<string, (d: Draft, sizes: Sizes) => Mask> = {
  "no mask": () => ({}),
  "a bias of keys": (d, [batch, , , m]) => ({ bias: d.parameter([batch, 1, 1, m], [-3, 3]) }),
  "a bias of heads": (d, [, heads, n, m]) => ({ bias: d.parameter([1, heads, n, m], [-3, 3]) }),
  "a causal mask": ({ b }, [, , n, m]) => ({
    visible: b.less(b.iota([n, m], 1), b.add(b.iota([n, m], 0), 1)),
  }),
  [everything]: (d, [batch, , n, m]) => {
    const row = d.b.iota([n, m], 0);
    const seen = d.b.mul(d.indices([batch, 1, 1, m], 0, 2), row); // the first query sees nothing
    return { bias: d.parameter([m], [-1, 1]), visible: d.b.less(0, seen) };
  },
};

/** Two or more along every axis: their kernels share one text, which software drivers take seconds to compile. */
const several: readonly Sizes[] = [
  [2, 2, 33, 65, 13],
  [2, 3, 7, 5, 88],
  [2, 2, 64, 32, 20],
];
const sizes: readonly Sizes[] = [
  ...several,
  [1, 1, 1, 1, 1],
  [1, 2, 3, 70, 9],
  [1, 1, 7, 33, 128],
  [1, 1, 2, 3, 131],
];

/** Output, log-sum and the adjoints of queries, keys and values, as the kernels' own nodes. */
function attentionNodes(d: Draft, [batch, heads, n, m, width]: Sizes, mask: Mask): Node[] {
  const byHead = (tokens: number) =>
    d.b.transpose(d.parameter([batch, tokens, heads, width]), [0, 2, 1, 3]);
  const [queries, keys, values] = [byHead(n), byHead(m), byHead(m)];
  const scale = 1 / Math.sqrt(width);
  const mixed = d.b.attention(queries, keys, values, { scale, ...mask });
  const logSum = d.b.make("attention", mixed.inputs, { scale, gives: "logSum" });
  const adjoint = d.parameter([batch, n, heads, width]);
  const adjoints = gradients(d.b, rules, mixed, [queries, keys, values], adjoint);
  return [mixed, logSum, ...adjoints.map((each) => each!)];
}

const names = ["mixed", "logSum", "queries", "keys", "values"];
const rows = Object.entries(masks).flatMap(([about, mask]) =>
  sizes.map((size) => [about, size, mask] as const),
);

/** Greatest error next to the greatest element, as every element is a sum of all of a row. */
function error(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let [far, most] = [0, 1];
  for (let i = 0; i < wanted.length; i++) {
    if (found[i] === wanted[i]) continue;
    far = Math.max(far, Math.abs(found[i]! - wanted[i]!));
    most = Math.max(most, Math.abs(wanted[i]!));
  }
  return far / most;
}

describe("reference = definition", () => {
  test.each(rows)("%s, %j", (_, size, mask) => {
    const d = draft(7);
    const nodes = attentionNodes(d, size, mask(d, size));
    const definitions = nodes.map((node) => d.b.expand(node));
    expect(definitions.some((each, i) => each === nodes[i])).toBe(false);
    const wanted = interpret(rules, nodes, d.given);
    interpret(rules, definitions, d.given).forEach((values, i) => {
      expect(error(values, wanted[i]!), names[i]).toBeLessThan(1e-12);
    });
  });
});

describe.each([
  ["as the device is", {}, several],
  ["every thread for itself", { products: "registers" }, [several[0]!, [1, 1, 2, 3, 131]]],
] as const)("kernel = reference, %s", (_, settings, some) => {
  // Without a mask, with part of one, with all of it: others differ in addresses alone, and drivers compile for seconds.
  test.each(["no mask", "a causal mask", everything])("%s", async (about) => {
    const mask = masks[about]!;
    for (const size of some) {
      const d = draft(11);
      const nodes = attentionNodes(d, size, mask(d, size));
      const wanted = interpret(rules, nodes, d.given);
      const outputs = new Map(nodes.map((node, i) => [names[i]!, node]));
      // Without a builder nothing is rewritten: all of it runs in kernels of its own.
      const { outputs: found, program } = await runGraph(outputs, d.given, settings);
      const kernels = program.dispatches.filter(({ label }) => label.startsWith("attention"));
      expect(kernels.length).toBe(3);
      names.forEach((name, i) => {
        expect(error(found.get(name)!, wanted[i]!), `${name} of [${size}]`).toBeLessThan(5e-6);
      });
    }
  });
});

test("kernels in blocks: one picture of a batch fits a binding", async () => {
  const d = draft(12);
  const size: Sizes = [3, 2, 37, 41, 20];
  const nodes = attentionNodes(d, size, masks[everything]!(d, size));
  const outputs = new Map(nodes.map((node, i) => [names[i]!, node]));
  const wanted = interpret(rules, nodes, d.given);
  const { outputs: found, program } = await runGraph(outputs, d.given, {
    bindingBytes: 8192,
    products: "registers",
  });
  expect(
    program.dispatches.filter(({ label }) => label.startsWith("attention")).length,
  ).toBeGreaterThan(3);
  names.forEach((name, i) => {
    expect(error(found.get(name)!, wanted[i]!), name).toBeLessThan(5e-6);
  });
});

test("the same bytes in every run", async () => {
  const run = async () => {
    const d = draft(13);
    const nodes = attentionNodes(d, [2, 2, 33, 65, 13], {});
    const outputs = new Map(nodes.map((node, i) => [names[i]!, node]));
    return (await runGraph(outputs, d.given)).outputs;
  };
  const [first, second] = [await run(), await run()];
  for (const name of names) expect([...first.get(name)!]).toEqual([...second.get(name)!]);
});
