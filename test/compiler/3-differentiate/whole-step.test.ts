/** Objectives over a whole step, in f64: the same loss and gradients as a step that is not split, dropout included. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { CheckedModel } from "../../../compiler/1-check/model.ts";
import { buildStage } from "../../../compiler/2-build/build-stage.ts";
import type { StageGraphs } from "../../../compiler/2-build/stage-graphs.ts";
import { gradientPath } from "../../../compiler/3-differentiate/differentiate.ts";
import { gradients } from "../../../compiler/3-differentiate/gradients.ts";
import type { TrainingGraph } from "../../../compiler/3-differentiate/training-graph.ts";
import { microBatchInput } from "../../../compiler/3-differentiate/whole-step.ts";
import { trainingGraphs } from "../../../compiler/compile.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { type Node, reachable } from "../../../compiler/ir/node.ts";
import { elements } from "../../../compiler/ir/tensor-type.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { checkExample, printed } from "../../support/check-example.ts";
import { seeded } from "../../support/random.ts";

const tiny = readFileSync(new URL("../../end-to-end/tiny.blip", import.meta.url), "utf8");

/** Records of a step, and those of a micro-batch. */
const records = 6;
const micro = 2;

/** Instead of the contrast of the tiny pipeline. */
const withObjective = (text: string) =>
  tiny.replace(/objective itc: contrastive \{[^}]*\}/, text).replace(/objective itm[^}]*\}/, "");

const sigmoid = withObjective(`objective itc: expression {
  scale = learned(2)
  image = normalize(scale * linear(bridge(q), width: 8), over: width)
  text = normalize(linear(bridge(caption).cls, width: 8), over: width)
  cosine = max(dot(image, rename(text, batch: texts), over: width), over: queries)
  t = learned(log(10), name: "factor")
  b = learned(-10)
  z = 2 * eye(batch, texts) - 1
  loss = -mean(sum(log_sigmoid(z * (exp(t) * cosine + b)), over: texts))
  accuracy = mean(argmax(cosine, over: texts) == index(batch))
}`);

const written = withObjective(`objective itc: expression {
  words = sum(caption.mask, over: tokens)
  best = argmax(sum(bridge(q), over: width), over: queries)
  image = mean(bridge(q), over: queries) + stop_gradient(best) * 0.1
  text = mean(bridge(caption), over: tokens)
  similarity = dot(image, rename(text, batch: texts), over: width) / learned(0.5)
  loss = cross_entropy(similarity, over: texts, target: index(batch), smoothing: 0.1) + mean(words * 0.001 + words * image * 0.01)
}`);

const towers = readFileSync("pipelines/shapes/encoder.blip", "utf8");

function modelOf(text: string, set: readonly string[]): CheckedModel {
  const { model } = checkExample({ text, set });
  expect(model, printed({ text, set })).toBeDefined();
  return model!;
}

type Values = Map<string, ArrayLike<number>>;

/** The inputs of `count` records. */
function inputsOf({ inputs }: StageGraphs, count: number): Values {
  const random = seeded(3);
  const given: Values = new Map();
  for (const { name, type, source } of inputs) {
    const size = count * elements(type.shape.slice(1));
    const draw = (low: number, high: number) =>
      Array.from({ length: size }, () => random.integer(low, high));
    if (source.kind === "image") given.set(name, random.floats(size));
    if (source.kind === "token-ids") given.set(name, draw(6, 40));
    if (source.kind === "token-mask") given.set(name, draw(0, 1));
    if (source.kind === "image-ids") given.set(name, draw(1, 3));
    if (source.kind === "seed") given.set(name, [11, 12]);
  }
  return given;
}

/** The part of a micro-batch, with a seed of its own. */
function partOf(all: Values, at: number): Values {
  const parts = records / micro;
  return new Map([
    ...[...all].map(([name, values]) => {
      const size = values.length / parts;
      const own = Array.from(values).slice(at * size, (at + 1) * size);
      return [name, name === "seed" ? [21 + at, 5] : own] as const;
    }),
    [microBatchInput, [at]],
  ]);
}

/** Weights that are no zeros. */
function weightsOf(graphs: StageGraphs): Values {
  const random = seeded(8);
  return new Map(
    [...graphs.trainable, ...graphs.frozen].map(({ attributes: { path, shape } }) => {
      const isScalar = shape.length === 0;
      const values = random.floats(elements(shape));
      return [path, isScalar ? [0.7] : values.map((each) => 0.3 * each)] as const;
    }),
  );
}

/** Runs a graph; what it changes is changed in `state`. */
function run({ outputs, updates }: TrainingGraph, state: Values, inputs: Values) {
  const roots = [...outputs.values(), ...updates.map(({ value }) => value)];
  for (const node of reachable(roots)) {
    if (node.op !== "parameter") continue;
    const { path, shape } = node.attributes;
    if (!state.has(path)) state.set(path, new Float64Array(elements(shape)));
  }
  const values = interpret(rules, roots, new Map([...state, ...inputs]));
  updates.forEach(({ target }, i) => {
    state.set(target.attributes.path, values[outputs.size + i]!);
  });
  return new Map([...outputs.keys()].map((name, i) => [name, values[i]![0]!]));
}

/** Represents, computes and learns; gives the running gradients and the means of all outputs. */
function splitStep(model: CheckedModel, name: string, all: Values, weights: Values) {
  const graphs = buildStage(model, name, { batch: micro });
  const { whole, step } = trainingGraphs(graphs, model.stages.get(name)!);
  const state: Values = new Map(weights);
  const parts = Array.from({ length: records / micro }, (_, at) => partOf(all, at));
  for (const part of parts) run(whole!.represent, state, part);
  const found = run(whole!.compute, state, all);
  const sums = new Map<string, number>();
  for (const part of parts)
    for (const [output, value] of run(step, state, part))
      sums.set(output, (sums.get(output) ?? 0) + value / parts.length);
  const running = new Map(
    graphs.trainable.map(({ attributes: { path } }) => [path, state.get(gradientPath(path))]),
  );
  return { outputs: new Map([...found, ...sums]), running, trainable: graphs.trainable };
}

const norm = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

test.each([
  ["a contrast", tiny, "learn", "itc", []],
  ["one of whose sides learns", tiny, "learn", "itc", ["itc.gradient=row"]],
  ["one with a fixed temperature", tiny, "learn", "itc", ["itc.temperature=0.2"]],
  ["one by pictures", tiny, "learn", "itc", ["itc.image_ids=true"]],
  ["one beside a loss of single records", tiny, "learn", "2 * itc + itg", []],
  ["the sigmoid loss", sigmoid, "learn", "itc", []],
  ["a written loss", written, "learn", "itc", []],
  ["two towers", towers, "pretrain", "match", []],
] as const)("%s: as if the step were not split", (_, text, name, minimize, more) => {
  const contrast = name === "learn" ? "itc" : "match";
  const sets = [
    ...(name === "learn" ? ["dropout=0"] : []),
    `pairs.batch=${records}`,
    `${name}.minimize=${minimize}`,
    ...more,
  ];
  const plain = buildStage(modelOf(text, sets), name, { batch: records });
  // Captions of one length: a mean over words of the step is then a mean of means.
  const all = inputsOf(plain, records);
  if (minimize.includes("itg")) all.set("caption.mask", new Array(records * 14).fill(1));
  const weights = weightsOf(plain);
  const outputs = [["loss", plain.total] as const, ...plain.losses, ...plain.metrics];
  const slopes = gradients(plain.builder, rules, plain.total, plain.trainable) as Node[];
  const expected = interpret(
    rules,
    [...outputs.map(([, node]) => node), ...slopes],
    new Map([...weights, ...all]),
  );
  const model = modelOf(text, [
    ...sets,
    `${name}.accumulate=${records / micro}`,
    `${name}.whole=[${contrast}]`,
  ]);
  const split = splitStep(model, name, all, weights);
  outputs.forEach(([output], i) => {
    expect(split.outputs.get(output)! / expected[i]![0]! - 1 || 0).toBeCloseTo(0, 12);
  });
  expect(split.trainable.map(({ attributes }) => attributes.path)).toEqual(
    plain.trainable.map(({ attributes }) => attributes.path),
  );
  const wanted = expected.slice(outputs.length).map((values) => [...values]);
  const whole = norm(wanted.flat());
  expect(whole).toBeGreaterThan(1e-4);
  plain.trainable.forEach(({ attributes: { path } }, i) => {
    const found = split.running.get(path)!;
    const difference = norm(wanted[i]!.map((value, at) => value - found[at]!));
    // Of some tensors the gradient is 0 but for rounding.
    expect(difference, path).toBeLessThanOrEqual(1e-12 * norm(wanted[i]!) + 1e-13 * whole);
  });
});

test("with dropout, the gradient of the loss that the masks of all micro-batches give", () => {
  const model = modelOf(tiny, [
    "dropout=0.3",
    `pairs.batch=${records}`,
    "learn.minimize=itc",
    `learn.accumulate=${records / micro}`,
    "learn.whole=itc",
  ]);
  const graphs = buildStage(model, "learn", { batch: micro });
  const all = inputsOf(graphs, records);
  const weights = weightsOf(graphs);
  const { running, trainable } = splitStep(model, "learn", all, weights);
  const random = seeded(9);
  const direction = new Map(
    trainable.map(({ attributes: { path, shape } }) => [path, random.floats(elements(shape))]),
  );
  const lossAt = (by: number) => {
    const moved: Values = new Map(weights);
    for (const [path, along] of direction)
      moved.set(
        path,
        Array.from(weights.get(path)!, (value, i) => value + by * along[i]!),
      );
    return splitStep(model, "learn", all, moved).outputs.get("itc")!;
  };
  const step = 1e-5;
  const slope = (lossAt(step) - lossAt(-step)) / (2 * step);
  const found = [...direction].reduce((sum, [path, along]) => {
    const gradient = running.get(path)!;
    return along.reduce((part, value, i) => part + value * gradient[i]!, sum);
  }, 0);
  expect(Math.abs(found)).toBeGreaterThan(1e-2);
  expect(found / slope).toBeCloseTo(1, 6);
  // Masks drawn anew would be another loss.
  const plain = modelOf(tiny, ["dropout=0", "learn.minimize=itc", `pairs.batch=${records}`]);
  const still = buildStage(plain, "learn", { batch: records });
  const [loss] = interpret(rules, [still.total], new Map([...weights, ...all]));
  expect(Math.abs(lossAt(0) - loss![0]!)).toBeGreaterThan(1e-3);
});
