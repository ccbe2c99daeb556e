/**
 * `npm test`: formatter, linter, types, then all tests; says what was skipped and why, and how many passed and failed.
 * Arguments go to vitest and leave the checks out: `npm test -- test/grammar`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { counted, type TestReport } from "./support/counted.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const told = process.argv.slice(2);

/** Runs one of the tools that the repository pins; its exit code, 1 when a signal ended it. */
function tool(path: string, parameters: readonly string[]): number {
  const command = [join(root, "node_modules", path), ...parameters];
  return spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" }).status ?? 1;
}

function checks(): readonly string[] {
  const failures: string[] = [];
  if (tool("@biomejs/biome/bin/biome", ["check", "."]) !== 0) failures.push("biome check");
  if (tool("typescript/bin/tsc", ["--noEmit"]) !== 0) failures.push("tsc --noEmit");
  return failures;
}

function tests(): { readonly code: number; readonly report: TestReport | undefined } {
  const folder = mkdtempSync(join(tmpdir(), "blipc-test-"));
  const file = join(folder, "report.json");
  try {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const code = tool("vitest/vitest.mjs", ["run", ...reporters, ...told]);
    const report = existsSync(file)
      ? (JSON.parse(readFileSync(file, "utf8")) as TestReport)
      : undefined;
    return { code, report };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const failedChecks = told.length === 0 ? checks() : [];
const passedChecks = told.length === 0 ? 2 - failedChecks.length : 0;
const { code, report } = tests();
const { passed, failed, skipped, slowest } = counted(report, code);
console.log("slowest files:");
for (const { file, seconds } of slowest)
  console.log(`  ${seconds.toFixed(1).padStart(6)} s  ${relative(root, file)}`);
for (const [reason, count] of skipped) console.log(`${count} skipped: ${reason}`);
for (const check of failedChecks) console.log(`failed: ${check}`);
const allSkipped = [...skipped.values()].reduce((sum, count) => sum + count, 0);
const allFailed = failed + failedChecks.length;
const ending = allSkipped === 0 ? "" : `, ${allSkipped} skipped`;
console.log(`${passed + passedChecks} passed, ${allFailed} failed${ending}`);
process.exitCode = allFailed > 0 ? 1 : 0;
