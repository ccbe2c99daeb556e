/** Measurements → where the time of a goal that was missed goes, in words for the table of goals. */
import type { HostCosts } from "./host/host-costs.ts";
import type { FeatureGain } from "./kept-features/kept-features.ts";
import type { Cell, Row } from "./measure.ts";
import { number, percent, size } from "./spread.ts";
import type { ColdAndWarm } from "./start-up/start-up.ts";
import { flopOf } from "./workloads.ts";

/** Products of a block or stage: their share of the step and how quick both columns are. */
export function whySlower(row: Row | undefined, own: Cell | undefined, peer: string): string {
  const theirs = row?.cells.find(({ column }) => column === peer);
  const { profile } = own ?? {};
  if (row === undefined || own === undefined || theirs === undefined || profile === undefined)
    return "";
  const products = profile.rows
    .filter(({ label }) => label.startsWith("matmul "))
    .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rate = (cell: Cell) => number(flopOf(row.work) / cell.wall.median / 1e6);
  return `${percent(products / profile.milliseconds)} in matrix products; the whole step runs at ${rate(own)} GFLOP/s, ${peer} at ${rate(theirs)}`;
}

/** The rounds of a product, whose machine is not equally quick in all of them. */
export function whyUnderPeak(share: (cpuMilliseconds: number) => number, own: Cell): string {
  const { least, most } = own.cpu;
  return `all in one kernel: ${percent(share(most))} to ${percent(share(least))} over its rounds`;
}

export function whyManyPipelines({ cold, firstUses }: ColdAndWarm): string {
  const kinds = firstUses.map(({ kind, shaders }) => `${shaders} ${kind}`).join("; ");
  return `${cold.usedOnce} serve one dispatch each (embeddings, losses, first and last layers). By kind: ${kinds}`;
}

export function whyCold({ cold, firstUses }: ColdAndWarm): string {
  const kinds = firstUses.map(({ kind, seconds }) => `${kind} ${number(seconds)} s`).join("; ");
  return `translating shaders, on one core after the other: ${kinds}; of the start, ${number((cold.ready.system + cold.first.system) / 1000)} s are the system's for ${size(cold.ready.touched + cold.first.touched)} of memory touched for the first time`;
}

export function whyWarm({ warm, touching }: ColdAndWarm): string {
  const system = warm.ready.system + warm.first.system;
  return `${number(system / 1000)} s of processor time are the system's, for ${size(touching.touched)} of memory touched for the first time (touching as much and nothing else: ${number(touching.wall / 1000)} s); pipelines, buffers and bindings take ${number(warm.ready.user / 1000)} s of processor time beside that`;
}

export function whyHost({ calls, unchanged }: HostCosts): string {
  return `WebGPU's own calls for these dispatches, with nothing of ours: ${number(calls.median)} us; where neither pipeline nor bindings change: ${number(unchanged.median)} us`;
}

export function whyFeatures({ encode, step, expected }: FeatureGain): string {
  return `the tower is ${number(encode.median)} ms beside ${number(step.median)} ms of the rest, so that leaving it out gains ${number(expected)}x at most`;
}
