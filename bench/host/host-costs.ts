/** A step that the device does quickly → what the host spends on it: sending, submissions, reading losses. */
import type { Device } from "../../runtime/device/open-device.ts";
import { type Spread, spread } from "../spread.ts";
import { compileStageStep, openStageStep } from "../stages/stage-step.ts";

export interface HostCosts {
  readonly dispatches: number;
  /** Microseconds from the call that sends a step to its return, by dispatch. */
  readonly microsecondsADispatch: Spread;
  /** `queue.submit` calls of one step whose losses are read. */
  readonly submissions: number;
  /** Time of steps whose losses are read one step late, over that of steps whose losses nobody reads. */
  readonly reading: Spread;
}

const samples = 30;
const stepsInARow = 10;

/** Measures the small stage 1 of the demo, whose kernels are so short that the host shows. */
export async function hostCosts(device: Device): Promise<HostCosts> {
  const request = { file: "pipelines/shapes/stage1.blip", batch: 2, words: 14 };
  const step = await openStageStep(compileStageStep(request, device.target), device);
  const { dispatches } = step.program;
  await step.submit(1, []).outputs;
  const sent: number[] = [];
  for (let i = 0; i < samples; i++) {
    const start = performance.now();
    const { outputs } = step.submit(2, []);
    sent.push((1000 * (performance.now() - start)) / dispatches.length);
    await outputs;
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
    submissions,
    reading: spread(ratios),
  };
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
