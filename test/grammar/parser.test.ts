/** The grammar itself: no ambiguity with two tokens of look-ahead, and fresh generated types. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { cstDeclarations } from "../../grammar/generate-cst.ts";

/** Declarations without what a formatter may change. */
const bare = (text: string) => text.replace(/[\s;,()|]/g, "");

it("passes the validations of Chevrotain and agrees with cst.d.ts", () => {
  const stored = readFileSync(new URL("../../grammar/cst.d.ts", import.meta.url), "utf8");
  expect(bare(stored)).toBe(bare(cstDeclarations()));
});
