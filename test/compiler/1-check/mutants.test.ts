import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkExample } from "../../support/check-example.ts";

const text = readFileSync("pipelines/shapes/stage1.blip", "utf8");
const tokens = [...text.matchAll(/"[^"\n]*"|[A-Za-z_]\w*|\d[\d_.e-]*|[^\s\w/]/g)];

describe("check of broken files", () => {
  it("never throws, and one fault gives few messages", () => {
    let mutants = 0;
    let messages = 0;
    for (const [index, token] of tokens.entries()) {
      const replacement = ["", "zzz", "7", "null", "[q]"][index % 5]!;
      const broken = `${text.slice(0, token.index)}${replacement}${text.slice(token.index + token[0].length)}`;
      const { diagnostics } = checkExample({ text: broken });
      expect(diagnostics.length, broken).toBeLessThan(6);
      mutants += 1;
      messages += diagnostics.length;
    }
    expect(mutants).toBeGreaterThan(150);
    expect(messages / mutants).toBeLessThan(1.6);
  });
});
