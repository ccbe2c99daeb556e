/** Towers, layers and retrieval scores equal the reference implementations, by the reference loops in f64. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { check as itmRetrieval } from "../../golden/kinds/itm-retrieval.ts";
import { check as ops } from "../../golden/kinds/ops.ts";
import { check as vitClip } from "../../golden/kinds/vit-clip.ts";
import { check as vitEva } from "../../golden/kinds/vit-eva.ts";
import { hasShared, sharedPath, withoutShared } from "../../support/shared.ts";

describe.skipIf(!hasShared)(`reference weights${withoutShared}`, () => {
  beforeAll(() => {
    process.env["GOLDEN_ON"] = "interpreter";
  });

  it.each([
    ["ops", ops],
    ["vit-eva", vitEva],
    ["vit-clip", vitClip],
    ["itm-retrieval", itmRetrieval],
  ] as const)("%s", async (kind, check) => {
    const folder = sharedPath(`golden/${kind}`);
    const lines = await check(folder, JSON.parse(readFileSync(`${folder}/case.json`, "utf8")));
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => "passed" in line && !line.passed)).toEqual([]);
  });
});
