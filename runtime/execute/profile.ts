/** Where a step's time goes: each dispatch timed by itself, summed by label. */
import { invariant } from "../device/errors.ts";
import type { Device } from "../device/open-device.ts";
import { allocate } from "./allocate.ts";
import { type Executable, writeInputs } from "./executable.ts";
import { checkInputs, type HostTensors } from "./host-tensors.ts";
import { encodeLaunches, type Launch } from "./prepare.ts";
import { mapForReading, usage } from "./usage.ts";

/** Time of all dispatches of one label in one step. */
export interface ProfileRow {
  readonly label: string;
  readonly dispatches: number;
  /** Mean over the runs. */
  readonly milliseconds: number;
}

/** Where a step's time went, slowest first. */
export interface Profile {
  /** `timestamps` of the device, or `wall` where it has none: each dispatch then waits for itself. */
  readonly clock: "timestamps" | "wall";
  readonly runs: number;
  /** Sum of the rows. */
  readonly milliseconds: number;
  readonly rows: readonly ProfileRow[];
}

/** WebGPU's limit of a query set is 4,096; two are needed for a dispatch. */
const dispatchesPerSet = 2048;

/**
 * Runs the program `runs` times (after one that is not counted) with one pass a dispatch. State changes as in a run.
 * @throws what `Executable.run` throws
 */
export async function profile(
  executable: Executable,
  inputs: HostTensors,
  runs = 3,
): Promise<Profile> {
  const { prepared } = executable;
  const { device, launches } = prepared;
  invariant(runs >= 1, `${runs} runs cannot be profiled`);
  checkInputs(executable.program.inputs, inputs);
  await executable.run(inputs, { read: [] });
  const hasTimestamps = device.features.has("timestamp-query");
  const time = hasTimestamps ? timestamps : waitedTimes;
  const sums = new Float64Array(launches.length);
  for (let run = 0; run < runs; run += 1) {
    writeInputs(prepared, inputs);
    for (let start = 0; start < launches.length; start += dispatchesPerSet) {
      const part = await time(device, launches.slice(start, start + dispatchesPerSet));
      part.forEach((milliseconds, index) => {
        sums[start + index] = (sums[start + index] ?? 0) + milliseconds / runs;
      });
    }
  }
  const rows = byLabel(launches, sums);
  const milliseconds = rows.reduce((sum, row) => sum + row.milliseconds, 0);
  return { clock: hasTimestamps ? "timestamps" : "wall", runs, milliseconds, rows };
}

function byLabel(launches: readonly Launch[], times: Float64Array): readonly ProfileRow[] {
  const rows = new Map<string, ProfileRow>();
  launches.forEach(({ label }, index) => {
    const row = rows.get(label);
    rows.set(label, {
      label,
      dispatches: (row?.dispatches ?? 0) + 1,
      milliseconds: (row?.milliseconds ?? 0) + (times[index] ?? 0),
    });
  });
  return [...rows.values()].sort((one, other) => other.milliseconds - one.milliseconds);
}

/** Milliseconds of each dispatch by the device's clock. */
async function timestamps(device: Device, launches: readonly Launch[]): Promise<readonly number[]> {
  const { gpu } = device;
  const bytes = launches.length * 16;
  const bits = usage.queryResolve | usage.copySource;
  const resolved = await allocate(device, { name: "timestamps", bytes, usage: bits });
  const readable = usage.mapRead | usage.copyTarget;
  const staging = await allocate(device, { name: "timestamps", bytes, usage: readable });
  const querySet = gpu.createQuerySet({ type: "timestamp", count: launches.length * 2 });
  try {
    const encoder = gpu.createCommandEncoder();
    launches.forEach((launch, index) => {
      const timestampWrites = {
        querySet,
        beginningOfPassWriteIndex: index * 2,
        endOfPassWriteIndex: index * 2 + 1,
      };
      const pass = encoder.beginComputePass({ timestampWrites });
      encodeLaunches(pass, [launch]);
      pass.end();
    });
    encoder.resolveQuerySet(querySet, 0, launches.length * 2, resolved.buffer, 0);
    encoder.copyBufferToBuffer(resolved.buffer, 0, staging.buffer, 0, bytes);
    gpu.queue.submit([encoder.finish()]);
    await device.guard(staging.buffer.mapAsync(mapForReading));
    const ticks = new BigUint64Array(staging.buffer.getMappedRange());
    const times = launches.map((_, index) => {
      const nanoseconds = (ticks[index * 2 + 1] ?? 0n) - (ticks[index * 2] ?? 0n);
      return Math.max(0, Number(nanoseconds)) / 1e6;
    });
    staging.buffer.unmap();
    return times;
  } finally {
    querySet.destroy();
    resolved.destroy();
    staging.destroy();
  }
}

/** Milliseconds of each dispatch, submitted and waited for one by one. */
export async function waitedTimes(
  device: Device,
  launches: readonly Launch[],
): Promise<readonly number[]> {
  const times: number[] = [];
  for (const launch of launches) {
    const encoder = device.gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    encodeLaunches(pass, [launch]);
    pass.end();
    const start = performance.now();
    device.gpu.queue.submit([encoder.finish()]);
    await device.guard(device.gpu.queue.onSubmittedWorkDone());
    times.push(performance.now() - start);
  }
  return times;
}
