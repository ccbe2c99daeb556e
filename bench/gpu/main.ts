/** `npm run bench:gpu`: section by section what a GPU machine is asked, with PyTorch in the same run, in under ten minutes; keeps it in GPU.md. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { openDevice } from "../../runtime/device/open-device.ts";
import { blipc } from "../columns/blipc.ts";
import type { Column } from "../columns/column.ts";
import { openPeer } from "../columns/peer.ts";
import { type Absent, openPeers, torchCommand } from "../columns/peers.ts";
import { hostCosts } from "../host/host-costs.ts";
import { kindsOf } from "../labels.ts";
import { markdownTable } from "../markdown-table.ts";
import { measure, type Row } from "../measure.ts";
import { short, verdictLines } from "../report.ts";
import { number, percent, range } from "../spread.ts";
import { bytesOf, flopOf } from "../workloads.ts";
import { adapterLines } from "./adapter.ts";
import { deviceCopy } from "./device-copy.ts";
import { gpuVerdicts } from "./verdicts.ts";
import { gpuWorks } from "./works.ts";

const usage = `npm run bench:gpu -- [--tiny]
  --tiny  sizes that a software driver does in moments, on any adapter; GPU.md stays as it is
Not run on a GPU yet: only its --tiny sizes on a software driver.`;

const { values } = parseArgs({
  options: { tiny: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

/** Seconds after which no further workload is begun. */
const lastStart = values.tiny ? 300 : 480;

const started = performance.now();
const seconds = () => (performance.now() - started) / 1000;
const onProgress = (text: string) =>
  console.error(`[${String(Math.round(seconds())).padStart(4)} s] ${text}`);

onProgress("what the adapter offers");
const offered = await adapterLines();
const device = await openDevice(values.tiny ? {} : { adapter: "gpu" });
const columns: Column[] = [blipc(device, "")];
const absent: Absent[] = [];
const places = [
  ...["f32", "tf32", "f16", "bf16"].map((type) => ["cuda", type]),
  ...(values.tiny ? ["f32", "bf16"].map((type) => ["cpu", type]) : []),
];
for (const place of places) {
  const name = `PyTorch ${place.join(" ")}`;
  onProgress(`opening ${name}`);
  try {
    columns.push(await openPeer(name, "native", torchCommand(place)));
  } catch (error) {
    absent.push({ name, why: error instanceof Error ? error.message : String(error) });
  }
}
const isPeerOfGpu = (name: string) => name.includes("WebGPU") && !values.tiny;
const peers = await openPeers("gpu", isPeerOfGpu, onProgress);
columns.push(...peers.columns);
absent.push(...peers.absent);

onProgress("what the host costs");
const host = await hostCosts(device);
const copy = await deviceCopy(device, values.tiny ? 1 << 20 : 256 << 20);
const rows: Row[] = [];
const skipped: string[] = [];
let peak = await measure(columns, [], copy, options()).then(({ peak: alone }) => alone);
for (const work of gpuWorks(values.tiny)) {
  if (seconds() > lastStart) {
    skipped.push(work.name);
    continue;
  }
  const result = await measure(columns, [work], copy, options());
  rows.push(...result.rows);
  peak = result.peak;
}
copy.close();
for (const column of columns.slice(1)) column.close();

function options() {
  return {
    rounds: values.tiny ? 2 : 5,
    sample: values.tiny ? 2 : 20,
    budget: values.tiny ? 200 : 1500,
    onProgress,
  };
}

const text = [
  `# On a GPU: ${device.adapter.name}`,
  "",
  `By \`npm run bench:gpu\`, ${new Date().toISOString().slice(0, 10)}, ${number(seconds() / 60)} minutes; ${device.adapter.driver}. Times are of runs sent back to back and waited for at the end.`,
  "",
  ...offered,
  `- Copy on the device: ${range(peak.copy)} GB/s (${peak.method})`,
  `- Host: ${range(host.microsecondsADispatch)} us a dispatch of ${host.dispatches}, ${host.submissions} submission(s) a step`,
  ...absent.map(({ name, why }) => `- Not measured: ${name}: ${short(why)}`),
  ...(skipped.length === 0 ? [] : [`- Not reached within the time: ${skipped.join("; ")}`]),
  "",
  "## Goals",
  "",
  markdownTable(["what", "goal", "measured", ""], verdictLines(gpuVerdicts({ rows, peak }, host))),
  "",
  "## Times",
  "",
  markdownTable(
    ["workload", "column", "ms (least-most)", "rate", "of copy", "time over ours", "differs by"],
    rows.flatMap(linesOf),
  ),
  "",
  ...rows.flatMap(({ work, cells }) => {
    const profile = cells.find(({ kind }) => kind === "own")?.profile;
    if (profile === undefined) return [];
    const kinds = kindsOf(profile).slice(0, 8);
    const shares = kinds.map(
      ({ kind, milliseconds }) =>
        `${kind.slice(0, 60)} ${percent(milliseconds / profile.milliseconds)}`,
    );
    return [
      `- Where the time goes, ${work.name}: ${number(profile.milliseconds)} ms by ${profile.clock}: ${shares.join("; ")}`,
    ];
  }),
].join("\n");
console.log(text);
if (!values.tiny) writeFileSync(new URL("../GPU.md", import.meta.url), `${text}\n`);
device.close();
process.exit(0);

function linesOf({ work, cells, failures }: Row): readonly string[][] {
  const bytes = bytesOf(work);
  const lines = cells.map((cell) => {
    const perSecond = (amount: number) => amount / cell.wall.median / 1e6;
    const flop = cell.facts.flop ?? flopOf(work);
    return [
      work.name,
      cell.column,
      range(cell.wall),
      bytes !== undefined
        ? `${number(perSecond(bytes))} GB/s`
        : flop > 0
          ? `${number(perSecond(flop))} GFLOP/s`
          : "",
      bytes === undefined ? "" : percent(perSecond(bytes) / peak.copy.median),
      cell.ratio === undefined ? "" : range(cell.ratio),
      cell.difference === undefined ? "" : cell.difference.toExponential(0),
    ];
  });
  return [
    ...lines,
    ...failures.map(({ name, why }) => [work.name, name, `failed: ${short(why)}`, "", "", "", ""]),
  ];
}
