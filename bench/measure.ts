/** Columns and rows → medians: everything is made ready first, then measured in rounds that visit each cell once. */
import type { Column, Contender } from "./columns/column.ts";
import type { Peak, PeakSample } from "./peak/peak.ts";
import type { Workload } from "./workloads.ts";

/** Middle of some samples and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** One column's result for one workload; times are milliseconds of one run. */
export interface Cell {
  readonly column: string;
  readonly wall: Spread;
  /** CPU time of the whole process; absent where the column computes elsewhere. */
  readonly cpu?: Spread;
  /** Of making it ready, compilation and the first run. */
  readonly start: number;
  /** Runs a sample. */
  readonly times: number;
}

export interface Row {
  readonly work: Workload;
  readonly cells: readonly Cell[];
}

export interface Results {
  readonly rows: readonly Row[];
  readonly peak: { readonly wall: Spread; readonly cpu: Spread; readonly copy: Spread };
}

export interface MeasureOptions {
  readonly rounds: number;
  /** Milliseconds that a sample should take at least. */
  readonly sample: number;
  /** Told what happens. */
  readonly onProgress?: (text: string) => void;
}

interface Entry {
  readonly column: Column;
  readonly contender: Contender;
  readonly times: number;
  readonly wall: number[];
  readonly cpu: number[];
}

/** Measures every workload in every column that can do it. */
export async function measure(
  columns: readonly Column[],
  works: readonly Workload[],
  peak: Peak,
  { rounds, sample, onProgress = () => {} }: MeasureOptions,
): Promise<Results> {
  const table: { readonly work: Workload; readonly entries: readonly Entry[] }[] = [];
  for (const work of works) {
    const entries: Entry[] = [];
    for (const column of columns) {
      onProgress(`making ready: ${work.name}, ${column.name}`);
      const contender = await column.prepare(work);
      if (contender === undefined) continue;
      const start = performance.now();
      await contender.run(1);
      const times = Math.min(100, Math.ceil(sample / (performance.now() - start)));
      entries.push({ column, contender, times, wall: [], cpu: [] });
    }
    table.push({ work, entries });
  }
  const peaks: PeakSample[] = [];
  for (let round = 0; round < rounds; round++) {
    peaks.push(await peak.sample(100));
    for (const { work, entries } of table) {
      onProgress(`round ${round + 1} of ${rounds}: ${work.name}`);
      for (const entry of entries) await takeSample(entry);
    }
  }
  for (const { entries } of table) for (const { contender } of entries) contender.destroy();
  return {
    rows: table.map(({ work, entries }) => ({ work, cells: entries.map(cellOf) })),
    peak: {
      wall: spread(peaks.map(({ wall }) => wall)),
      cpu: spread(peaks.map(({ cpu }) => cpu)),
      copy: spread(peaks.map(({ copy }) => copy)),
    },
  };
}

async function takeSample({ contender, times, wall, cpu }: Entry): Promise<void> {
  const before = process.cpuUsage();
  const start = performance.now();
  await contender.run(times);
  wall.push((performance.now() - start) / times);
  const { user, system } = process.cpuUsage(before);
  cpu.push((user + system) / 1000 / times);
}

function cellOf({ column, contender, times, wall, cpu }: Entry): Cell {
  const cell = {
    column: column.name,
    wall: spread(wall),
    start: contender.startMilliseconds,
    times,
  };
  return column.computesHere ? { ...cell, cpu: spread(cpu) } : cell;
}

/** Median, least and most of at least one number. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return { median, least: sorted[0]!, most: sorted.at(-1)! };
}
