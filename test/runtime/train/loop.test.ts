/** The training loop on a graph of one weight matrix, on the device. */
import { describe, expect, test } from "vitest";
import { differentiate } from "../../../compiler/3-differentiate/differentiate.ts";
import { scalingPaths } from "../../../compiler/3-differentiate/loss-scaling.ts";
import { compileGraph } from "../../../compiler/compile-graph.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { adamwRateRows, adamwRates } from "../../../compiler/optimizers/adamw.ts";
import { type Executable, prepare } from "../../../runtime/execute/executable.ts";
import type { HostTensors } from "../../../runtime/execute/host-tensors.ts";
import { DeviceMemory } from "../../../runtime/execute/memory.ts";
import { type LoopRequest, NonFinite, trainLoop } from "../../../runtime/train/loop.ts";
import type { StepReport } from "../../../runtime/train/progress.ts";
import { StepSeeds, seedOf } from "../../../runtime/train/step-seeds.ts";
import { sharedDevice } from "../../support/device.ts";

const betas = [0.9, 0.99] as const;

/** Least squares of `rows` records with three features, ready to run. */
async function regression(rows: number, accumulate: number, scale?: number) {
  const device = await sharedDevice();
  const b = new Builder(rules);
  const x = b.input("x", [rows, 3]);
  const y = b.input("y", [rows, 1]);
  const weight = b.parameter("w", [3, 1]);
  const error = b.sub(b.matmul(x, weight), y);
  const loss = b.mean(b.mul(error, error), [0, 1]);
  const outputs = new Map([
    ["loss", loss],
    ["fit", loss],
  ]);
  const isScaled = scale !== undefined;
  const plan = { betas, eps: 1e-8, weightDecay: () => 0, accumulate, isScaled };
  const graphs = differentiate(b, rules, "regression", loss, outputs, [weight], plan);
  const memory = new DeviceMemory(device);
  const make = (graph: typeof graphs.step) =>
    prepare(device, compileGraph(graph.name, graph.outputs, graph.updates, device.target), memory);
  const step = await make(graphs.step);
  const apply = graphs.apply === undefined ? undefined : await make(graphs.apply);
  if (scale !== undefined)
    await memory.upload(scalingPaths.scale, padded(Float32Array.of(scale), memory));
  const read = async () => new Float32Array((await memory.download("w")).buffer).slice(0, 3);
  return { step, apply, read };
}

/** Contents of the buffer of the scale. */
function padded(values: Float32Array, memory: DeviceMemory): Uint8Array {
  const tensor = memory.tensors.find(({ name }) => name === scalingPaths.scale)!;
  const bytes = new Uint8Array(tensor.bytes);
  bytes.set(new Uint8Array(values.buffer));
  return bytes;
}

/** Losses are finite, gradients are not. */
const steep = {
  next: async (): Promise<HostTensors> => {
    const [x, y] = [new Float32Array(24), new Float32Array(8)];
    x[0] = 1e20;
    y[0] = 1e19;
    return { x, y };
  },
};

/** The rates of a step with a scaled loss. */
const scaledRates = {
  learningRate: () => 0.05,
  input: (done: number) => adamwRateRows(0.05, done + 1, betas),
};

/** Record `index` of an endless stream: y = 1 x0 - 2 x1 + 3 x2. */
function record(index: number): readonly [readonly number[], number] {
  const x = [Math.sin(index * 1.3), Math.cos(index * 2.1), Math.sin(index * 0.7 + 1)];
  return [x, x[0]! - 2 * x[1]! + 3 * x[2]!];
}

function stream(rows: number, spoil?: number, skipped = 0) {
  let at = rows * skipped;
  let batch = 0;
  return {
    next: async (): Promise<HostTensors> => {
      const records = Array.from({ length: rows }, () => record(at++));
      const x = Float32Array.from(records.flatMap(([features]) => features));
      const y = Float32Array.from(records, ([, value]) => value);
      if (batch++ === spoil) y[0] = Number.NaN;
      return { x, y };
    },
  };
}

async function runLoop(
  parts: Awaited<ReturnType<typeof regression>>,
  rows: number,
  more: Partial<LoopRequest> = {},
) {
  const reports: StepReport[] = [];
  const saves: number[] = [];
  const outcome = await trainLoop({
    step: parts.step,
    apply: parts.apply,
    batches: stream(rows),
    seedInputs: [],
    seeds: new StepSeeds({ seed: 0, counter: 0 }),
    rates: { learningRate: () => 0.05, input: (done) => adamwRates(0.05, done + 1, betas) },
    accumulate: 1,
    recordsPerStep: rows,
    start: 0,
    total: 60,
    objectives: ["fit"],
    signal: undefined,
    onStep: (report) => reports.push(report),
    saveEvery: 25,
    save: async (step) => {
      saves.push(step);
      expect(reports.at(-1)?.step).toBe(step);
    },
    now: () => performance.now(),
    ...more,
  });
  return { reports, saves, outcome };
}

describe("the training loop with a scaled loss", () => {
  test("skips steps while the scale is too great, says how many, and then learns", async () => {
    const parts = await regression(8, 1, 2 ** 127);
    const { reports } = await runLoop(parts, 8, { rates: scaledRates });
    const skipped = reports.map(({ metrics }) => metrics["skipped_steps"]!);
    const last = skipped.at(-1)!;
    expect(skipped.slice(0, last)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    expect(last).toBeGreaterThan(0);
    expect(last).toBeLessThan(20);
    expect(reports.at(-1)!.metrics["loss_scale"]).toBe(2 ** (127 - last));
    const plain = await regression(8, 1);
    const learned = await runLoop(plain, 8, {
      batches: stream(8, undefined, last),
      total: 60 - last,
    });
    expect(reports.at(-1)!.loss).toBe(learned.reports.at(-1)!.loss);
    expect([...(await parts.read())]).toEqual([...(await plain.read())]);
  });

  test("stops where no scale of 1 or more gives finite gradients, and where the loss is NaN", async () => {
    const spoiled = await regression(8, 1, 2);
    const run = runLoop(spoiled, 8, { rates: scaledRates, batches: steep });
    await expect(run).rejects.toMatchObject({ name: "NonFinite", output: "loss_scale" });
    const broken = await regression(8, 1, 2 ** 16);
    const other = runLoop(broken, 8, { rates: scaledRates, batches: stream(8, 3) });
    await expect(other).rejects.toMatchObject({ name: "NonFinite", step: 4, output: "loss" });
  });
});

describe("the training loop", () => {
  test("lowers the loss, reports every step in order, saves on the way and at the end", async () => {
    const parts = await regression(8, 1);
    const { reports, saves, outcome } = await runLoop(parts, 8);
    expect(outcome).toEqual({ step: 60, isStopped: false });
    expect(reports.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(saves).toEqual([25, 50, 60]);
    expect(reports.at(-1)!.loss).toBeLessThan(reports[0]!.loss / 4);
    expect(Object.keys(reports[0]!.losses)).toEqual(["fit"]);
  });

  test("gives with two micro-batches what one batch of twice the size gives", async () => {
    const whole = await regression(8, 1);
    await runLoop(whole, 8);
    const halves = await regression(4, 2);
    await runLoop(halves, 4, { accumulate: 2 });
    const [one, two] = [await whole.read(), await halves.read()];
    one.forEach((value, index) => {
      expect(Math.abs(value - two[index]!)).toBeLessThan(1e-4);
    });
  });

  test("stops after the step under way when asked, and saves there", async () => {
    const controller = new AbortController();
    const reports: number[] = [];
    const { outcome, saves } = await runLoop(await regression(8, 1), 8, {
      signal: controller.signal,
      saveEvery: undefined,
      onStep: ({ step }) => {
        reports.push(step);
        if (step === 7) controller.abort();
      },
      save: async (step) => {
        saves_.push(step);
      },
    });
    expect(outcome.isStopped).toBe(true);
    expect(outcome.step).toBeLessThanOrEqual(9);
    expect(reports.at(-1)).toBe(outcome.step);
    expect(saves_).toEqual([outcome.step]);
    expect(saves).toEqual([]);
  });
  const saves_: number[] = [];

  test("names the step of a loss that is not finite, and saves nothing after it", async () => {
    const saves: number[] = [];
    const run = runLoop(await regression(8, 1), 8, {
      batches: stream(8, 29),
      save: async (step) => {
        saves.push(step);
      },
    });
    await expect(run).rejects.toThrow(NonFinite);
    await expect(run).rejects.toMatchObject({ step: 30, output: "loss" });
    expect(saves).toEqual([25]);
  });
});

test("what sees a whole step runs before anything is learned, on the same micro-batches and seeds", async () => {
  const calls: [name: string, inputs: HostTensors][] = [];
  const slot = (name: string, size: number, type: "f32" | "i32" = "f32") => ({
    ...{ name, shape: [size], type },
    buffer: 0,
  });
  const fake = (name: string, inputs: ReturnType<typeof slot>[], output: string) =>
    ({
      program: { name, inputs },
      whenFree: async () => {},
      submit: (given: HostTensors) => {
        calls.push([name, given]);
        return { outputs: Promise.resolve({ [output]: Float32Array.of(calls.length) }) };
      },
    }) as unknown as Executable;
  const micro = [slot("x", 2), slot("seed", 2, "i32"), slot("micro_batch", 1, "i32")];
  let at = 0;
  const reports: StepReport[] = [];
  await trainLoop({
    whole: {
      represent: fake("represent", micro, "nothing"),
      compute: fake("compute", [slot("x", 6), slot("ids", 3, "i32")], "itc"),
    },
    step: fake("step", [...micro, slot("rates", 3)], "itm"),
    apply: fake("apply", [slot("rates", 3)], "gradient_norm"),
    batches: {
      next: async () => {
        at += 1;
        return { x: Float32Array.of(at, -at), ids: Int32Array.of(10 * at) };
      },
    },
    seedInputs: ["seed"],
    seeds: new StepSeeds({ seed: 0, counter: 0 }),
    rates: { learningRate: () => 1, input: () => Float32Array.of(1, 1, 1) },
    accumulate: 3,
    recordsPerStep: 6,
    start: 0,
    total: 1,
    objectives: ["itm", "itc"],
    signal: undefined,
    onStep: (report) => reports.push(report),
    saveEvery: undefined,
    save: async () => {},
    now: () => 0,
  });
  const names = ["represent", "represent", "represent", "compute", "step", "step", "step", "apply"];
  expect(calls.map(([name]) => name)).toEqual(names);
  const inputsOf = (name: string) =>
    calls.flatMap(([each, inputs]) => (each === name ? [inputs] : []));
  expect(inputsOf("compute")).toEqual([
    { x: Float32Array.of(1, -1, 2, -2, 3, -3), ids: Int32Array.of(10, 20, 30) },
  ]);
  expect(inputsOf("step")).toEqual(
    inputsOf("represent").map((inputs) => ({ ...inputs, rates: Float32Array.of(1, 1, 1) })),
  );
  expect(inputsOf("represent").map(({ micro_batch }) => micro_batch![0])).toEqual([0, 1, 2]);
  expect(new Set(inputsOf("represent").map(({ seed }) => String(seed))).size).toBe(3);
  expect(Object.entries(reports[0]!.losses)).toEqual([
    ["itm", 6],
    ["itc", 4],
  ]);
});

test("seeds depend on the run's seed and the count alone", () => {
  const seeds = new StepSeeds({ seed: 5, counter: 0 });
  const first = [seeds.next(), seeds.next()].map(String);
  const later = new StepSeeds({ seed: 5, counter: 1 });
  expect(String(later.next())).toBe(first[1]);
  expect(first[0]).not.toBe(first[1]);
  expect(String(seedOf({ seed: 6, counter: 0 }))).not.toBe(first[0]);
  expect(seeds.state).toEqual({ seed: 5, counter: 2 });
});
