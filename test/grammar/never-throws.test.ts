/** Any text gives a document: random strings, shuffled tokens, broken surrogates, deep nesting. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lex } from "../../grammar/lex.ts";
import { parse } from "../../grammar/parse.ts";
import { printAst } from "../../grammar/print-ast.ts";
import { renderDiagnostic } from "../../grammar/render-diagnostic.ts";
import { createSource, type Span } from "../../grammar/source.ts";

const stage1 = readFileSync(new URL("examples/stage1.blip", import.meta.url), "utf8");
const pieces = lex(createSource("stage1.blip", stage1)).tokens.map(({ image }) => image);
const words = [
  ...new Set([...pieces, ..."{}[]()\"'.,:=-><#;\\\n".split(""), "..", "/*", "//", "\r"]),
];

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.array(fc.constantFrom(...words), { maxLength: 80 }).map((list) => list.join(" ")),
  fc
    .tuple(fc.nat(stage1.length), fc.nat(40), fc.constantFrom(...words, "\ud800", "\u0000"))
    .map(([at, cut, put]) => stage1.slice(0, at) + put + stage1.slice(at + cut)),
);

/** Every span of a tree. */
function spansOf(node: unknown, found: Span[] = []): readonly Span[] {
  if (typeof node === "object" && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      if (key === "span" || key === "header" || key === "operatorSpan") {
        found.push(value as Span);
      } else {
        spansOf(value, found);
      }
    }
  }
  return found;
}

describe("parse", () => {
  it("reads any text, with spans inside of it and messages that can be printed", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const source = createSource("any.blip", text);
        const { document, diagnostics } = parse(source);
        expect(printAst(document)).toMatch(/^document\n/);
        for (const { start, end } of spansOf(document)) {
          expect(start >= 0 && start <= end && end <= text.length).toBe(true);
        }
        for (const diagnostic of diagnostics) {
          const { start, end } = diagnostic.primary.span;
          expect(start >= 0 && start <= end && end <= text.length).toBe(true);
          expect(renderDiagnostic(diagnostic)).toContain(diagnostic.code);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("loses no character in lexing", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { tokens, trivia } = lex(createSource("any.blip", text));
        const all = [...tokens, ...trivia].toSorted((a, b) => a.startOffset - b.startOffset);
        expect(all.map(({ image }) => image).join("")).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});

/** Parses each text in a new process, where no function is optimized yet; prints codes. */
function inColdProcess(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const script = `
    import { parse } from "./grammar/parse.ts";
    import { printAst } from "./grammar/print-ast.ts";
    const texts = ${texts["script"] ?? "{}"};
    const codes = {};
    for (const [name, text] of Object.entries(texts)) {
      const { document, diagnostics } = parse({ name, text });
      printAst(document);
      codes[name] = diagnostics.map(({ code, primary }) => code + "@" + primary.span.start).join(" ");
    }
    console.log(JSON.stringify(codes));`;
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const options = ["--import", "tsx", "--input-type=module", "-e", script];
  const { stdout, stderr } = spawnSync(process.execPath, options, { cwd: root, encoding: "utf8" });
  if (stdout === "") {
    throw new Error(stderr);
  }
  return JSON.parse(stdout);
}

describe("nesting", () => {
  it("is limited before the stack is, in a cold process", () => {
    const codes = inColdProcess({
      script: `{
        fine: "x = " + "(".repeat(64) + "1" + ")".repeat(64),
        lists: "x = " + "f([".repeat(32) + "1" + "])".repeat(32),
        bodies: "a {\\n".repeat(64) + "}\\n".repeat(64),
        chain: "x = 1" + " + 1".repeat(256),
        many: "x = [" + "1 + 1, ".repeat(5000) + "1]",
        deep: "x = " + "(".repeat(65) + "1" + ")".repeat(65),
        abyss: "x = " + "[".repeat(20000),
        pit: "a {".repeat(20000),
        tower: "x = a" + ".b".repeat(20000),
        calls: "x = a" + "()".repeat(20000),
        closers: ")".repeat(20000),
        minus: "x = " + "-".repeat(20000),
        nots: "x = " + "not ".repeat(20000),
      }`,
    });
    expect(codes).toEqual({
      fine: "",
      lists: "",
      bodies: "",
      chain: "",
      many: "",
      deep: "BLIP0105@68",
      abyss: "BLIP0105@68",
      pit: "BLIP0105@194",
      tower: "BLIP0105@517",
      calls: "BLIP0105@517",
      closers: "BLIP0101@0",
      minus: "BLIP0105@260",
      nots: expect.stringMatching(/^BLIP01/),
    });
  });
});
