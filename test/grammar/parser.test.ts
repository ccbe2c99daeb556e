/** The grammar itself: no ambiguity with two tokens of look-ahead; what is generated from it is fresh. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { cstDeclarations } from "../../grammar/generate-cst.ts";
import { lookaheadTableText } from "../../grammar/generate-lookahead.ts";

/** Declarations without what a formatter may change. */
const bare = (text: string) => text.replace(/[\s;,()|]/g, "");

it("passes the validations of Chevrotain and agrees with cst.d.ts", () => {
  const file = new URL("../../grammar/cst.d.ts", import.meta.url);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    writeFileSync(file, cstDeclarations());
  }
  const stored = readFileSync(file, "utf8");
  expect(bare(stored)).toBe(bare(cstDeclarations()));
});

it("decides by the look-ahead that Chevrotain computes", () => {
  const file = new URL("../../grammar/lookahead-table.ts", import.meta.url);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    writeFileSync(file, lookaheadTableText());
  }
  expect(bare(readFileSync(file, "utf8"))).toBe(bare(lookaheadTableText()));
});
