/** The layout pass: which newlines and commas the parser sees. */
import { describe, expect, it } from "vitest";
import { applyEdits } from "../../grammar/apply-edits.ts";
import { layOut } from "../../grammar/layout.ts";
import { lex } from "../../grammar/lex.ts";
import { parse } from "../../grammar/parse.ts";
import { createSource } from "../../grammar/source.ts";

/** Tokens after the pass: `|` for a separating newline, `;` for a comma between statements. */
function laidOut(text: string): string {
  const source = createSource("layout.blip", text);
  const signs: Readonly<Record<string, string>> = { Newline: "|", Comma: ";", ItemComma: "," };
  return layOut(source, lex(source).tokens)
    .tokens.map(
      ({ image, tokenType }) =>
        signs[tokenType.name] ?? (image === "" ? `<${tokenType.name}>` : image),
    )
    .join(" ");
}

describe("separators", () => {
  it.each([
    ["\n\na = 1\n\n\nb = 2\n\n", "a = 1 | b = 2"],
    ["a = 1,\nb = 2,", "a = 1 ; b = 2"],
    ["a = 1\n, b = 2", "a = 1 ; b = 2"],
    ["s {\n\n a = 1\n,\n}\n", "s { a = 1 }"],
    ["a =\n1", "a = 1"],
    ["a = 1 +\n2", "a = 1 + 2"],
    ["a = b\n-> c\n->\nd", "a = b -> c -> d"],
    ["a = not\nb", "a = not b"],
    ["a = f(\n1\n,\n2,\n)\nb = 3", "a = f ( 1 , 2 ) | b = 3"],
    ["param l: backbone<lm>\nx: y", "param l : backbone < lm > | x : y"],
    ['import {\n a,\n b,\n} from "x"', 'import { a ; b } from "x"'],
  ])("%j", (text, expected) => {
    expect(laidOut(text)).toBe(expected);
  });

  it.each([
    ["a =\nb = 2", "a = | b = 2"],
    ["a = 1 +\nlet b = 2", "a = 1 + | let b = 2"],
    ["a = b ->\nqueries q { }", "a = b -> | queries q { }"],
  ])("keeps the newline before what can only start a statement: %j", (text, expected) => {
    expect(laidOut(text)).toBe(expected);
  });
});

describe("brackets", () => {
  it.each([
    ["a = [1\nb = 2", "a = [ 1 <RightBracket> | b = 2"],
    ["a = [1\nb.c.d = 2", "a = [ 1 <RightBracket> | b . c . d = 2"],
    ["a = f([1\nqueries q", "a = f ( [ 1 <RightBracket> <RightParenthesis> | queries q"],
    ["a = [1\nq {", "a = [ 1 <RightBracket> | q { <RightBrace>"],
    ["a = [1\nassert b", "a = [ 1 <RightBracket> | assert b"],
    ["s {\na = [1\n}", "s { a = [ 1 <RightBracket> }"],
    ["a = [1\nfrozen lm b", "a = [ 1 <RightBracket> | frozen lm b"],
    ["a = [\nfrozen\n]", "a = [ frozen ]"],
    ["a = f(\nx: 1,\ny\n)", "a = f ( x : 1 , y )"],
    ["a = [1", "a = [ 1 <RightBracket>"],
    ["a = (1]\nb = 2", "a = ( 1 <RightParenthesis> | b = 2"],
    ["a = 1)\nb = 2", "a = 1 | b = 2"],
  ])("%j", (text, expected) => {
    expect(laidOut(text)).toBe(expected);
  });
});

describe("braces", () => {
  it("never touches a file in which they balance, whatever its indentation", () => {
    expect(laidOut("s {\na {\nb = 1\n}\n  }\nc = 2")).toBe("s { a { b = 1 } } | c = 2");
  });

  it.each([
    ["s {\n  a = 1\nt {\n  b = 1\n}", "s { a = 1 <RightBrace> | t { b = 1 }"],
    ["s {\n  t {\n    a = 1\n  b = 1\n}", "s { t { a = 1 <RightBrace> | b = 1 }"],
    ["s {\n  t { a = 1\n}", "s { t { a = 1 <RightBrace> }"],
    ["s {\n  a = 1", "s { a = 1 <RightBrace>"],
    ["s t\n  a = 1\n}\nb = 2", "s t <LeftBrace> a = 1 } | b = 2"],
    ["s {{\n  a = 1\n}", "s { a = 1 }"],
    ["s {\n  a = 1\n}}\nb = 2", "s { a = 1 } | b = 2"],
    ["s {\n  t { a = 1 } }\n  b = 1\n}", "s { t { a = 1 } | b = 1 }"],
  ])("balances %j by indentation", (text, expected) => {
    expect(laidOut(text)).toBe(expected);
  });
});

it("a word where a `}` should be is one mistake, and the rest is read", () => {
  const text = "trainable queries q {\n  count = 32\nother\n\nlet width = 768\n";
  const { document, diagnostics } = parse(createSource("a.blip", text));
  expect(diagnostics.map(({ code }) => code)).toEqual(["BLIP0103"]);
  expect(diagnostics[0]?.labels.map(({ text: said }) => said)).toEqual([
    "stands where its `}` should",
  ]);
  expect(document.statements.map(({ kind }) => kind)).toEqual(["block", "let"]);
  const edits = diagnostics[0]!.fixes[0]!.edits;
  expect(applyEdits(text, edits)).toBe(text.replace("other", "}"));
});
