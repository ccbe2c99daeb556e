/** How many dispatches a plan becomes, known before any text is made. */
import { blockCount } from "../5-schedule/blocks.ts";
import type { Kernel } from "../5-schedule/kernel.ts";
import type { Plan } from "../5-schedule/plan.ts";

/** `emit` makes exactly as many. */
export function launchCount({ kernels, target }: Pick<Plan, "kernels" | "target">): number {
  const most = target.maxStorageBufferBindingSize;
  return kernels.reduce(
    (sum, planned) => sum + launchesOf(planned.kernel) * blockCount(planned, most),
    0,
  );
}

/** A scatter links rows before it adds them; a map that stores nothing does nothing. */
function launchesOf(kernel: Kernel): number {
  if (kernel.kind === "scatter") return 2;
  return kernel.kind === "map" && kernel.stores.length === 0 ? 0 : 1;
}
