/** What to compile for: the least that WebGPU promises, or the adapter of this machine. */
import type { Target } from "../compiler/program.ts";
import type { Cli } from "./cli.ts";
import { tunedTiles } from "./tuned-tiles.ts";

/** Opens the device for `adapter`, with what was measured on it unless `tune` is false. Throws `NoAdapter`. */
export async function targetOf(
  cli: Cli,
  { target, tune }: { readonly target: "portable" | "adapter"; readonly tune: boolean },
): Promise<Target> {
  if (target === "portable") return (await import("../compiler/program.ts")).portableTarget;
  const { openDevice } = await import("../runtime/device/open-device.ts");
  const device = await openDevice(await tunedTiles(cli, tune));
  try {
    return device.target;
  } finally {
    device.close();
  }
}
