/** Child process: two training steps of one stage. Prints one line of JSON. Argument: JSON of `RealSizeRequest`. */
import { readFileSync } from "node:fs";
import { elements } from "../../compiler/ir/tensor-type.ts";
import { openDevice } from "../../runtime/device/open-device.ts";
import { bytesAllocated } from "../../runtime/execute/allocate.ts";
import { compileStageStep, openStageStep } from "../stages/stage-step.ts";
import type { RealSizeAnswer, RealSizeRequest } from "./real-size.ts";

const request: RealSizeRequest = JSON.parse(process.argv[2] ?? "{}");
const { adapter, ...stage } = request;
const device = await openDevice(adapter === undefined ? {} : { adapter });
const compiled = compileStageStep(stage, device.target);
const start = performance.now();
const step = await openStageStep(compiled, device);
const preparation = performance.now() - start;
const times: number[] = [];
const losses: number[] = [];
for (let t = 1; t <= 2; t++) {
  const begin = performance.now();
  const outputs = await step.submit(t, ["loss"]).outputs;
  times.push(performance.now() - begin);
  losses.push(outputs["loss"]![0]!);
}
const { graphs, program, flop, planned, milliseconds } = compiled;
const count = (parameters: typeof graphs.frozen) =>
  parameters.reduce((sum, { attributes }) => sum + elements(attributes.shape), 0);
const answer: RealSizeAnswer = {
  adapter: device.adapter.name,
  driver: device.adapter.driver,
  frozen: count(graphs.frozen),
  trainable: count(graphs.trainable),
  compilation: milliseconds,
  preparation,
  first: times[0]!,
  second: times[1]!,
  losses,
  flop,
  dispatches: program.dispatches.length,
  pipelines: program.shaders.length,
  planned,
  allocated: bytesAllocated(device),
  resident: peakResident(),
};
process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0));

/** Bytes; 0 where the system does not say. */
function peakResident(): number {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"));
    return line === null ? 0 : Number(line[1]) * 1024;
  } catch {
    return 0;
  }
}
