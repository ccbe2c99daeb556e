/** The published sizes → one training step each in a process of its own: time, memory of the process, the plan beside it. */
import { cpus, totalmem } from "node:os";
import type { AdapterChoice } from "../../runtime/device/find-adapter.ts";
import type { SideRequest } from "../growth/growth.ts";
import { keepSection } from "../keep-section.ts";
import { markdownTable } from "../markdown-table.ts";
import { short } from "../report.ts";
import { runChild } from "../run-child.ts";
import { number, size } from "../spread.ts";
import type { StageRequest } from "../stages/stage-step.ts";

/** What the child is asked. */
export interface RealSizeRequest extends StageRequest {
  readonly adapter?: AdapterChoice;
}

/** What the child answers; milliseconds and bytes. */
export interface RealSizeAnswer {
  readonly adapter: string;
  readonly driver: string;
  readonly frozen: number;
  readonly trainable: number;
  readonly compilation: number;
  /** Weights onto the device and pipelines. */
  readonly preparation: number;
  readonly first: number;
  readonly second: number;
  readonly losses: readonly number[];
  readonly flop: number;
  readonly dispatches: number;
  readonly pipelines: number;
  readonly planned: number;
  readonly allocated: number;
  /** Peak resident memory of the process, driver and all. */
  readonly resident: number;
}

interface Case extends StageRequest {
  readonly name: string;
}

/** Each must stay inside. */
const mostResident = 20 * 2 ** 30;

const cases: readonly Case[] = [
  {
    name: "stage 1, ViT-L/14, batch 2",
    file: "pipelines/blip2/stage1.blip",
    batch: 2,
    words: 32,
    sets: ['vision="clip-vit-l/14"'],
  },
  {
    name: "stage 2, ViT-L/14, OPT-125m, batch 2",
    file: "pipelines/blip2/stage2-opt.blip",
    batch: 2,
    words: 32,
    sets: ['s1.vision="clip-vit-l/14"', 'llm="opt-125m"'],
  },
  {
    name: "stage 1, EVA-CLIP-g/14 in f16, batch 1",
    file: "pipelines/blip2/stage1.blip",
    batch: 1,
    words: 32,
  },
];

/** The same with a few layers, to try the script itself. */
const quickCases: readonly Case[] = cases.map((each) => {
  const layers = each.file.endsWith("stage1.blip")
    ? ["vision.layers=1", "bridge.layers=1"]
    : ["s1.vision.layers=1", "s1.bridge.layers=1"];
  return { ...each, batch: 2, words: 8, sets: [...(each.sets ?? []), ...layers] };
});

const child = new URL("child.ts", import.meta.url);

/** Runs the cases, prints the table and keeps it in RESULTS.md. A case that fails stands there with its message. */
export async function measureRealSize({
  adapter,
  isQuick,
  onProgress,
}: SideRequest): Promise<void> {
  const lines: string[][] = [];
  let where: RealSizeAnswer | undefined;
  for (const { name, ...stage } of isQuick ? quickCases : cases) {
    onProgress(`real size: ${name}`);
    try {
      const request: RealSizeRequest = { ...stage, ...(adapter === undefined ? {} : { adapter }) };
      const answer = await runChild<RealSizeAnswer>(child, request);
      where ??= answer;
      lines.push(lineOf(name, answer));
    } catch (error) {
      const text = error instanceof Error ? messageOf(error) : String(error);
      onProgress(`failed: ${text}`);
      lines.push([name, `failed: ${text}`, ...Array.from({ length: 9 }, () => "")]);
    }
  }
  const table = markdownTable(heads, lines);
  console.log(table);
  if (isQuick) return;
  const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} threads, ${size(totalmem())} of memory`;
  keepSection(
    [
      `## Real size, ${where?.adapter ?? "no adapter ran any"}`,
      "",
      `By \`npm run bench -- --only real-size\`, ${new Date().toISOString().slice(0, 10)}, ${where?.driver ?? ""}; ${machine}. Random weights, drawn pictures, each in a process of its own; the goal is at most ${size(mostResident)} of resident memory.`,
      "",
      table,
    ].join("\n"),
  );
}

const heads = [
  "step",
  "frozen + trainable parameters",
  "seconds a step (first)",
  "GFLOP/s",
  "losses",
  "planned",
  "allocated",
  "resident peak",
  "inside 20 GiB",
  "compilation s",
  "dispatches, shaders",
];

function lineOf(name: string, answer: RealSizeAnswer): string[] {
  const { frozen, trainable, first, second, flop, losses, planned, allocated, resident } = answer;
  const millions = (count: number) => `${(count / 1e6).toFixed(1)} M`;
  return [
    name,
    `${millions(frozen)} + ${millions(trainable)}`,
    `${number(second / 1000)} (${number(first / 1000)})`,
    number(flop / second / 1e6),
    losses.map((value) => value.toFixed(3)).join(", "),
    size(planned),
    size(allocated),
    resident === 0 ? "not known here" : size(resident),
    resident === 0 ? "–" : resident <= mostResident ? "met" : "**missed**",
    number(answer.compilation / 1000),
    `${answer.dispatches}, ${answer.pipelines}`,
  ];
}

/** The line that says what happened, of all that a failed process printed. */
function messageOf(error: Error): string {
  const lines = error.message.split("\n");
  const telling = lines.find((line) => /^\w*(Error|Refused|Memory|Lost)\b/.test(line));
  return short(telling ?? lines.at(-1) ?? "");
}
