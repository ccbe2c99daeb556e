/** Results → the goals of the project on a software adapter, each met or missed, as a table. */
import type { HostCosts } from "./host/host-costs.ts";
import type { FeatureGain } from "./kept-features/kept-features.ts";
import type { Cell, Results, Row } from "./measure.ts";
import { number, percent, size } from "./spread.ts";
import { added, type ColdAndWarm, started } from "./start-up/start-up.ts";
import {
  whyCold,
  whyFeatures,
  whyHost,
  whyManyPipelines,
  whySlower,
  whyUnderPeak,
  whyWarm,
} from "./why.ts";
import { flopOf, type Workload } from "./workloads.ts";

/** One line: `isMet` is undefined where it was not measured. */
export interface Verdict {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  readonly isMet: boolean | undefined;
  /** Where the time goes, told where the goal is missed. */
  readonly why?: string;
}

/** Everything that goals are read off. */
export interface Measured {
  readonly results: Results;
  readonly start?: ColdAndWarm;
  readonly host?: HostCosts;
  readonly features?: FeatureGain;
}

/** The goals; what the run did not measure says so. */
export function verdicts({ results, start, host, features }: Measured): readonly Verdict[] {
  const rowOf = (isIt: (work: Workload) => boolean) => results.rows.find(({ work }) => isIt(work));
  const cube = (isHalf: boolean) => (work: Workload) =>
    work.kind === "product" &&
    work.isHalf === isHalf &&
    work.rows === 1024 &&
    work.depth === 1024 &&
    work.columns === 1024;
  const block = (trains: boolean) =>
    rowOf((work) => work.kind === "block" && work.trains === trains);
  const product = rowOf(cube(false));
  return [
    overWebGpu("product 1024^3, f32", product, 4.5),
    ofPeak("product 1024^3, f32", product, results, 0.15),
    ofPeak("product 1024^3, f16 weights", rowOf(cube(true)), results, 0.2),
    overWebGpu("block, forward", block(false), 4.5),
    underPeer("block, forward", block(false), "PyTorch CPU", 2.6),
    overWebGpu("block, training step", block(true), 5.5),
    {
      ...overPeer("block, training step", block(true), "jax-js wasm", 3.3),
      why: whySlower(block(true), ownCell(block(true)), "jax-js wasm"),
    },
    underPeer("block, training step", block(true), "PyTorch CPU", 3.5),
    ...([1, 2] as const).flatMap((which) => stageGoals(results, which)),
    ...startGoals(start),
    ...hostGoals(host),
    ...featureGoals(features),
  ];
}

function stageGoals(results: Results, which: 1 | 2): readonly Verdict[] {
  const row = results.rows.find(({ work }) => work.kind === "stage" && work.stage === which);
  const what = `stage-${which} step`;
  const torch = row?.cells.find(({ column }) => column === "PyTorch CPU");
  const own = ownCell(row);
  const difference = torch?.difference;
  const { planned, peak } = own?.facts ?? {};
  const theirs = torch?.facts.peak;
  return [
    underPeer(what, row, "PyTorch CPU", 3.5),
    {
      what,
      goal: "losses of two steps equal PyTorch's (1e-4)",
      measured:
        difference === undefined ? "not measured" : `they differ by ${difference.toExponential(1)}`,
      isMet: difference === undefined ? undefined : difference <= 1e-4,
    },
    {
      what: `${what}, device memory`,
      goal: "equal to the plan to the byte",
      measured:
        planned === undefined || peak === undefined
          ? "not measured"
          : `${peak} bytes allocated, ${planned} planned: ${peak - planned} more`,
      isMet: planned === undefined || peak === undefined ? undefined : planned === peak,
    },
    {
      what: `${what}, device memory`,
      goal: "at most PyTorch's peak",
      measured:
        peak === undefined || theirs === undefined
          ? "not measured"
          : `${size(peak)}, PyTorch's process grew by ${size(theirs)}`,
      isMet: peak === undefined || theirs === undefined ? undefined : peak <= theirs,
    },
  ];
}

function startGoals(start: ColdAndWarm | undefined): readonly Verdict[] {
  const what = "stage-1 step, start";
  if (start === undefined) {
    const goal = "at most 40 pipelines; cold under 15 s, warm under 1 s";
    return [{ what, goal, measured: "not measured", isMet: undefined }];
  }
  const { cold, warm } = start;
  const text = (each: typeof cold) =>
    `${number(added(each) / 1000)} s (pipelines and first step ${number(started(each) / 1000)} s, a later one ${number(each.later.wall / 1000)} s)`;
  return [
    {
      what,
      goal: "at most 40 pipelines",
      measured: `${cold.pipelines}, ${cold.dispatches} dispatches`,
      isMet: cold.pipelines <= 40,
      why: whyManyPipelines(start),
    },
    {
      what,
      goal: "empty shader cache: pipelines and first step take under 15 s more than a later step",
      measured: text(cold),
      isMet: added(cold) < 15_000,
      why: whyCold(start),
    },
    {
      what,
      goal: "filled shader cache: under 1 s more",
      measured: text(warm),
      isMet: added(warm) < 1000,
      why: whyWarm(start),
    },
  ];
}

function hostGoals(host: HostCosts | undefined): readonly Verdict[] {
  if (host === undefined) {
    return [
      { what: "host", goal: "at most 5 us a dispatch", measured: "not measured", isMet: undefined },
    ];
  }
  const { microsecondsADispatch: each, submissions, reading, dispatches } = host;
  return [
    {
      what: "host, sending a step",
      goal: "at most 5 us a dispatch",
      measured: `${number(each.median)} us (${dispatches} dispatches)`,
      isMet: each.median <= 5,
      why: whyHost(host),
    },
    {
      what: "host",
      goal: "one submission a step",
      measured: String(submissions),
      isMet: submissions === 1,
    },
    {
      what: "host, reading losses",
      goal: "does not hold up the next step (at most 1.1x)",
      measured: `${number(reading.median)}x the time without reading`,
      isMet: reading.median <= 1.1,
    },
  ];
}

function featureGoals(gain: FeatureGain | undefined): readonly Verdict[] {
  const what = "stage 1, `cache = features`, epochs after the first";
  const goal = "at least 2.5x faster";
  if (gain === undefined) return [{ what, goal, measured: "not measured", isMet: undefined }];
  const { published, expected, measured } = gain;
  return [
    {
      what: `${what}, EVA-g, by operations`,
      goal,
      measured: `${number(published)}x`,
      isMet: published >= 2.5,
    },
    {
      what: `${what}, middle size, measured`,
      goal,
      measured: `${number(measured.median)}x, ${number(expected)}x by operations`,
      isMet: measured.median >= 2.5,
      why: whyFeatures(gain),
    },
  ];
}

/** Our cell of a row. */
export function ownCell(row: Row | undefined): Cell | undefined {
  return row?.cells.find(({ kind }) => kind === "own");
}

/** The quickest of a row's WebGPU peers. */
function bestWebGpu(row: Row | undefined): Cell | undefined {
  const cells = row?.cells.filter(({ kind }) => kind === "webgpu") ?? [];
  return cells.toSorted((one, other) => one.wall.median - other.wall.median)[0];
}

function overWebGpu(what: string, row: Row | undefined, least: number): Verdict {
  const best = bestWebGpu(row);
  return compared(
    what,
    `at least ${least}x the best WebGPU peer`,
    best,
    (ratio) => ratio >= least,
    (ratio) => `${number(ratio)}x ${best?.column}`,
  );
}

function overPeer(what: string, row: Row | undefined, peer: string, least: number): Verdict {
  const cell = row?.cells.find(({ column }) => column === peer);
  return compared(
    what,
    `at least ${least}x ${peer}`,
    cell,
    (ratio) => ratio >= least,
    (ratio) => `${number(ratio)}x`,
  );
}

/** Whether our time is at most so many times a peer's. */
export function underPeer(what: string, row: Row | undefined, peer: string, most: number): Verdict {
  const cell = row?.cells.find(({ column }) => column === peer);
  return compared(
    what,
    `at most ${most}x ${peer}'s time`,
    cell,
    (ratio) => 1 / ratio <= most,
    (ratio) => `${number(1 / ratio)}x`,
  );
}

/** `cell.ratio` is its time over ours. */
function compared(
  what: string,
  goal: string,
  cell: Cell | undefined,
  isMet: (ratio: number) => boolean,
  text: (ratio: number) => string,
): Verdict {
  const ratio = cell?.ratio?.median;
  if (ratio === undefined) return { what, goal, measured: "not measured", isMet: undefined };
  return { what, goal, measured: text(ratio), isMet: isMet(ratio) };
}

function ofPeak(what: string, row: Row | undefined, { peak }: Results, least: number): Verdict {
  const cell = ownCell(row);
  const goal = `at least ${least} of FMA peak`;
  if (row === undefined || cell === undefined)
    return { what, goal, measured: "not measured", isMet: undefined };
  const share = peakShare(row.work, cell, peak);
  const { cpu } = cell;
  const shareAt = (milliseconds: number) => (share * cpu.median) / milliseconds;
  const why = whyUnderPeak(shareAt, cell);
  return { what, goal, measured: percent(share), isMet: share >= least, why };
}

/** FLOP per CPU-second over that of multiply-adds in registers: other work on the machine hardly changes it. */
export function peakShare(work: Workload, cell: Cell, peak: Results["peak"]): number {
  const threads = peak.threads;
  return (((cell.facts.flop ?? flopOf(work)) / cell.cpu.median / 1e6) * threads) / peak.cpu.median;
}
