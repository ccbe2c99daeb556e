/** Bytes of the host → a device buffer, in the two ways that WebGPU has. */
import type { Device } from "../../runtime/device/open-device.ts";
import { allocate } from "../../runtime/execute/allocate.ts";
import { DeviceMemory } from "../../runtime/execute/memory.ts";
import { usage } from "../../runtime/execute/usage.ts";
import { type Spread, spread } from "../spread.ts";

/** GB/s from the first byte to a buffer that a kernel can read. */
export interface UploadRates {
  /** As weights go: `writeBuffer` in pieces. */
  readonly inPieces: Spread;
  /** Into the mapped range of a buffer that was mapped at its creation. */
  readonly mapped: Spread;
}

const bytes = 96 * 1024 * 1024;
const rounds = 7;

/** Both by turns, into new buffers. */
export async function uploadRates(device: Device): Promise<UploadRates> {
  const source = new Uint8Array(bytes).fill(7);
  const inPieces: number[] = [];
  const mapped: number[] = [];
  for (let round = 0; round < rounds; round++) {
    inPieces.push(
      await rate(device, async () => {
        const memory = new DeviceMemory(device);
        memory.allocate("weight", bytes, "f32", [bytes / 4]);
        await memory.upload("weight", source);
        return () => memory.destroy();
      }),
    );
    mapped.push(
      await rate(device, async () => {
        const made = await allocate(device, {
          name: "weight",
          bytes,
          usage: usage.storage | usage.copySource | usage.copyTarget,
          fill: (target) => target.set(source),
        });
        return async () => made.destroy();
      }),
    );
  }
  return { inPieces: spread(inPieces), mapped: spread(mapped) };
}

async function rate(device: Device, upload: () => Promise<() => Promise<void>>): Promise<number> {
  const start = performance.now();
  const free = await upload();
  await device.gpu.queue.onSubmittedWorkDone();
  const seconds = (performance.now() - start) / 1000;
  await free();
  return bytes / seconds / 1e9;
}
