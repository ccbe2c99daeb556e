/**
 * Reference folders → a line a comparison, and how many passed.
 * `npm run golden -- [--precision mixed] DIR…`: folders with a `case.json`, or folders of such folders; without DIR the kept core.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Comparison } from "./comparison.ts";
import { checkFolder, foldersBelow } from "./run-folder.ts";

const keptCore = fileURLToPath(new URL("data", import.meta.url));
const { positionals: told, values } = parseArgs({
  allowPositionals: true,
  options: { precision: { type: "string", default: "full" } },
});
if (values.precision === "mixed") process.env["GOLDEN_PRECISION"] = "mixed";
let passed = 0;
let failed = 0;
let leftOut = 0;

/** One line of the report. */
function print(folder: string, line: Comparison): void {
  const name = `${folder} ${line.name}`;
  if ("leftOut" in line) {
    leftOut++;
    console.log(`${name}: left out, ${line.leftOut}`);
    return;
  }
  if (line.passed) passed++;
  else failed++;
  const note = line.note === undefined ? "" : ` (${line.note})`;
  const verdict = line.passed ? "pass" : "FAIL";
  console.log(
    `${name}: ${line.compared}: ${shown(line.error)}, bound ${shown(line.bound)}: ${verdict}${note}`,
  );
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toExponential(2);
}

for (const place of told.length === 0 ? [keptCore] : told) {
  const folders = foldersBelow(place);
  if (folders.length === 0) {
    failed++;
    console.log(`${place}: no folder with a case.json: FAIL`);
  }
  for (const folder of folders) {
    const { name, lines } = await checkFolder(folder);
    for (const line of lines) print(name, line);
  }
}
if (leftOut > 0) console.log(`${leftOut} left out, each with its reason above`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
