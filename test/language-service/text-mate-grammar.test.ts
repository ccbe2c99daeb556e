import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { textMateGrammarText } from "../../compiler/language-service/text-mate-grammar.ts";
import { hardKeywords } from "../../grammar/tokens.ts";
import { stage1 } from "./marked.ts";

interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
}

const { patterns } = JSON.parse(textMateGrammarText()) as { readonly patterns: readonly Rule[] };

/** Scopes of a line by the rules of TextMate: the earliest match wins, then the first rule. */
function scopes(line: string): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < line.length; ) {
    const next = patterns
      .map((rule) => ({ rule, match: matchAt(rule, line, at) }))
      .filter(({ match }) => match !== null && match[0] !== "")
      .toSorted((left, right) => left.match!.index - right.match!.index)[0];
    if (next?.match == null) break;
    const { rule, match } = next;
    if (rule.begin !== undefined) {
      const close = new RegExp(rule.end!, "g");
      close.lastIndex = match.index + match[0].length;
      const end = close.exec(line);
      at = end === null ? line.length : end.index + Math.max(1, end[0].length);
      found.push(`${line.slice(match.index, at)} ${rule.name}`);
      continue;
    }
    if (rule.name !== undefined) found.push(`${match[0]} ${rule.name}`);
    for (const [group, { name }] of Object.entries(rule.captures ?? {})) {
      const text = match[Number(group)]?.trim();
      if (text !== undefined) found.push(`${text} ${name}`);
    }
    at = match.index + match[0].length;
  }
  return found.map((each) => each.replace(/\.blip$/, ""));
}

function matchAt({ match, begin }: Rule, line: string, from: number): RegExpExecArray | null {
  const pattern = new RegExp(match ?? begin!, "g");
  pattern.lastIndex = from;
  return pattern.exec(line);
}

test("the extension has the grammar of today's tokens; else: npm run grammar in editor/vscode", () => {
  const kept = readFileSync("editor/vscode/syntaxes/blip.tmLanguage.json", "utf8");
  expect(kept).toBe(textMateGrammarText());
});

test("every hard keyword is colored as one", () => {
  for (const word of hardKeywords) {
    const [first] = scopes(`x = ${word}`).slice(2);
    expect(first).toMatch(/ (keyword|storage|constant)\./);
  }
});

test("a header, a setting, a number with its unit, a call, a comment", () => {
  expect(scopes('frozen encoder vision = "eva" { // tower')).toEqual([
    "frozen storage.modifier",
    "encoder storage.type",
    "vision entity.name.type",
    "= keyword.operator.assignment",
    '"eva" string.quoted.double',
    "// tower comment.line.double-slash",
  ]);
  expect(scopes("  train = 250_000 steps")).toEqual([
    "train variable.other.property",
    "= keyword.operator.assignment",
    "250_000 constant.numeric",
    "steps keyword.other.unit",
  ]);
  expect(scopes("  optimizer: adamw { lr = 1e-4 }")).toEqual([
    "optimizer storage.type",
    ": punctuation.separator.variant",
    "adamw support.type.variant",
    "lr variable.other.property",
    "= keyword.operator.assignment",
    "1e-4 constant.numeric",
  ]);
  expect(scopes("x = bridge(q).cls -> hard(from: itc)")).toEqual([
    "x variable.other.property",
    "= keyword.operator.assignment",
    "bridge entity.name.function",
    "q variable.other",
    "cls variable.other.member",
    "-> keyword.operator",
    "hard entity.name.function",
    "from variable.parameter",
    ": punctuation.separator.argument",
    "itc variable.other",
  ]);
  expect(scopes("param batch: int = 64 where batch > 1")).toEqual([
    "param keyword.control",
    "batch variable.parameter",
    ": punctuation.separator.type",
    "int support.type",
    "= keyword.operator.assignment",
    "64 constant.numeric",
    "where keyword.control",
    "batch variable.other",
    "> keyword.operator",
    "1 constant.numeric",
  ]);
});

test("every word of a pipeline has a scope", () => {
  for (const line of stage1.split("\n")) {
    const colored = scopes(line).join(" ");
    for (const word of line.match(/[A-Za-z_]\w*/g) ?? []) expect(colored).toContain(word);
  }
});
