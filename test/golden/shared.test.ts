/** The reference folders that are too large for the kept core, where they stand beside the checkout. */
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedPath, withoutShared } from "../support/shared.ts";
import { checkFolder } from "./run-folder.ts";

const folders = [
  { name: "itm-retrieval", compared: 8, leftOut: 0 },
  { name: "logits-processors", compared: 31, leftOut: 6 },
  { name: "qformer-stage1", compared: 888, leftOut: 0 },
];

describe.each(folders)(`golden $name${withoutShared}`, ({ name, compared, leftOut }) => {
  const folder = sharedPath(`golden/${name}`);
  test.skipIf(!existsSync(folder))(
    "every key equals the reference",
    async () => {
      const { lines } = await checkFolder(folder);
      expect(lines.filter((line) => "passed" in line && !line.passed)).toEqual([]);
      expect(lines.filter((line) => "passed" in line).length).toBe(compared);
      expect(lines.filter((line) => "leftOut" in line).length).toBe(leftOut);
    },
    600_000,
  );
});
