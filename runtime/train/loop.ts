/** Batches → optimizer steps: micro-batches, rates, seeds, losses read one step late, checkpoints, a stop on request. */

import { microBatchInput } from "../../compiler/3-differentiate/whole-step.ts";
import type { Program } from "../../compiler/program.ts";
import type { Executable } from "../execute/executable.ts";
import type { HostTensor, HostTensors } from "../execute/host-tensors.ts";
import { Pace, type StepReport } from "./progress.ts";
import type { Rates } from "./schedule.ts";
import type { StepSeeds } from "./step-seeds.ts";

/** Where micro-batches come from, in an order that only depends on what was handed out before. */
export interface BatchStream {
  /** The next micro-batch: the step program's inputs but for seed and rates. */
  next(): Promise<HostTensors>;
}

/** Run for each micro-batch of a step, and then once, before any of them is learned from. */
export interface WholePrograms {
  readonly represent: Executable;
  readonly compute: Executable;
}

/** What the loop runs. */
export interface LoopRequest {
  readonly step: Executable;
  /** Present with accumulation. */
  readonly apply: Executable | undefined;
  /** Present where objectives see all micro-batches. */
  readonly whole?: WholePrograms | undefined;
  readonly batches: BatchStream;
  /** Names of the step program's seed inputs. */
  readonly seedInputs: readonly string[];
  readonly seeds: StepSeeds;
  readonly rates: Rates;
  /** Micro-batches a step. */
  readonly accumulate: number;
  readonly recordsPerStep: number;
  /** Steps done before. */
  readonly start: number;
  /** Step after which training ends. */
  readonly total: number;
  /** Names of the losses among the outputs, in the order of reports. */
  readonly objectives: readonly string[];
  /** Aborted: the loop ends after the step under way. */
  readonly signal: AbortSignal | undefined;
  /** Called with each step's numbers, in order. */
  readonly onStep: (report: StepReport) => void;
  /** Steps between two calls of `validate`; undefined: none but the last. */
  readonly validateEvery?: number | undefined;
  /** Called between steps, when all reports have been made, before `save`; also after the last step. */
  readonly validate?: ((step: number) => Promise<void>) | undefined;
  /** Steps between two calls of `save`; undefined: only at the end. */
  readonly saveEvery: number | undefined;
  /** Called between steps, when all reports have been made. */
  readonly save: (step: number) => Promise<void>;
  /** Milliseconds; only their differences count. */
  readonly now: () => number;
}

/** How the loop ended. */
export interface LoopOutcome {
  readonly step: number;
  /** True when it was asked to stop. */
  readonly isStopped: boolean;
}

/** A loss or a gradient norm that is not finite, or a loss scale below 1. */
export class NonFinite extends Error {
  override readonly name = "NonFinite";
  /** Step in which it appeared, 1 for the first. */
  readonly step: number;
  /** Name of the output. */
  readonly output: string;

  constructor(step: number, output: string, value: number) {
    super(`${output} is ${value} at step ${step}`);
    this.step = step;
    this.output = output;
  }
}

interface Pending {
  readonly step: number;
  readonly learningRate: number;
  readonly outputs: Promise<readonly HostTensors[]>;
}

/** Steps under way at once: the device never waits for the host to read losses. */
const depth = 2;

/**
 * Runs steps `start + 1` … `total`, saving on the way and at the end.
 * @throws `NonFinite`, at most two steps after the step that it names, before anything of it is saved; what the device,
 * the batches and `save` throw
 */
export async function trainLoop(request: LoopRequest): Promise<LoopOutcome> {
  const { total, start, signal, saveEvery, validateEvery, validate } = request;
  const pending: Pending[] = [];
  const pace = new Pace();
  let done = start;
  let saved = -1;
  const settle = async (most: number) => {
    while (pending.length > most) await settleFirst(pending, request, pace);
  };
  try {
    while (done < total && signal?.aborted !== true) {
      pending.push(await sendStep(request, done));
      done += 1;
      await settle(depth - 1);
      const isMeasured = validateEvery !== undefined && done % validateEvery === 0;
      if (validate !== undefined && (isMeasured || done === total)) {
        await settle(0);
        await validate(done);
      }
      if (saveEvery !== undefined && done % saveEvery === 0) {
        await settle(0);
        await request.save(done);
        saved = done;
      }
    }
    await settle(0);
    if (saved !== done) await request.save(done);
    return { step: done, isStopped: done < total };
  } finally {
    // Nobody waits for these any more after a fault.
    for (const { outputs } of pending) outputs.catch(() => {});
  }
}

async function sendStep(request: LoopRequest, done: number): Promise<Pending> {
  const { step, apply, whole, rates } = request;
  const rateInput = rates.input(done);
  const outputs: Promise<HostTensors>[] = [];
  const send = async (each: Executable, inputs: HostTensors) => {
    await each.whenFree();
    outputs.push(each.submit(inputs).outputs);
  };
  const learn = (inputs: HostTensors) =>
    send(step, taken(step.program, { ...inputs, rates: rateInput }));
  const all: HostTensors[] = [];
  for await (const inputs of microBatches(request)) {
    if (whole === undefined) {
      await learn(inputs);
      continue;
    }
    const { represent } = whole;
    represent.submit(taken(represent.program, inputs));
    all.push(inputs);
  }
  if (whole !== undefined) {
    await send(whole.compute, joined(whole.compute.program, all));
    for (const inputs of all) await learn(inputs);
  }
  if (apply !== undefined) await send(apply, { rates: rateInput });
  return {
    step: done + 1,
    learningRate: rates.learningRate(done),
    outputs: Promise.all(outputs),
  };
}

/** Where a step's inputs come from. */
export interface MicroBatches {
  readonly batches: BatchStream;
  readonly seeds: StepSeeds;
  readonly seedInputs: readonly string[];
  readonly accumulate: number;
}

/** The micro-batches of the next step, each with its seed and its number. */
export async function* microBatches(from: MicroBatches): AsyncGenerator<HostTensors> {
  for (let micro = 0; micro < from.accumulate; micro += 1) {
    const seed = from.seeds.next();
    const inputs: Record<string, HostTensor> = { ...(await from.batches.next()) };
    for (const name of from.seedInputs) inputs[name] = seed;
    inputs[microBatchInput] = Int32Array.of(micro);
    yield inputs;
  }
}

/** The inputs of a program, those of all micro-batches one behind the other. */
export function joined(program: Program, all: readonly HostTensors[]): HostTensors {
  return Object.fromEntries(
    program.inputs.map(({ name, type, shape }) => {
      const length = shape.reduce((product, size) => product * size, 1);
      const whole = type === "i32" ? new Int32Array(length) : new Float32Array(length);
      all.forEach((each, micro) => {
        whole.set(each[name]!, (micro * length) / all.length);
      });
      return [name, whole];
    }),
  );
}

/** The inputs that a program has; what nothing depends on was left out of it. */
export function taken(program: Program, inputs: HostTensors): HostTensors {
  return Object.fromEntries(
    program.inputs.flatMap(({ name }) => {
      const tensor = inputs[name];
      return tensor === undefined ? [] : [[name, tensor] as const];
    }),
  );
}

async function settleFirst(pending: Pending[], request: LoopRequest, pace: Pace): Promise<void> {
  const first = pending.shift();
  if (first === undefined) return;
  const means = meansOf(await first.outputs);
  const fault = faultAmong(means);
  if (fault !== undefined) throw new NonFinite(first.step, ...fault);
  pace.mark(request.recordsPerStep, request.now());
  const losses: Record<string, number> = {};
  const metrics: Record<string, number> = {};
  for (const name of request.objectives) {
    const value = means.get(name);
    if (value !== undefined) losses[name] = value;
  }
  for (const [name, value] of means) {
    if (name !== "loss" && !request.objectives.includes(name)) metrics[name] = value;
  }
  const { samplesPerSecond } = pace;
  const samplesLeft = (request.total - first.step) * request.recordsPerStep;
  request.onStep({
    step: first.step,
    total: request.total,
    loss: means.get("loss") ?? 0,
    losses,
    metrics,
    learningRate: first.learningRate,
    samplesPerSecond,
    secondsLeft: samplesPerSecond > 0 ? samplesLeft / samplesPerSecond : 0,
  });
}

/**
 * The first output that ends a run. With a scaled loss the norm of the gradients may be infinite, since such a step changes
 * nothing but the scale; a scale below 1 means that no scale would do.
 */
function faultAmong(means: ReadonlyMap<string, number>): readonly [string, number] | undefined {
  const scale = means.get("loss_scale");
  if (scale !== undefined && scale < 1) return ["loss_scale", scale];
  return [...means].find(
    ([name, value]) => !Number.isFinite(value) && (scale === undefined || name !== "gradient_norm"),
  );
}

/** Mean of each scalar over the runs that gave it. */
function meansOf(runs: readonly HostTensors[]): ReadonlyMap<string, number> {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const run of runs) {
    for (const [name, tensor] of Object.entries(run)) {
      const entry = sums.get(name) ?? { sum: 0, count: 0 };
      entry.sum += tensor[0] ?? 0;
      entry.count += 1;
      sums.set(name, entry);
    }
  }
  return new Map([...sums].map(([name, { sum, count }]) => [name, sum / count]));
}
