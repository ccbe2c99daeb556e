/** A step that the device does quickly → what the host spends on it: sending, submissions, reading losses. */
import type { Device } from "../../runtime/device/open-device.ts";
import { encodeLaunches, type Launch } from "../../runtime/execute/prepare.ts";
import { type Spread, spread } from "../spread.ts";
import { compileStageStep, openStageStep } from "../stages/stage-step.ts";
import { type UploadRates, uploadRates } from "./upload.ts";

export interface HostCosts {
  readonly dispatches: number;
  /** Microseconds from the call that sends a step to its return, by dispatch. */
  readonly microsecondsADispatch: Spread;
  /** Of those, in the calls that WebGPU needs for the step's dispatches, and nothing else. */
  readonly calls: Spread;
  /** The same for as many dispatches that change neither pipeline nor bindings. */
  readonly unchanged: Spread;
  /** `queue.submit` calls of one step whose losses are read. */
  readonly submissions: number;
  /** Time of steps whose losses are read one step late, over that of steps whose losses nobody reads. */
  readonly reading: Spread;
  readonly upload: UploadRates;
}

const samples = 30;
const stepsInARow = 10;

/** Measures the small stage 1 of the demo, whose kernels are so short that the host shows. */
export async function hostCosts(device: Device): Promise<HostCosts> {
  const request = { file: "pipelines/shapes/stage1.blip", batch: 2, words: 14 };
  const step = await openStageStep(compileStageStep(request, device.target), device);
  const { dispatches } = step.program;
  await step.submit(1, []).outputs;
  const { launches } = step.executable.prepared;
  const sent: number[] = [];
  const calls: number[] = [];
  const unchanged: number[] = [];
  const each = async (into: number[], send: () => Promise<unknown>) => {
    const start = performance.now();
    const done = send();
    into.push((1000 * (performance.now() - start)) / dispatches.length);
    await done;
  };
  for (let i = 0; i < samples; i++) {
    await each(sent, () => step.submit(2, []).outputs);
    await each(calls, () => encoded(device, (pass) => encodeLaunches(pass, launches)));
    await each(unchanged, () => encoded(device, (pass) => encodeAlike(pass, launches)));
  }
  const ratios: number[] = [];
  for (let i = 0; i < 5; i++) {
    const without = await inARow((t) => step.submit(t, []).outputs);
    ratios.push((await inARow((t) => step.submit(t, ["loss"]).outputs)) / without);
  }
  const submissions = await countSubmissions(device, () => step.submit(3, ["loss"]).outputs);
  await step.close();
  return {
    dispatches: dispatches.length,
    microsecondsADispatch: spread(sent),
    calls: spread(calls),
    unchanged: spread(unchanged),
    submissions,
    reading: spread(ratios),
    upload: await uploadRates(device),
  };
}

/** Sends one pass and nothing else. */
function encoded(device: Device, encode: (pass: GPUComputePassEncoder) => void): Promise<unknown> {
  const { gpu } = device;
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  encode(pass);
  pass.end();
  gpu.queue.submit([encoder.finish()]);
  return gpu.queue.onSubmittedWorkDone();
}

/** As many dispatches as there are launches, all of the first one and of one workgroup. */
function encodeAlike(pass: GPUComputePassEncoder, launches: readonly Launch[]): void {
  const { pipeline, bindings } = launches[0]!;
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindings);
  for (const _ of launches) pass.dispatchWorkgroups(1);
}

/** Milliseconds of some steps; each is sent before the one in front of it is waited for. */
async function inARow(send: (t: number) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let before: Promise<unknown> | undefined;
  for (let t = 1; t <= stepsInARow; t++) {
    const now = send(t);
    await before;
    before = now;
  }
  await before;
  return performance.now() - start;
}

async function countSubmissions(device: Device, work: () => Promise<unknown>): Promise<number> {
  const { queue } = device.gpu;
  const submit = queue.submit.bind(queue);
  let count = 0;
  Object.defineProperty(queue, "submit", {
    configurable: true,
    value: (buffers: Iterable<GPUCommandBuffer>) => {
      count += 1;
      submit(buffers);
    },
  });
  try {
    await work();
  } finally {
    Reflect.deleteProperty(queue, "submit");
  }
  return count;
}
