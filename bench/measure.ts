/** Columns and workloads → times: a workload is made ready in every column, then measured in rounds that visit each once. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Profile } from "../runtime/execute/profile.ts";
import type { Column, ColumnKind, Contender, Facts, Sample } from "./columns/column.ts";
import type { Absent } from "./columns/peers.ts";
import type { Peak, PeakSample } from "./peak/peak.ts";
import { type Spread, spread } from "./spread.ts";
import type { Workload } from "./workloads.ts";

/** One column's result for one workload; times are milliseconds of one run. */
export interface Cell {
  readonly column: string;
  readonly kind: ColumnKind;
  readonly wall: Spread;
  readonly cpu: Spread;
  /** Of making it ready, compilation and the first run. */
  readonly start: number;
  readonly rounds: number;
  /** Time of this column over ours in the same round; absent for ours. */
  readonly ratio?: Spread;
  /** Greatest difference of the checked numbers from ours, over the greatest of ours. */
  readonly difference?: number;
  readonly facts: Facts;
  /** Where our time goes, for blocks and stages. */
  readonly profile?: Profile;
}

export interface Row {
  readonly work: Workload;
  readonly cells: readonly Cell[];
  /** Columns that should do it and failed. */
  readonly failures: readonly Absent[];
}

/** The machine's own rates. */
export interface MachinePeak {
  readonly threads: number;
  readonly method: string;
  readonly wall: Spread;
  readonly cpu: Spread;
  readonly copy: Spread;
}

export interface Results {
  readonly rows: readonly Row[];
  readonly peak: MachinePeak;
}

export interface MeasureOptions {
  /** At most so many rounds. */
  readonly rounds: number;
  /** Milliseconds that a sample should take at least. */
  readonly sample: number;
  /** Milliseconds that a column may spend on a workload; the slow ones get fewer rounds, one at least. */
  readonly budget: number;
  /** Told what happens. */
  readonly onProgress: (text: string) => void;
}

interface Entry {
  readonly column: Column;
  readonly contender: Contender;
  readonly times: number;
  readonly rounds: number;
  readonly samples: Sample[];
}

/** Measures every workload in every column that can do it; the first column is ours. */
export async function measure(
  columns: readonly Column[],
  works: readonly Workload[],
  peak: Peak,
  options: MeasureOptions,
): Promise<Results> {
  const rows: Row[] = [];
  const peaks: PeakSample[] = [await peak.sample(100)];
  for (const work of works) {
    rows.push(await measureRow(columns, work, peak, peaks, options));
  }
  return {
    rows,
    peak: {
      threads: peak.threads,
      method: peak.method,
      wall: spread(peaks.map(({ wall }) => wall)),
      cpu: spread(peaks.map(({ cpu }) => cpu)),
      copy: spread(peaks.map(({ copy }) => copy)),
    },
  };
}

async function measureRow(
  columns: readonly Column[],
  work: Workload,
  peak: Peak,
  peaks: PeakSample[],
  options: MeasureOptions,
): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), "blipc-bench-"));
  const entries: Entry[] = [];
  const failures: Absent[] = [];
  let profile: Profile | undefined;
  try {
    for (const column of columns) {
      options.onProgress(`${work.name}: making ready ${column.name}`);
      try {
        const contender = await column.prepare(work, folder);
        if (contender !== undefined) entries.push(await entryOf(work, column, contender, options));
      } catch (error) {
        failures.push({
          name: column.name,
          why: error instanceof Error ? error.message : String(error),
        });
      }
    }
    const most = Math.max(0, ...entries.map(({ rounds }) => rounds));
    for (let round = 0; round < most; round++) {
      options.onProgress(`${work.name}: round ${round + 1} of ${most}`);
      peaks.push(await peak.sample(50));
      for (const { contender, times, rounds, samples } of entries) {
        if (round < rounds) samples.push(await contender.run(times));
      }
    }
    if (work.kind === "block" || work.kind === "stage") {
      options.onProgress(`${work.name}: where the time goes`);
      profile = await entries.find(({ column }) => column.kind === "own")?.contender.profile?.();
    }
  } finally {
    for (const { contender } of entries) await contender.release().catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  }
  const own = entries.find(({ column }) => column.kind === "own");
  return { work, cells: entries.map((entry) => cellOf(entry, own, profile)), failures };
}

async function entryOf(
  work: Workload,
  column: Column,
  contender: Contender,
  { rounds, sample, budget }: MeasureOptions,
): Promise<Entry> {
  const { startMilliseconds } = contender;
  // The check of a training step has run it twice: where that was long, another run would say no more.
  const hasRunTwice = work.kind === "stage" || (work.kind === "block" && work.trains);
  const isLong = hasRunTwice && startMilliseconds > 2 * budget;
  const one = isLong ? startMilliseconds / 3 : (await contender.run(1)).wall;
  const times = Math.min(50, Math.max(1, Math.ceil(sample / one)));
  const affordable = Math.floor(budget / (one * times));
  const isAnchor = column.kind === "own" || column.kind === "native";
  const least = one > budget && !isAnchor ? 1 : 2;
  return {
    column,
    contender,
    times,
    rounds: Math.min(rounds, Math.max(affordable, least)),
    samples: [],
  };
}

function cellOf(
  { column, contender, samples, rounds }: Entry,
  own: Entry | undefined,
  profile?: Profile,
): Cell {
  const { startMilliseconds, check, facts } = contender;
  const cell = {
    column: column.name,
    kind: column.kind,
    wall: spread(samples.map(({ wall }) => wall)),
    cpu: spread(samples.map(({ cpu }) => cpu)),
    start: startMilliseconds,
    rounds,
    facts,
  };
  if (own === undefined || own.column === column)
    return profile === undefined ? cell : { ...cell, profile };
  const ratios = samples.flatMap(({ wall }, round) => {
    const ours = own.samples[round];
    return ours === undefined ? [] : [wall / ours.wall];
  });
  return { ...cell, ratio: spread(ratios), difference: differenceOf(own.contender.check, check) };
}

function differenceOf(ours: readonly number[], theirs: readonly number[]): number {
  const greatest = Math.max(...ours.map(Math.abs));
  return (
    Math.max(...ours.map((value, i) => Math.abs(value - (theirs[i] ?? Number.NaN)))) / greatest
  );
}
