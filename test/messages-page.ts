/** `npm run docs:messages`: the catalogue of messages -> docs/messages.md. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { AnyMessage, Example } from "../grammar/message.ts";
import { messages } from "../grammar/messages/index.ts";
import { renderDiagnostic } from "../grammar/render-diagnostic.ts";
import { checkExample, diagnosticsOf } from "./support/check-example.ts";

/** Where the page lies. */
export const messagesPagePath = "docs/messages.md";

/** Chapters by the first two digits of their codes. */
const chapters: Readonly<Record<string, string>> = {
  "00": "Text",
  "01": "Brackets and statements",
  10: "Names and kinds",
  11: "Backbones",
  12: "Settings",
  13: "Imports",
  20: "Values",
  21: "Shapes",
  22: "Units",
  30: "Frozen and trainable",
  31: "Gradients",
  33: "Gradients through frozen parts",
  40: "Objectives",
  41: "Objectives",
  42: "Schedules and data",
  50: "Stages",
  51: "Checkpoints",
  52: "Lock file",
  60: "Device",
  61: "Number formats",
  62: "Memory",
};

/** The page: each message with a pipeline that gives it, as it is printed, and what mends it. */
export function messagesPage(): string {
  const parts: string[] = [
    "# Messages",
    "",
    `Every message that blipc has, ${messages.length} in all, each with an example and what mends it. \`blipc explain CODE\` prints the`,
    "same with the whole examples. Codes are never used again for something else.",
    "",
    "Written by `npm run docs:messages` from `grammar/messages/`; a test compares.",
  ];
  let chapter = "";
  for (const message of messages) {
    const next = chapters[message.code.slice(4, 6)] ?? "Remarks";
    if (next !== chapter) parts.push("", `## ${next}`);
    chapter = next;
    parts.push(...entry(message));
  }
  return `${parts.join("\n")}\n`;
}

function entry({ code, slug, severity, explanation, failing, working }: AnyMessage): string[] {
  const { diagnostics, information } = checkExample(failing);
  const isIt = (each: Diagnostic) => each.code === code;
  const shown = [...diagnostics, ...information].find(isIt) ?? diagnosticsOf(failing).find(isIt);
  const frame =
    shown === undefined ? [] : ["", "```text", shortened(renderDiagnostic(shown)), "```"];
  const difference = differenceOf(linesOf(failing), linesOf(working));
  return [
    "",
    `### ${code} ${slug}${severity === "error" ? "" : ` (${severity})`}`,
    "",
    explanation,
    ...frame,
    "",
    "```diff",
    ...difference.map(shortened),
    "```",
  ];
}

/** Long lines, of examples that show a limit, without their middle. */
function shortened(text: string): string {
  return text
    .split("\n")
    .map((line) => (line.length > 120 ? `${line.slice(0, 70)} … ${line.slice(-30)}` : line))
    .join("\n");
}

/** An example as lines: its text, other files, and what is set from outside. */
function linesOf({ text, files = {}, set = [], device }: Example): readonly string[] {
  const others = Object.entries(files).flatMap(([name, each]) => [
    `// ${name}`,
    ...each.trimEnd().split("\n"),
  ]);
  const memory = device?.memory === undefined ? [] : [`// a device with ${device.memory}`];
  const lacks =
    device?.features === undefined
      ? []
      : [`// a device with ${device.features.join(", ") || "no features"}`];
  const given = set.map((each) => `// --set ${each}`);
  return [...text.trimEnd().split("\n"), ...others, ...given, ...memory, ...lacks];
}

/** Most lines of a removed or added stretch that are shown. */
const mostLines = 12;

/** Lines that go with `-`, lines that come with `+`, each with a line around it. */
function differenceOf(before: readonly string[], after: readonly string[]): readonly string[] {
  const rows = alignment(before, after);
  const near = rows.map((_, at) =>
    rows.slice(Math.max(0, at - 1), at + 2).some(({ sign }) => sign !== " "),
  );
  const shown: string[] = [];
  for (const [at, { sign, line }] of rows.entries()) {
    if (near[at]) shown.push(`${sign} ${line}`.trimEnd());
    else if (near[at - 1]) shown.push("  …");
  }
  while (shown[0] === "") shown.shift();
  const first = shown.slice(0, 2 * mostLines);
  return shown.length > first.length ? [...first, "  …"] : first;
}

interface Row {
  readonly sign: " " | "-" | "+";
  readonly line: string;
}

/** Longest common subsequence of the lines, as one list. */
function alignment(before: readonly string[], after: readonly string[]): readonly Row[] {
  const lengths = Array.from({ length: before.length + 1 }, () =>
    new Array<number>(after.length + 1).fill(0),
  );
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      lengths[row]![column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const rows: Row[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    if (row < before.length && before[row] === after[column]) {
      rows.push({ sign: " ", line: before[row++]! });
      column++;
    } else if (
      column >= after.length ||
      (row < before.length && at(row + 1, column) >= at(row, column + 1))
    ) {
      rows.push({ sign: "-", line: before[row++]! });
    } else {
      rows.push({ sign: "+", line: after[column++]! });
    }
  }
  return rows;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(messagesPagePath, messagesPage());
}
