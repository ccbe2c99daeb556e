/** Reports of vitest → the last line of `npm test`. */
import { expect, test } from "vitest";
import { counted } from "./counted.ts";

const file = (status: string, ...tests: readonly (readonly [status: string, name: string])[]) => ({
  name: `${status}.test.ts`,
  status,
  startTime: 1000,
  endTime: 3500,
  assertionResults: tests.map(([result, fullName]) => ({ status: result, fullName })),
});

test("tests are counted by status, skipped ones by reason", () => {
  const report = {
    testResults: [
      file("passed", ["passed", "a"], ["skipped", "b (skipped: no data) c"], ["pending", "d"]),
      file("failed", ["failed", "e"], ["passed", "f"], ["skipped", "g (skipped: no data)"]),
    ],
  };
  const { passed, failed, skipped, slowest } = counted(report, 1);
  expect([passed, failed]).toEqual([2, 1]);
  expect([...skipped]).toEqual([
    ["no data", 2],
    ["d", 1],
  ]);
  expect(slowest[0]).toEqual({ file: "passed.test.ts", seconds: 2.5 });
});

test("a file that does not load is a failure", () => {
  expect(counted({ testResults: [file("failed")] }, 1).failed).toBe(1);
});

test("no report, or an error outside of all tests, is a failure", () => {
  expect(counted(undefined, 1)).toMatchObject({ passed: 0, failed: 1 });
  expect(counted({ testResults: [file("passed", ["passed", "a"])] }, 1).failed).toBe(1);
});
