/** A device → the rate at which it copies its own memory, in the place of the machine's peak. */
import type { Device } from "../../runtime/device/open-device.ts";
import { allocate } from "../../runtime/execute/allocate.ts";
import { usage } from "../../runtime/execute/usage.ts";
import type { Peak } from "../peak/peak.ts";

const copiesASample = 10;

/** GB/s, bytes read and written. The rate of multiply-adds is not known and stays 0. */
export async function deviceCopy(device: Device, bytes: number): Promise<Peak> {
  const request = { name: "copy", bytes, usage: usage.copySource | usage.copyTarget };
  const from = await allocate(device, request);
  const to = await allocate(device, request);
  const { queue } = device.gpu;
  const once = async () => {
    const encoder = device.gpu.createCommandEncoder();
    for (let i = 0; i < copiesASample; i++) {
      encoder.copyBufferToBuffer(from.buffer, 0, to.buffer, 0, bytes);
    }
    queue.submit([encoder.finish()]);
    await device.guard(queue.onSubmittedWorkDone());
  };
  await once();
  return {
    threads: 1,
    method: `${copiesASample} copies of ${bytes} bytes on the device`,
    async sample() {
      const start = performance.now();
      await once();
      const seconds = (performance.now() - start) / 1000;
      return { wall: 0, cpu: 0, copy: (2 * bytes * copiesASample) / seconds / 1e9 };
    },
    close() {
      from.destroy();
      to.destroy();
    },
  };
}
