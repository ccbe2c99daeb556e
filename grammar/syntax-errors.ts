/** Errors of the parser -> messages in the user's words, with the form that was meant. */
import type { IRecognitionException, IToken } from "chevrotain";
import type { Diagnostic } from "./diagnostic.ts";
import { quoted } from "./junk.ts";
import { tokenSpan } from "./lex.ts";
import { isVirtual } from "./lines.ts";
import { help, note, report } from "./message.ts";
import { expectedElse } from "./messages/syntax.ts";
import { type Source, type Span, spanOf } from "./source.ts";
import {
  Colon,
  Equals,
  hardKeywords,
  Identifier,
  Newline,
  RightBrace,
  RightBracket,
  RightParenthesis,
  StringToken,
} from "./tokens.ts";

/** How a statement is written, by the rule that could not go on. */
const forms: Readonly<Record<string, string>> = {
  edition: "`blip 1`",
  importStatement: '`import "./file.blip" as name` or `import { name, name } from "./file.blip"`',
  importedNames: '`import { name, name } from "./file.blip"`',
  param: "`param name: type = value where condition`",
  type: "`int`, `backbone<lm>` or `f16[B, 257, 1408]`",
  letStatement: "`let name = value`",
  extend: "`extend name { path = value }`",
  assert: '`assert condition else "text"`',
  block: "`kind name = source { … }`, with `frozen` or `trainable` in front where it has weights",
  variant: "`kind: variant { … }` or `setting = value`",
};

/** A message for an error that the parser recovered from. */
export function syntaxDiagnostic(source: Source, error: IRecognitionException): Diagnostic {
  const { token } = error;
  const before = "previousToken" in error ? (error.previousToken as IToken | undefined) : undefined;
  const rule = error.context.ruleStack.at(-1) ?? "";
  const form = forms[rule];
  const expected = expectedWords(error.message, rule, before);
  const meant = meantBy(rule, token, before);
  const advice = meant ?? (form === undefined ? undefined : `write ${form}`);
  const notes = advice === undefined ? [] : [help(advice)];
  if (error.message === "a name" && hardKeywords.includes(token.image)) {
    notes.unshift(note(`\`${token.image}\` is a word of the language and cannot be a name`));
  }
  return report(
    expectedElse,
    { expected, found: foundWords(token, before) },
    { primary: { span: errorSpan(source, token, before), text: `${expected} here` }, notes },
  );
}

/** What people who write other languages mean by this token here. */
function meantBy(rule: string, token: IToken, before: IToken | undefined): string | undefined {
  if (rule === "group" && token.image === ",") return "a list stands in brackets: `[a, b]`";
  if (rule === "variant" && token.tokenType === StringToken)
    return `what a block is made from stands behind \`=\`: write \`= ${token.image}\``;
  const isNamed = before?.tokenType === Identifier && token.tokenType === Equals;
  return isNamed && (rule === "suffix" || rule === "argument")
    ? `an argument is named with a colon: \`${before.image}: …\``
    : undefined;
}

function expectedWords(expected: string, rule: string, before: IToken | undefined): string {
  if (rule === "type" && before?.tokenType === Colon) {
    return "a type";
  }
  const closes = ["`)`", "`]`", "`}`"].includes(expected);
  return closes && rule !== "body" && rule !== "group" ? `\`,\` or ${expected}` : expected;
}

/** True when the line of `before` ended too early, and the token only closes what is around it. */
function endsLine(token: IToken, before: IToken | undefined): boolean {
  const closers = [RightBrace, RightBracket, RightParenthesis];
  const later = before !== undefined && (token.startLine ?? 0) > (before.endLine ?? 0);
  return token.tokenType === Newline || (later && closers.includes(token.tokenType));
}

function foundWords(token: IToken, before: IToken | undefined): string {
  if (Number.isNaN(token.startOffset)) {
    return "the end of the file";
  }
  if (endsLine(token, before)) {
    return "the end of the line";
  }
  return isVirtual(token) ? "the end of the statement" : quoted(token);
}

/** The token itself, or the place behind the last one when a line or the file ended too early. */
function errorSpan(source: Source, token: IToken, before: IToken | undefined): Span {
  const nothing = Number.isNaN(token.startOffset) || endsLine(token, before);
  if (!nothing && !isVirtual(token)) {
    return tokenSpan(source, token);
  }
  const known = before !== undefined && !Number.isNaN(before.startOffset);
  const end = known
    ? tokenSpan(source, before).end
    : nothing
      ? source.text.trimEnd().length
      : token.startOffset;
  return spanOf(source, end, end);
}
