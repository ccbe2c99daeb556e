/** What to compile for: the least that WebGPU promises, or the adapter of this machine. */
import type { Target } from "../compiler/program.ts";

/** Opens the device for `adapter`. Throws `NoAdapter`. */
export async function targetOf(target: "portable" | "adapter"): Promise<Target> {
  if (target === "portable") return (await import("../compiler/program.ts")).portableTarget;
  const { openDevice } = await import("../runtime/device/open-device.ts");
  const device = await openDevice();
  try {
    return device.target;
  } finally {
    device.close();
  }
}
