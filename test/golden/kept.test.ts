/** The kept core of reference folders, on the device, with nothing beside the checkout. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import type { Comparison } from "./comparison.ts";
import { mixedKinds } from "./precision.ts";
import { checkFolder, foldersBelow } from "./run-folder.ts";

const core = fileURLToPath(new URL("data", import.meta.url));

/** How many keys each folder compares and leaves out: a key that gets lost is a failure too. */
const counts: Readonly<Record<string, readonly [compared: number, leftOut: number]>> = {
  ops: [258, 1],
  "optim-schedule": [30, 0],
  "pos-embed-interp": [12, 0],
  "qformer-stage1": [156, 6],
  "stage2-opt": [412, 0],
  "text-processors": [5, 0],
  "vit-clip": [51, 0],
  "vit-eva": [53, 0],
};

/** The same in mixed precision, where words are not compared. */
const mixedCounts: Readonly<Record<string, readonly [compared: number, leftOut: number]>> = {
  "vit-eva": [53, 0],
  "vit-clip": [51, 0],
  "qformer-stage1": [154, 8],
  "stage2-opt": [386, 2],
};

const failures = (lines: readonly Comparison[]) =>
  lines.filter((line) => "passed" in line && !line.passed);

describe("golden, kept core", () => {
  test("holds the folders that it should hold", () => {
    const names = foldersBelow(core).map((folder) => folder.slice(core.length + 1));
    expect(names).toEqual(Object.keys(counts));
  });

  test.each(Object.entries(counts))(
    "%s equals the reference",
    async (name, [compared, leftOut]) => {
      const { kind, lines } = await checkFolder(join(core, name));
      expect(kind).toBe(name);
      expect(failures(lines)).toEqual([]);
      expect(lines.filter((line) => "passed" in line).length).toBe(compared);
      expect(lines.filter((line) => "leftOut" in line).length).toBe(leftOut);
    },
    600_000,
  );
});

describe("golden in mixed precision, kept core", () => {
  test.each(mixedKinds.map((name) => [name, mixedCounts[name]!] as const))(
    "%s equals the reference within the bounds of halves",
    async (name, [compared, leftOut]) => {
      vi.stubEnv("GOLDEN_PRECISION", "mixed");
      const { lines } = await checkFolder(join(core, name)).finally(() => vi.unstubAllEnvs());
      expect(failures(lines)).toEqual([]);
      expect(lines.filter((line) => "passed" in line).length).toBe(compared);
      expect(lines.filter((line) => "leftOut" in line).length).toBe(leftOut);
      // Far beyond f32: something was rounded.
      const states = lines.filter(({ name: key }) => key.startsWith("out/"));
      expect(states.some((line) => "passed" in line && line.error > 1e-4)).toBe(true);
    },
    600_000,
  );
});

describe("a folder that cannot be checked", () => {
  const withCase = async (text: string) => {
    const folder = mkdtempSync(join(tmpdir(), "blipc-golden-"));
    try {
      writeFileSync(join(folder, "case.json"), text);
      return (await checkFolder(folder)).lines;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test("fails when its kind is unknown", async () => {
    expect(await withCase(`{"kind": "ops2"}`)).toMatchObject([
      { passed: false, note: 'there is no kind "ops2"' },
    ]);
  });

  test("fails when its files are not there", async () => {
    expect(await withCase(`{"kind": "vit-eva", "config": {}}`)).toMatchObject([{ passed: false }]);
  });

  test("fails when it compares nothing", async () => {
    expect(await withCase(`{"kind": "text-processors", "cases": []}`)).toMatchObject([
      { passed: false, compared: "how many keys were compared" },
    ]);
  });

  test("is left out when its kind has no check yet, and says why", async () => {
    expect(await withCase(`{"kind": "stage2-t5"}`)).toMatchObject([
      { leftOut: "there is no T5 backbone yet" },
    ]);
  });
});
