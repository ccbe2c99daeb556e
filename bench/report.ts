/** Results → a table for people, the same in Markdown, and the file of results. */
import { homedir, tmpdir } from "node:os";
import type { Absent } from "./columns/peers.ts";
import { type Measured, ownCell, peakShare, type Verdict, verdicts } from "./goals.ts";
import { kindsOf } from "./labels.ts";
import { markdownTable } from "./markdown-table.ts";
import type { Cell, MachinePeak, Row } from "./measure.ts";
import { number, percent, range } from "./spread.ts";
import { startLines } from "./start-up/start-lines.ts";
import { bytesOf, flopOf } from "./workloads.ts";

/** Where and when it was measured, and by what. */
export interface Surroundings {
  readonly adapter: string;
  /** Tells machines with the same adapter apart; empty for none. */
  readonly label: string;
  readonly driver: string;
  readonly cpu: string;
  readonly node: string;
  /** ISO 8601, the day. */
  readonly date: string;
  /** Seconds that the whole run took. */
  readonly seconds: number;
  readonly columns: readonly { readonly name: string; readonly version: string }[];
  readonly absent: readonly Absent[];
}

const heads = [
  "workload",
  "column",
  "ms (least-most)",
  "CPU ms",
  "rate",
  "of the machine",
  "time over ours",
  "differs by",
];

/** The lines of one workload. */
export function rowLines({ work, cells, failures }: Row, peak: MachinePeak): readonly string[][] {
  const lines = cells.map((cell) => [
    work.name,
    cell.column,
    range(cell.wall),
    number(cell.cpu.median),
    ...rateOf(work, cell, peak),
    cell.ratio === undefined ? "" : `${range(cell.ratio)}${cell.rounds === 1 ? ", once" : ""}`,
    cell.difference === undefined ? "" : cell.difference.toExponential(0),
  ]);
  const failed = failures.map(({ name, why }) => [
    work.name,
    name,
    `failed: ${short(why)}`,
    "",
    "",
    "",
    "",
    "",
  ]);
  return [...lines, ...failed];
}

function rateOf(work: Row["work"], cell: Cell, peak: MachinePeak): readonly [string, string] {
  const bytes = bytesOf(work);
  if (bytes !== undefined) {
    const rate = bytes / cell.wall.median / 1e6;
    return [`${number(rate)} GB/s`, `${percent(rate / peak.copy.median)} of copy`];
  }
  const flop = cell.facts.flop ?? flopOf(work);
  if (flop === 0) return ["", ""];
  return [
    `${number(flop / cell.wall.median / 1e6)} GFLOP/s`,
    `${percent(peakShare(work, cell, peak))} of FMA peak`,
  ];
}

/** Text with aligned columns. */
export function plainTable(lines: readonly (readonly string[])[]): string {
  const all = [heads, ...lines];
  const widths = heads.map((_, i) => Math.max(...all.map((line) => line[i]!.length)));
  return all
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** `met`, `missed` or that it was not measured. */
export function verdictLines(all: readonly Verdict[]): readonly string[][] {
  return all.map(({ what, goal, measured, isMet, why }) => [
    what,
    goal,
    measured,
    isMet === undefined ? "–" : isMet ? "met" : "**missed**",
    isMet === false ? (why ?? "") : "",
  ]);
}

/** The machine's own rates, one line each. */
export function peakLines(peak: MachinePeak): readonly string[] {
  return [
    `FMA peak: ${range(peak.cpu)} GFLOP/s by CPU time, ${range(peak.wall)} by the wall clock (${peak.method})`,
    `Copy: ${range(peak.copy)} GB/s, one thread, bytes read and written`,
  ];
}

/** One adapter's section of the file of results. */
export function section(measured: Measured, where: Surroundings): string {
  const { results, start, host, features } = measured;
  return [
    `## ${where.adapter}${where.label === "" ? "" : `, ${where.label}`}`,
    "",
    `- Driver: ${where.driver}`,
    `- CPU: ${where.cpu}, ${results.peak.threads} threads; Node ${where.node}`,
    `- Date: ${where.date}; one run of ${number(where.seconds / 60)} minutes; rounds that visit each column once, medians`,
    ...peakLines(results.peak).map((text) => `- ${text}`),
    `- Columns: ${where.columns.map(({ name, version }) => `${name} ${version}`).join(", ")}`,
    ...where.absent.map(({ name, why }) => `- Not measured: ${name}: ${short(why)}`),
    "",
    "### Goals",
    "",
    markdownTable(
      ["what", "goal", "measured", "", "where it goes"],
      verdictLines(verdicts(measured)),
    ),
    "",
    "### Times",
    "",
    markdownTable(
      heads,
      results.rows.flatMap((row) => rowLines(row, results.peak)),
    ),
    "",
    "### Programs",
    "",
    markdownTable(
      [
        "workload",
        "dispatches",
        "shaders",
        "compilation ms",
        "made ready and run once s",
        "planned bytes",
        "allocated bytes",
      ],
      results.rows.flatMap(({ work, cells }) =>
        cells
          .filter(({ kind }) => kind === "own")
          .map(({ facts, start: ready }) => [
            work.name,
            String(facts.dispatches ?? ""),
            String(facts.pipelines ?? ""),
            number(facts.compileMilliseconds ?? 0),
            number(ready / 1000),
            String(facts.planned ?? ""),
            String(facts.peak ?? ""),
          ]),
      ),
    ),
    "",
    ...(start === undefined ? [] : startLines(start)),
    ...(host === undefined
      ? []
      : [
          `Host: ${range(host.microsecondsADispatch)} us a dispatch, of which WebGPU's own calls take ${range(host.calls)} (${range(host.unchanged)} where neither pipeline nor bindings change), ${host.submissions} submission(s) a step, reading each loss one step late takes ${range(host.reading)}x the time of not reading. Weights go to the device at ${range(host.upload.inPieces)} GB/s by writes in pieces, at ${range(host.upload.mapped)} GB/s into buffers that are mapped at creation.`,
          "",
        ]),
    ...(features === undefined
      ? []
      : [
          `Kept features: the frozen tower takes ${range(features.encode)} ms a batch, the step that reads what it kept ${range(features.step)} ms.`,
          "",
        ]),
    ...results.rows.flatMap(profileLines),
  ].join("\n");
}

/** Where our time goes in a block or a stage, by kinds of dispatches. */
function profileLines(row: Row): readonly string[] {
  const profile = ownCell(row)?.profile;
  if (profile === undefined) return [];
  const kinds = kindsOf(profile).slice(0, 12);
  return [
    `### Where the time goes: ${row.work.name}`,
    "",
    `One step with each dispatch timed by itself (${profile.clock}): ${number(profile.milliseconds)} ms.`,
    "",
    markdownTable(
      ["what", "dispatches", "ms", "share"],
      kinds.map(({ kind, dispatches, milliseconds }) => [
        `\`${kind.slice(0, 100)}\``,
        String(dispatches),
        number(milliseconds),
        percent(milliseconds / profile.milliseconds),
      ]),
    ),
    "",
  ];
}

const preface = `# Results

Written by \`npm run bench\`; a run replaces the section of its adapter (and \`--label\`). Every workload is measured in
rounds that visit each column once, so that columns see the same machine; times are milliseconds of one run. Names of
products are rows x depth x columns and how the operands are stored (T: the other way round). "Time over ours" is of the
same round: 4 says that the column needs four times our time. "Of FMA peak" is FLOP per CPU-second of the process that
computes over that of multiply-adds in registers; "of copy" is bytes that must be read and written over the rate of a
copy, by the wall clock. "Differs by" compares elements of the result, or the losses of the first two training steps, with
ours, over the greatest of them. Each library runs at its best settings: all cores, our gentle polling of Dawn in place of
its own (which takes a core from a software driver), fused kernels where it has them, weights in the layout it likes.
TensorFlow.js has Adam, not AdamW. PyTorch's stages are written from the published architecture (\`bench/torch/blip2.py\`)
and get our weights and batch.
`;

/** The file's text with this section in place of an older one of the same adapter. */
export function withSection(file: string | undefined, text: string): string {
  const title = text.slice(0, text.indexOf("\n"));
  const others = (file ?? "")
    .split(/^(?=## )/m)
    .filter((part) => part.startsWith("## ") && !part.startsWith(`${title}\n`));
  return `${[preface.trimEnd(), ...[...others, text].map((part) => part.trimEnd())].join("\n\n")}\n`;
}

/** A message on one line, without the folders of this machine. */
export function short(text: string): string {
  const folders = [process.cwd(), tmpdir(), homedir()].filter((folder) => folder.length > 1);
  const bare = folders.reduce((left, folder) => left.replaceAll(folder, "…"), text);
  return bare.replaceAll(/\s+/g, " ").slice(0, 160);
}
