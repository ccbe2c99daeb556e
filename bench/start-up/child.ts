/**
 * Child process: a stage from its text to its first losses, in a process and with a shader cache that its parent chose.
 * Prints one line of JSON: `StartUp`, or `FirstUses` by kind where these are asked for. Argument: JSON of `StartUpRequest`.
 */
import { openDevice } from "../../runtime/device/open-device.ts";
import { type Spent, spending } from "../spent.ts";
import { compileStageStep, openStageStep } from "../stages/stage-step.ts";
import { type FirstUses, firstUses } from "./first-uses.ts";
import type { StartUp, StartUpRequest } from "./start-up.ts";

const request: StartUpRequest = JSON.parse(process.argv[2] ?? "{}");
const { adapter, isByKind = false, ...stage } = request;
const device = await openDevice(adapter === undefined ? {} : { adapter });
const compiled = compileStageStep(stage, device.target);
let filled = spending();
const step = await openStageStep(compiled, device, {
  isAhead: !isByKind,
  onFilled: () => {
    filled = spending();
  },
});
const ready = filled();
if (isByKind) await tell(await firstUses(step.executable.prepared));
const steps: Spent[] = [];
for (let t = 1; t <= 2; t++) {
  const spent = spending();
  await step.submit(t, ["loss"]).outputs;
  steps.push(spent());
}
const { program, milliseconds } = compiled;
const uses = new Map<string, number>();
for (const { shader } of program.dispatches) {
  const { wgsl } = program.shaders[shader]!;
  uses.set(wgsl, (uses.get(wgsl) ?? 0) + 1);
}
const answer: StartUp = {
  compile: milliseconds,
  ready,
  first: steps[0]!,
  later: steps[1]!,
  pipelines: uses.size,
  usedOnce: [...uses.values()].filter((count) => count === 1).length,
  dispatches: program.dispatches.length,
};
await tell(answer);

function tell(found: StartUp | readonly FirstUses[]): Promise<never> {
  return new Promise(() => {
    process.stdout.write(`${JSON.stringify(found)}\n`, () => process.exit(0));
  });
}
