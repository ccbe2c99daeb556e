/** Rows of a GPU run → the goals for a data-centre GPU, each met, missed or not measured. */
import { ownCell, underPeer, type Verdict } from "../goals.ts";
import type { HostCosts } from "../host/host-costs.ts";
import type { Results, Row } from "../measure.ts";
import { number, percent } from "../spread.ts";
import { bytesOf, type Workload } from "../workloads.ts";

/** The goals, in order. */
export function gpuVerdicts({ rows, peak }: Results, host: HostCosts): readonly Verdict[] {
  const products = (isHalf: boolean) =>
    rows.filter(
      ({ work }) => work.kind === "product" && work.isHalf === isHalf && work.rows >= 4096,
    );
  const first = (isIt: (work: Workload) => boolean) =>
    rows.filter(({ work }) => isIt(work)).slice(0, 1);
  const passes = rows.filter(({ work }) => work.kind === "pass");
  const steps = rows.filter(({ work }) => work.kind === "stage");
  return [
    ...products(true).map((row) => ofPeer(row, "f16 weights", "PyTorch cuda bf16", 0.35)),
    ...products(false).map((row) => ofPeer(row, "f32", "PyTorch cuda f32", 0.7)),
    ...passes.map((row) => ofCopy(row, peak.copy.median)),
    ...first((work) => work.kind === "stage").map((row) =>
      underPeer(row.work.name, row, "PyTorch cuda bf16", 1.5),
    ),
    ...first((work) => work.kind === "block" && !work.trains).map((row) =>
      underPeer(row.work.name, row, "PyTorch cuda bf16", 2.5),
    ),
    ...steps.map(idle),
    {
      what: "host",
      goal: "at most 5 us a dispatch",
      measured: `${number(host.microsecondsADispatch.median)} us`,
      isMet: host.microsecondsADispatch.median <= 5,
    },
  ];
}

function ofPeer(row: Row, about: string, column: string, least: number): Verdict {
  const ratio = row.cells.find((cell) => cell.column === column)?.ratio?.median;
  return {
    what: `${row.work.name}, ${about}`,
    goal: `at least ${least} of ${column}'s rate`,
    measured: ratio === undefined ? "not measured" : number(ratio),
    isMet: ratio === undefined ? undefined : ratio >= least,
  };
}

function ofCopy(row: Row, copy: number): Verdict {
  const own = ownCell(row);
  const bytes = bytesOf(row.work);
  const goal = "at least 0.7 of the device's copy";
  if (own === undefined || bytes === undefined) {
    return { what: row.work.name, goal, measured: "not measured", isMet: undefined };
  }
  const share = bytes / own.wall.median / 1e6 / copy;
  return { what: row.work.name, goal, measured: percent(share), isMet: share >= 0.7 };
}

/** What of a step's time no dispatch was running, by the device's timestamps. */
function idle(row: Row): Verdict {
  const own = ownCell(row);
  const goal = "device idle less than 10 % of a step";
  if (own?.profile === undefined || own.profile.clock !== "timestamps") {
    return { what: row.work.name, goal, measured: "not measured", isMet: undefined };
  }
  const share = Math.max(0, 1 - own.profile.milliseconds / own.wall.median);
  return { what: row.work.name, goal, measured: percent(share), isMet: share < 0.1 };
}
