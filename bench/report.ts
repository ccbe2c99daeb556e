/** Results → a table for people, the same in Markdown, and the file of results. */
import type { Cell, Results, Row, Spread } from "./measure.ts";
import { bytesOf, flopOf } from "./workloads.ts";

/** Where and when it was measured. */
export interface Surroundings {
  readonly adapter: string;
  readonly driver: string;
  readonly cpu: string;
  readonly threads: number;
  readonly node: string;
  /** ISO 8601, the day. */
  readonly date: string;
  readonly peakMethod: string;
  readonly rounds: number;
}

const heads = [
  "workload",
  "column",
  "wall ms (least-most)",
  "CPU ms",
  "GFLOP/s wall",
  "GFLOP/s by CPU time",
  "of peak",
  "first run s",
];

/** Text with aligned columns, or a Markdown table. */
export function table(results: Results, threads: number, isMarkdown: boolean): string {
  const lines = results.rows.flatMap((row) =>
    row.cells.map((cell) => line(row, cell, results, threads)),
  );
  if (isMarkdown) {
    const rule = heads.map((_, i) => (i < 2 ? "---" : "---:"));
    return [heads, rule, ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  }
  const widths = heads.map((head, i) => Math.max(head.length, ...lines.map((l) => l[i]!.length)));
  const padded = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [heads, ...lines].map(padded).join("\n");
}

function line({ work }: Row, cell: Cell, { peak }: Results, threads: number): string[] {
  const flop = flopOf(work);
  const { wall, cpu, start } = cell;
  const byWall = flop / wall.median / 1e6;
  const byCpu = cpu === undefined ? undefined : (flop / cpu.median / 1e6) * threads;
  const bytes = bytesOf(work);
  const share =
    bytes === undefined
      ? byCpu === undefined
        ? "–"
        : percent(byCpu / peak.cpu.median)
      : `${number(bytes / wall.median / 1e6)} GB/s, ${percent(bytes / wall.median / 1e6 / peak.copy.median)} of copy`;
  return [
    work.name,
    cell.column,
    range(wall),
    cpu === undefined ? "–" : number(cpu.median),
    number(byWall),
    byCpu === undefined ? "–" : number(byCpu),
    share,
    number(start / 1000),
  ];
}

/** The machine's own rates, one line each. */
export function peakLines({ peak }: Results, { peakMethod }: Surroundings): readonly string[] {
  return [
    `FMA peak: ${range(peak.cpu)} GFLOP/s by CPU time, ${range(peak.wall)} by the wall clock (${peakMethod})`,
    `Copy: ${range(peak.copy)} GB/s, one thread, bytes read and written`,
  ];
}

/** One adapter's section of the file of results. */
export function section(results: Results, where: Surroundings): string {
  return [
    `## ${where.adapter}`,
    "",
    `- Driver: ${where.driver}`,
    `- CPU: ${where.cpu}, ${where.threads} threads; Node ${where.node}`,
    `- Date: ${where.date}; ${where.rounds} interleaved rounds, medians`,
    ...peakLines(results, where).map((text) => `- ${text}`),
    "",
    table(results, where.threads, true),
    "",
  ].join("\n");
}

const preface = `# Results

Written by \`npm run bench\`; a run replaces the section of its adapter. Times are of one run: products are single dispatches sent
back to back, a step is forward, backward and AdamW. Names of products are rows x depth x columns and how the operands are
stored (T: the other way round). "By CPU time" is GFLOP per CPU-second of the process, times the threads of the machine: other
work on the same machine hardly changes it. "Of peak" compares it with the rate of multiply-adds in registers, measured in the same rounds.
`;

/** The file's text with this section in place of an older one of the same adapter. */
export function withSection(file: string | undefined, text: string): string {
  const title = text.slice(0, text.indexOf("\n"));
  const others = (file ?? "")
    .split(/^(?=## )/m)
    .filter((part) => part.startsWith("## ") && !part.startsWith(`${title}\n`));
  return `${[preface.trimEnd(), ...[...others, text].map((part) => part.trimEnd())].join("\n\n")}\n`;
}

function range({ median, least, most }: Spread): string {
  return `${number(median)} (${number(least)}-${number(most)})`;
}

function number(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return value.toFixed(digits);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
