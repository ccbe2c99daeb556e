/**
 * Child process: a stage from its text to its first losses, in a process and with a shader cache that its parent chose.
 * Prints one line of JSON: `StartUp`, or `FirstUses` by kind where these are asked for. Argument: JSON of `StartUpRequest`.
 */
import { openDevice } from "../../runtime/device/open-device.ts";
import { compileStageStep, openStageStep } from "../stages/stage-step.ts";
import { type FirstUses, firstUses } from "./first-uses.ts";
import type { StartUp, StartUpRequest } from "./start-up.ts";

const request: StartUpRequest = JSON.parse(process.argv[2] ?? "{}");
const { adapter, isByKind = false, ...stage } = request;
const device = await openDevice(adapter === undefined ? {} : { adapter });
const compiled = compileStageStep(stage, device.target);
const step = await openStageStep(compiled, device, { isAhead: !isByKind });
if (isByKind) await tell(await firstUses(step.executable.prepared));
const times: number[] = [];
for (let t = 1; t <= 2; t++) {
  const start = performance.now();
  await step.submit(t, ["loss"]).outputs;
  times.push(performance.now() - start);
}
const { program, milliseconds } = compiled;
const answer: StartUp = {
  compile: milliseconds,
  first: step.prepareMilliseconds + times[0]!,
  later: times[1]!,
  pipelines: new Set(program.shaders.map(({ wgsl }) => wgsl)).size,
  dispatches: program.dispatches.length,
};
await tell(answer);

function tell(found: StartUp | readonly FirstUses[]): Promise<never> {
  return new Promise(() => {
    process.stdout.write(`${JSON.stringify(found)}\n`, () => process.exit(0));
  });
}
