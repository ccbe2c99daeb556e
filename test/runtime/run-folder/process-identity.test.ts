import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { processStart, unknownStart } from "../../../runtime/run-folder/process-identity.ts";

test("a process bears the same mark each time it is looked at", () => {
  const mark = processStart(process.pid);
  expect(mark).toBeDefined();
  expect(processStart(process.pid)).toBe(mark);
});

test("a process that nothing shows still runs", () => {
  expect(processStart(process.pid, "/no-such-folder")).toBe(unknownStart);
});

test("a process that ended has no mark, whether or not it would be shown", () => {
  const { pid } = spawnSync(process.execPath, ["-e", "0"]);
  expect(processStart(pid)).toBeUndefined();
  expect(processStart(pid, "/no-such-folder")).toBeUndefined();
});
