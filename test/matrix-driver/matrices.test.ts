/** Products by subgroup matrices, on Mesa 26's software driver where `test/matrix-driver/fetch.sh` has fetched it. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { matrixCases } from "../ops/kernel-cases.ts";
import type { CaseReport } from "./products.ts";

const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
const folder = join(cache, "blipc", "mesa-26");
const driver = join(folder, "driver.json");
const libraries = join(folder, "root", "usr", "lib", "x86_64-linux-gnu");
const isThere = existsSync(driver);
const why = isThere ? "" : " (skipped: test/matrix-driver/fetch.sh has not been run)";

describe.skipIf(!isThere)(`subgroup matrices${why}`, () => {
  test("give what the reference loops give in f64", async () => {
    // The driver needs a newer C library than the system may have, so Node starts with the one fetched beside it.
    const { stdout } = await promisify(execFile)(
      join(libraries, "ld-linux-x86-64.so.2"),
      [
        ...["--library-path", libraries, process.execPath],
        ...["--import", "tsx", join(import.meta.dirname, "products.ts")],
      ],
      { env: { ...process.env, VK_DRIVER_FILES: driver }, maxBuffer: 1 << 24 },
    );
    const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
    const reports = lines.map((line) => JSON.parse(line) as CaseReport);
    expect(reports.map(({ name }) => name)).toEqual(matrixCases.map(({ name }) => name));
    expect(reports.filter(({ faults }) => faults.length > 0)).toEqual([]);
    expect(reports.filter(({ shaders }) => shaders === 0)).toEqual([]);
  }, 900_000);
});
