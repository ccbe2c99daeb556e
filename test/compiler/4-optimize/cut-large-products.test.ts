/** Large products that are used up row by row: the same loss and gradients, with a few rows of logits at a time. */
import { describe, expect, test } from "vitest";
import { buildStage } from "../../../compiler/2-build/build-stage.ts";
import { gradients } from "../../../compiler/3-differentiate/gradients.ts";
import type { TrainingGraph } from "../../../compiler/3-differentiate/training-graph.ts";
import { cutLargeProducts } from "../../../compiler/4-optimize/cut-large-products.ts";
import { mixedPrecision } from "../../../compiler/4-optimize/mixed-precision.ts";
import { optimize } from "../../../compiler/4-optimize/optimize.ts";
import { simplify } from "../../../compiler/4-optimize/simplify.ts";
import { schedule } from "../../../compiler/5-schedule/schedule.ts";
import { trainingGraphs } from "../../../compiler/compile.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { type Node, reachable } from "../../../compiler/ir/node.ts";
import { elements, storageBytes } from "../../../compiler/ir/tensor-type.ts";
import { crossEntropy } from "../../../compiler/layers/cross-entropy.ts";
import { softmax } from "../../../compiler/layers/softmax.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { portableTarget } from "../../../compiler/program.ts";
import { fitMemory } from "../../../compiler/recompute/fit-memory.ts";
import { liveBytes, liveRanges } from "../../../compiler/recompute/live-ranges.ts";
import { loadPipeline } from "../../../runtime/train/load-pipeline.ts";
import { expectations, fault } from "../../ops/error-bounds.ts";
import { runGraph } from "../../support/evaluate.ts";
import { seeded } from "../../support/random.ts";

interface Head {
  readonly rows: number;
  readonly classes: number;
  readonly width: number;
  readonly smoothing?: number;
  readonly hasBias?: boolean;
  /** The table is also where the hidden rows come from. */
  readonly isTied?: boolean;
  readonly isFrozen?: boolean;
  /** Products of the hidden rows before the head. */
  readonly layers?: number;
}

/** A step of a head over a vocabulary: hidden rows, table, bias, targets; loss and gradients are outputs. */
function head({ rows, classes, width, smoothing = 0, ...rest }: Head, seed = 1) {
  const { hasBias = false, isTied = false, isFrozen = false, layers = 0 } = rest;
  const b = new Builder(rules);
  const x = b.parameter("x", [rows, width]);
  const words = b.parameter("words", [classes, width]);
  const targets = b.input("targets", [rows], "i32");
  const before = isTied ? b.gather(words, b.input("ids", [rows], "i32")) : x;
  const step = b.parameter("step", [width, width]);
  let hidden = b.tanh(b.add(x, before));
  for (let i = 0; i < layers; i++) hidden = b.tanh(b.matmul(hidden, step));
  const product = b.matmul(hidden, b.swap(words));
  const bias = b.parameter("bias", [classes]);
  const logits = hasBias ? b.add(product, bias) : product;
  const loss = b.mul(crossEntropy(b, logits, targets, { smoothing }), 3);
  const trained = [x, ...(isFrozen ? [] : [words]), ...(hasBias ? [bias] : [])];
  const found = gradients(b, rules, loss, trained);
  const outputs = new Map([
    ["loss", loss],
    ...trained.map((parameter, i) => [parameter.attributes.path, found[i]!] as const),
  ]);
  const random = seeded(seed);
  const given = new Map<string, ArrayLike<number>>([
    ["x", random.floats(rows * width)],
    ["words", random.floats(classes * width)],
    ["bias", random.floats(classes)],
    ["step", random.floats(width * width)],
    ["ids", Array.from({ length: rows }, () => random.integer(0, classes - 1))],
    [
      "targets",
      Array.from({ length: rows }, () =>
        random.unit() < 0.2 ? -100 : random.integer(0, classes - 1),
      ),
    ],
  ]);
  return { b, graph: simplify({ name: "head", outputs, updates: [] }, b), given };
}

const rootsOf = ({ outputs, updates }: TrainingGraph): readonly Node[] => [
  ...outputs.values(),
  ...updates.map(({ value }) => value),
];

/** Numbers of rows of the logits: products of the table's columns, not of rows. */
function rowsOf(graph: TrainingGraph, classes: number): readonly number[] {
  return reachable(rootsOf(graph)).flatMap(({ op, type: { shape }, inputs: [, right] }) =>
    op === "matmul" && shape[1] === classes && isTable(right!) ? [shape[0]!] : [],
  );
}

function isTable(node: Node): boolean {
  return node.op === "parameter" || (node.inputs.length === 1 && isTable(node.inputs[0]!));
}

/** In parts of 64 rows. */
const inParts = (graph: TrainingGraph, b: Builder, classes: number) =>
  cutLargeProducts(graph, b, portableTarget, 4 * 64 * classes);

const heads: readonly (readonly [string, Head])[] = [
  ["plain", { rows: 150, classes: 37, width: 5 }],
  ["with label smoothing", { rows: 128, classes: 30, width: 8, smoothing: 0.1 }],
  ["with a bias", { rows: 129, classes: 41, width: 3, hasBias: true }],
  [
    "tied, smoothed, biased",
    { rows: 200, classes: 53, width: 7, smoothing: 0.2, hasBias: true, isTied: true },
  ],
  ["of a frozen table", { rows: 191, classes: 64, width: 4, isFrozen: true }],
];

describe.each(heads)("a loss over a vocabulary, %s", (_, shape) => {
  const { b, graph, given } = head(shape);
  const cut = inParts(graph, b, shape.classes);

  test("is made 64 rows at a time", () => {
    const { rows, classes } = shape;
    const parts = Math.ceil(rows / 64);
    const wanted = Array.from({ length: parts }, (_, i) => Math.min(64, rows - 64 * i));
    const [first, ...others] = [rowsOf(graph, classes), rowsOf(cut, classes)];
    expect(first).toEqual([rows]);
    expect(others).toEqual([wanted]);
  });

  test("has the values of the loss of all logits", () => {
    const wanted = interpret(rules, rootsOf(graph), given);
    interpret(rules, rootsOf(cut), given).forEach((values, i) => {
      const off = Math.max(...values.map((value, at) => Math.abs(value - wanted[i]![at]!)));
      expect(off, [...graph.outputs.keys()][i]).toBeLessThan(1e-12);
    });
  });

  test("has them on the device", async () => {
    const run = await runGraph(cut.outputs, given);
    const expected = expectations(rootsOf(graph), given);
    const faults = [...cut.outputs.keys()].flatMap(
      (name, i) => fault(name, run.outputs.get(name)!, expected[i]!) ?? [],
    );
    expect(faults).toEqual([]);
  });
});

test("a table larger than a binding is read in parts by each part", async () => {
  const { b, graph, given } = head({ rows: 130, classes: 700, width: 40, isTied: true });
  const cut = inParts(graph, b, 700);
  const run = await runGraph(cut.outputs, given, { bindingBytes: 65_536 });
  const expected = expectations(rootsOf(graph), given);
  const faults = [...cut.outputs.keys()].flatMap(
    (name, i) => fault(name, run.outputs.get(name)!, expected[i]!) ?? [],
  );
  expect(faults).toEqual([]);
  expect(run.program.dispatches.some(({ windows }) => windows !== undefined)).toBe(true);
});

test("products of halves are made in parts like others", () => {
  const { b, graph, given } = head({ rows: 150, classes: 37, width: 5, hasBias: true });
  const mixed = simplify(mixedPrecision(graph, b), b);
  const cut = inParts(mixed, b, 37);
  expect(rowsOf(cut, 37)).toEqual([64, 64, 22]);
  const wanted = interpret(rules, rootsOf(mixed), given);
  interpret(rules, rootsOf(cut), given).forEach((values, i) => {
    const off = Math.max(...values.map((value, at) => Math.abs(value - wanted[i]![at]!)));
    expect(off, [...graph.outputs.keys()][i]).toBeLessThan(1e-12);
  });
});

test("the logits of one part are in memory at a time", () => {
  const { b, graph } = head({ rows: 512, classes: 1024, width: 8, hasBias: true });
  const peak = (each: TrainingGraph) => {
    const plan = schedule(each, portableTarget);
    return Math.max(...liveBytes(liveRanges(plan).values(), plan.kernels.length));
  };
  const logits = 4 * 512 * 1024;
  expect(peak(graph)).toBeGreaterThanOrEqual(2 * logits);
  expect(peak(inParts(graph, b, 1024))).toBeLessThan((2 * logits) / 8 + logits / 16);
});

test("what is made in parts can be computed again", () => {
  const { b, graph, given } = head({ rows: 200, classes: 53, width: 7, layers: 6, isTied: true });
  const { plan, recomputed } = fitMemory(inParts(graph, b, 53), b, portableTarget, 1);
  expect(recomputed?.tensors).toBeGreaterThan(0);
  const wanted = interpret(rules, rootsOf(graph), given);
  interpret(rules, rootsOf(plan.graph), given).forEach((values, i) => {
    const off = Math.max(...values.map((value, at) => Math.abs(value - wanted[i]![at]!)));
    expect(off, [...graph.outputs.keys()][i]).toBeLessThan(1e-12);
  });
});

test("parts are as large as 32 MiB allow, and of one size where rows allow", () => {
  const rowsOfParts = (rows: number, classes: number) => {
    const { b, graph } = head({ rows, classes, width: 2, isFrozen: true });
    return rowsOf(cutLargeProducts(graph, b), classes);
  };
  expect(rowsOfParts(256, 32_768)).toEqual([256]);
  expect(rowsOfParts(257, 32_768)).toEqual([192, 65]);
  expect(rowsOfParts(1984, 30_523)).toEqual([256, 256, 256, 256, 256, 256, 256, 192]);
  expect(rowsOfParts(130, 300_000)).toEqual([64, 64, 2]);
});

describe("a product stays whole where", () => {
  const [rows, classes] = [128, 20] as const;
  const stays = (make: (b: Builder, logits: Node) => readonly Node[]) => {
    const b = new Builder(rules);
    const logits = b.matmul(b.parameter("x", [rows, 3]), b.parameter("w", [3, classes]));
    const outputs = new Map(make(b, logits).map((node, i) => [`${i}`, node]));
    const cut = inParts(simplify({ name: "g", outputs, updates: [] }, b), b, classes);
    return rowsOf(cut, classes).includes(rows);
  };
  const targets = (b: Builder) => b.input("targets", [rows], "i32");

  test.each([
    ["its rows are compared", (b, x) => [b.sum(b.mul(b.reduce("max", x, [0], true), x), [1])]],
    ["it is an output", (b, x) => [x, crossEntropy(b, x, targets(b))]],
    [
      "another product needs it beside others",
      (b, x) => [
        b.sum(b.matmul(b.concat([x, x], 1), b.parameter("v", [2 * classes, 2])), [1]),
        crossEntropy(b, x, targets(b)),
      ],
    ],
    [
      "sums over its rows take more than its parts leave out",
      (b, x) => {
        const loss = crossEntropy(b, x, targets(b));
        const hidden = b.parameter("h", [rows, 70]);
        return [loss, b.matmul(b.swap(hidden), x)];
      },
    ],
    ["rows are folded together alone", (b, x) => [b.sum(b.tanh(x), [0])]],
    ["no row is folded", (b, x) => [b.matmul(b.tanh(x), b.parameter("v", [classes, 2]))]],
    [
      "its gradient needs the whole loss",
      (b, x) => {
        const loss = crossEntropy(b, x, targets(b));
        return [loss, b.sum(b.mul(x, loss), [1])];
      },
    ],
  ] as readonly (readonly [string, (b: Builder, x: Node) => readonly Node[]])[])(
    "%s",
    (_, make) => {
      expect(stays(make)).toBe(true);
    },
  );

  test("not where rows are folded alone", () => {
    expect(stays((b, x) => [crossEntropy(b, x, targets(b))])).toBe(false);
  });
});

test("what is small goes along where large parts meet it again", () => {
  const b = new Builder(rules);
  const logits = b.matmul(b.parameter("x", [128, 3]), b.parameter("w", [3, 40]));
  const shares = softmax(b, logits);
  const mixed = b.matmul(shares, b.parameter("v", [40, 2]));
  const outputs = new Map([
    ["mixed", mixed],
    ["sum", b.matmul(b.swap(mixed), shares)],
  ]);
  const graph = simplify({ name: "g", outputs, updates: [] }, b);
  const cut = inParts(graph, b, 40);
  expect(rowsOf(cut, 40)).toEqual([64, 64]);
  const random = seeded(3);
  const given = new Map([
    ["x", random.floats(128 * 3)],
    ["w", random.floats(3 * 40)],
    ["v", random.floats(40 * 2)],
  ]);
  const wanted = interpret(rules, rootsOf(graph), given);
  interpret(rules, rootsOf(cut), given).forEach((values, i) => {
    const off = Math.max(...values.map((value, at) => Math.abs(value - wanted[i]![at]!)));
    expect(off).toBeLessThan(1e-12);
  });
});

test("two losses are each made in parts", () => {
  const b = new Builder(rules);
  const losses = ["first", "second"].map((name) => {
    const logits = b.matmul(b.parameter(name, [128, 3]), b.parameter("w", [3, 20]));
    return crossEntropy(b, logits, b.input(`${name} targets`, [128], "i32"));
  });
  const outputs = new Map([["loss", b.add(losses[0]!, losses[1]!)]]);
  const cut = inParts(simplify({ name: "g", outputs, updates: [] }, b), b, 20);
  expect(rowsOf(cut, 20)).toEqual([64, 64, 64, 64]);
  expect(elements(cut.outputs.get("loss")!.type.shape)).toBe(1);
});

test.each([
  ["pipelines/stage1.blip", 30_523],
  ["pipelines/stage2-opt.blip", 50_272],
])("no tensor of %s has 32 MiB of a vocabulary's logits", (file, classes) => {
  const { model } = loadPipeline({ base: process.cwd(), file, sets: [] });
  const [stage] = model!.stages.values();
  const { batch } = model!.data.get(stage!.data.value)!;
  const graphs = buildStage(model!, stage!.name, { batch: batch.value });
  const { step } = trainingGraphs(graphs, stage!);
  const graph = optimize(step, graphs.builder, portableTarget);
  const logits = reachable(rootsOf(graph)).filter(
    ({ type: { shape } }) =>
      shape.length === 2 && shape[1] === classes && ![768, 2560].includes(shape[0]!),
  );
  expect(logits.length).toBeGreaterThan(0);
  expect(Math.max(...logits.map(({ type }) => storageBytes(type)))).toBeLessThanOrEqual(2 ** 25);
});
