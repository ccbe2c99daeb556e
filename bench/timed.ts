/** Something that is run → the time of one run. */
import type { Sample } from "./columns/column.ts";

/** Wall and CPU time of something of this process; the driver's threads are among its own. */
export async function timed(times: number, work: () => Promise<unknown>): Promise<Sample> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = (performance.now() - start) / times;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1000 / times };
}
