/** A folder of its own for each test, gone afterwards. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty folder that lives as long as the running test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "blipc-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
