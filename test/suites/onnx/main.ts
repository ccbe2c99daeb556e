/** Runs the ONNX operator cases of a folder on the device: `main.ts FOLDER [--interpret] [--only TEXT]`. */
import { readdirSync } from "node:fs";
import { evaluate } from "../../support/evaluate.ts";
import { grouped } from "../../support/grouped.ts";
import { interpreted } from "../../support/interpreted.ts";
import { difference, type LeftOut, openCase } from "./case.ts";

const words = process.argv.slice(2);
const isInterpreted = words.includes("--interpret");
const at = words.indexOf("--only");
const only = at < 0 ? "" : (words[at + 1] ?? "");
const folder = words.find((word, i) => !word.startsWith("--") && (at < 0 || i !== at + 1));
if (folder === undefined) {
  console.error("usage: main.ts FOLDER [--interpret] [--only TEXT]");
  process.exit(2);
}

let passed = 0;
let failed = 0;
const leftOut: LeftOut[] = [];
const names = readdirSync(folder)
  .filter((name) => name.includes(only))
  .sort();
for (const name of names) {
  let fault: string | undefined;
  try {
    const opened = openCase(folder, name);
    if ("reason" in opened) {
      leftOut.push(opened);
      continue;
    }
    const results = isInterpreted
      ? interpreted(opened.outputs, opened.given)
      : await evaluate(opened.outputs, opened.given, opened.builder);
    fault = difference(opened, results);
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error);
  }
  if (fault === undefined) passed++;
  else failed++;
  console.log(fault === undefined ? `pass  ${name}` : `FAIL  ${name}: ${fault}`);
}
for (const [operator, cases] of grouped(leftOut, (one) => one.operator)) {
  console.log(`left out, ${operator}:`);
  for (const { name, reason } of cases) console.log(`  ${name}: ${reason}`);
}
console.log(`${passed + failed} of ${names.length} expressed`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
