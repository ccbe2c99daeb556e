/** One mistake, one message, and the rest of the file is still read; `npm run recovery` takes every mutant. */
import { expect, it } from "vitest";
import { isGood, measureRecovery, pipelineFiles, recoveryText } from "./recovery-report.ts";

it("gives one message a mistake, keeps the other statements, and finds three mistakes at once", () => {
  const report = measureRecovery(pipelineFiles(), 61);
  console.log(recoveryText(report));
  expect(report.parser.broken).toBeGreaterThan(200);
  expect(report.refused).toBeGreaterThan(200);
  expect(isGood(report), recoveryText(report)).toBe(true);
});
