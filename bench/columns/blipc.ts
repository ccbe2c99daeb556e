/** This compiler and runtime on an open device, as a column. */
import type { Device } from "../../runtime/device/open-device.ts";
import { bytesAllocated } from "../../runtime/execute/allocate.ts";
import { profile } from "../../runtime/execute/profile.ts";
import { exportBatch, exportWeights } from "../stages/export-stage.ts";
import { compileStageStep, openStageStep, type StageRequest } from "../stages/stage-step.ts";
import { timed } from "../timed.ts";
import type { Stage, StageSizes } from "../workloads.ts";
import { graphContender } from "./blipc-graphs.ts";
import type { Column, Contender } from "./column.ts";

/** The column `blipc`. */
export function blipc(device: Device, version: string): Column {
  return {
    name: "blipc",
    kind: "own",
    version,
    prepare: (work, folder) =>
      work.kind === "stage" ? stageContender(device, work, folder) : graphContender(device, work),
    close: () => device.close(),
  };
}

/** The stage file of the bench at the sizes of a workload. */
export function stageRequest(
  which: Stage["stage"],
  { batch, words, queries, layers, towerLayers }: StageSizes,
): StageRequest {
  const sets = [`q.count=${queries}`, `bridge.layers=${layers}`, `vision.layers=${towerLayers}`];
  return { file: `bench/stages/stage${which}.blip`, batch, words, sets };
}

async function stageContender(device: Device, work: Stage, folder: string): Promise<Contender> {
  const before = bytesAllocated(device);
  const start = performance.now();
  const compiled = compileStageStep(stageRequest(work.stage, work), device.target);
  const step = await openStageStep(compiled, device);
  await exportWeights(step, folder);
  const first = await step.submit(1).outputs;
  const second = await step.submit(2).outputs;
  exportBatch(step, [first, second], folder);
  const startMilliseconds = performance.now() - start;
  const losses = [...compiled.graphs.losses.keys()];
  const { program, planned } = compiled;
  const peak = bytesAllocated(device) - before;
  return {
    startMilliseconds,
    check: [first, second].flatMap((outputs) => losses.map((name) => outputs[name]![0]!)),
    facts: {
      flop: compiled.flop,
      dispatches: program.dispatches.length,
      pipelines: program.shaders.length,
      compileMilliseconds: compiled.milliseconds,
      planned,
      peak,
    },
    run: (times) =>
      timed(times, () =>
        Promise.all(Array.from({ length: times }, () => step.submit(3, ["loss"]).outputs)),
      ),
    profile: () => profile(step.executable, step.inputs(3), 1),
    release: () => step.close(),
  };
}
