/** The token table -> a TextMate grammar, for colors before the language server has started. */

import * as t from "../../grammar/tokens.ts";
import { hardKeywords, vocabulary } from "../../grammar/tokens.ts";
import { invariant } from "../invariant.ts";

type TokenType = (typeof vocabulary)[number];

interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
  readonly patterns?: readonly Rule[];
}

/** Words that say what a statement is; the others are operators, constants and clauses. */
const words: readonly { readonly scope: string; readonly words: readonly string[] }[] = [
  { scope: "storage.modifier.blip", words: ["frozen", "trainable"] },
  { scope: "constant.language.blip", words: ["true", "false", "null"] },
  { scope: "keyword.operator.word.blip", words: ["and", "or", "not"] },
];

/** The grammar as the text of `blip.tmLanguage.json`. Knows tokens and shapes of statements, no kinds and no settings. */
export function textMateGrammarText(): string {
  const grammar = {
    name: "blip",
    scopeName: "source.blip",
    patterns: rules(),
  };
  return `${JSON.stringify(grammar, null, 2)}\n`;
}

function rules(): readonly Rule[] {
  const name = sourceOf(t.Identifier);
  const number = sourceOf(t.NumberToken);
  const state = "(?:frozen|trainable)";
  const notKeyword = `(?!(?:${hardKeywords.join("|")})\\b)`;
  const kind = `${notKeyword}(${name})`;
  const special = new Set(words.flatMap((each) => each.words));
  const other = hardKeywords.filter((word) => !special.has(word));
  return [
    { name: "comment.line.documentation.blip", match: sourceOf(t.DocumentationComment) },
    { name: "comment.line.double-slash.blip", match: sourceOf(t.LineComment) },
    { name: "comment.block.blip", begin: "/\\*", end: "\\*/" },
    { name: "invalid.illegal.comment.blip", match: sourceOf(t.HashComment) },
    {
      name: "string.quoted.double.blip",
      begin: '"',
      end: '"|$',
      patterns: [
        { name: "constant.character.escape.blip", match: '\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4})' },
        { name: "invalid.illegal.escape.blip", match: "\\\\." },
      ],
    },
    {
      // frozen encoder vision: variant = …, optimizer: adamw {
      match: `^\\s*(${state}\\s+)?${kind}(?=\\s+${notKeyword}${name}\\s*(?:[:={]|$)|\\s+"|\\s*:|\\s*\\{)(?:\\s+(${name}))?(?:\\s*(:)\\s*(${name}))?`,
      captures: {
        1: { name: "storage.modifier.blip" },
        2: { name: "storage.type.blip" },
        3: { name: "entity.name.type.blip" },
        4: { name: "punctuation.separator.variant.blip" },
        5: { name: "support.type.variant.blip" },
      },
    },
    {
      match: `\\b(param|let)\\s+(${name})(?:\\s*(:)\\s*(${name}))?`,
      captures: {
        1: { name: "keyword.control.blip" },
        2: { name: "variable.parameter.blip" },
        3: { name: "punctuation.separator.type.blip" },
        4: { name: "support.type.blip" },
      },
    },
    {
      // path = value
      match: `(?:^|(?<=[{,]))\\s*(${name}(?:\\.${name})*)\\s*(=)(?!=)`,
      captures: {
        1: { name: "variable.other.property.blip" },
        2: { name: "keyword.operator.assignment.blip" },
      },
    },
    {
      // name: value, in brackets
      match: `\\b(${name})\\s*(:)`,
      captures: {
        1: { name: "variable.parameter.blip" },
        2: { name: "punctuation.separator.argument.blip" },
      },
    },
    {
      match: `(?<![\\w.])(${number})(?:[ \\t]+${notKeyword}(${name}))?`,
      captures: { 1: { name: "constant.numeric.blip" }, 2: { name: "keyword.other.unit.blip" } },
    },
    ...words.map((each) => ({ name: each.scope, match: anyWord(each.words) })),
    { name: "keyword.control.blip", match: anyWord(other) },
    { match: `\\b${kind}(?=\\s*[(\\[])`, captures: { 1: { name: "entity.name.function.blip" } } },
    { match: `\\.(${name})`, captures: { 1: { name: "variable.other.member.blip" } } },
    { name: "keyword.operator.blip", match: operators().map(escaped).join("|") },
    { name: "keyword.operator.assignment.blip", match: escaped(String(t.Equals.PATTERN)) },
    { name: "variable.other.blip", match: `\\b${name}\\b` },
  ];
}

/** Signs that stand between two values, longest first. */
function operators(): readonly string[] {
  return vocabulary
    .filter((type) => type.CATEGORIES?.includes(t.BinaryOperator))
    .map(({ PATTERN }) => PATTERN)
    .filter((pattern) => typeof pattern === "string")
    .filter((sign) => !/^\w/.test(sign))
    .toSorted((left, right) => right.length - left.length);
}

function sourceOf({ PATTERN, name }: TokenType): string {
  invariant(PATTERN instanceof RegExp, () => `the token ${name} has a pattern`);
  return PATTERN.source;
}

function anyWord(list: readonly string[]): string {
  return `\\b(?:${list.join("|")})\\b`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
