/** The golden checks that need no device, on the reference folders. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedPath, withoutShared } from "../support/shared.ts";
import type { Comparison } from "./comparison.ts";
import { check as optimSchedule } from "./kinds/optim-schedule.ts";
import { check as positions } from "./kinds/pos-embed-interp.ts";
import { check as preprocess } from "./kinds/preprocess.ts";
import { check as textProcessors } from "./kinds/text-processors.ts";
import { check as tokenizers } from "./kinds/tokenizers.ts";

const kinds = [
  { kind: "preprocess", check: preprocess, lines: 73, leftOut: 1 },
  { kind: "tokenizers", check: tokenizers, lines: 14, leftOut: 0 },
  { kind: "optim-schedule", check: optimSchedule, lines: 30, leftOut: 0 },
  { kind: "pos-embed-interp", check: positions, lines: 12, leftOut: 0 },
  { kind: "text-processors", check: textProcessors, lines: 5, leftOut: 0 },
];

const folder = (kind: string) => sharedPath(`golden/${kind}`);
const failures = (lines: readonly Comparison[]) =>
  lines.filter((line) => "passed" in line && !line.passed);

describe.each(kinds)(`golden $kind${withoutShared}`, ({ kind, check, lines, leftOut }) => {
  test.skipIf(!existsSync(folder(kind)))("every key equals the reference", async () => {
    const reference: unknown = JSON.parse(readFileSync(`${folder(kind)}/case.json`, "utf8"));
    const result = await check(folder(kind), reference);
    expect(failures(result)).toEqual([]);
    expect(result.length).toBe(lines);
    expect(result.filter((line) => "leftOut" in line).length).toBe(leftOut);
  });
});

test("a wrong expectation fails the check", async () => {
  const result = await textProcessors(folder("text-processors"), {
    cases: [{ text: "A cat.", caption: "a dog", question: "a cat", surprise: "" }],
  });
  expect(result).toMatchObject([
    { name: "caption", error: 1, passed: false, note: '"A cat."' },
    { name: "question", error: 0, passed: true },
    { name: "surprise", passed: false },
  ]);
});
