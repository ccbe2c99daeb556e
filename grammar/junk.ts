/** Messages about text that is no statement, or stands behind a complete one. */
import type { IToken } from "chevrotain";
import type { Expression, Setting } from "./ast.ts";
import type * as cst from "./cst.d.ts";
import { type Building, childrenOf, identifier, nodeSpan } from "./cst-reading.ts";
import { didYouMean } from "./did-you-mean.ts";
import { note, report } from "./message.ts";
import { missingEquals, trailingJunk, unknownStatement } from "./messages/syntax.ts";
import { type Span, spanOf, textOf } from "./source.ts";
import { hardKeywords } from "./tokens.ts";

/** A token as messages quote it. */
export function quoted(token: IToken | undefined): string {
  return token === undefined ? "`{`" : `\`${token.image}\``;
}

/** Reports text behind the complete statement `before`. */
export function tailMessage(building: Building, tail: cst.JunkTailCstNode, before: Span): void {
  const first = firstToken(tail);
  const whole = nodeSpan(building, tail, 0);
  const span = first === undefined ? { ...whole, end: whole.start + 1 } : whole;
  const text =
    first === undefined
      ? `a body needs a block: ${blockForm(textOf(before))}`
      : "not part of the statement before it";
  const state = misspelledState(building, before);
  building.diagnostics.push(
    report(
      trailingJunk,
      { found: quoted(first) },
      {
        primary: { span: firstLine(span), text },
        labels:
          state === undefined
            ? []
            : [{ span: state.span, text: `did you mean \`${state.word}\`?` }],
        fixes:
          state === undefined
            ? []
            : [
                {
                  title: `write \`${state.word}\``,
                  edits: [{ span: state.span, text: state.word }],
                  safe: true,
                },
              ],
      },
    ),
  );
}

/** The block that a setting with a body was meant to be. */
function blockForm(written: string): string {
  const [, kind, variant] =
    /^([A-Za-z_]\w*)[ \t]*=[ \t]*([A-Za-z_]\w*)[ \t]*\{/.exec(written) ?? [];
  return kind === undefined ? "`kind name = … { … }`" : `write \`${kind}: ${variant} { … }\``;
}

/** `trainabel queries q`: a word like `frozen` or `trainable` at the start of the statement before the tail. */
function misspelledState(
  { source }: Building,
  before: Span,
): { readonly span: Span; readonly word: string } | undefined {
  const written = /^[A-Za-z_]\w*(?=[ \t]+[A-Za-z_])/.exec(textOf(before))?.[0];
  if (written === undefined || hardKeywords.includes(written)) return undefined;
  const word = didYouMean(written, ["frozen", "trainable"]);
  const { start } = before;
  return word === undefined
    ? undefined
    : { span: spanOf(source, start, start + written.length), word };
}

/** Reports a line that is no statement. */
export function junkMessage(building: Building, line: cst.JunkLineCstNode): void {
  const first = firstToken(line);
  const whole = nodeSpan(building, line, 0);
  const keyword = first !== undefined && hardKeywords.includes(first.image);
  building.diagnostics.push(
    report(
      unknownStatement,
      { found: quoted(first) },
      {
        primary: { span: firstLine(whole), text: "" },
        notes: [
          note(
            keyword
              ? `\`${first.image}\` is a word of the language and cannot be a name`
              : isBehindComma(whole)
                ? "the `,` before it ends a statement; a list stands in brackets, `[a, b]`, and a sum takes `+`"
                : "a setting is `name = value`, a block is `kind name { … }`",
          ),
        ],
      },
    ),
  );
}

function isBehindComma({ source, start }: Span): boolean {
  return /,[ \t]*$/.test(source.text.slice(0, start));
}

/** Reports `path value` or `path: value` and gives the setting that was meant. */
export function equalsMissing(
  building: Building,
  names: readonly IToken[],
  valueSpan: Span,
  value: Expression,
  common: { readonly documentation: string | undefined; readonly span: Span },
  colon?: Span,
): Setting {
  const { source } = building;
  const segments = names.map((token) => identifier(building, token));
  const start = segments[0]?.span.start ?? common.span.start;
  const path = spanOf(source, start, segments.at(-1)?.span.end ?? start);
  const span = spanOf(source, start, valueSpan.end);
  const text = `${textOf(path)} = ${textOf(valueSpan)}`;
  const gap = spanOf(source, path.end, colon?.end ?? path.end);
  const block = value.kind === "name" || value.kind === "string";
  const notes = block
    ? [
        note(
          "two names in a row start a block, such as `queries q { … }`, and a block needs a body",
        ),
      ]
    : [];
  building.diagnostics.push(
    report(
      missingEquals,
      {},
      {
        primary: { span, text: `write \`${text}\`` },
        notes,
        fixes: [{ title: `write \`${text}\``, edits: [{ span: gap, text: " =" }], safe: true }],
      },
    ),
  );
  return {
    kind: "setting",
    path: { kind: "path", segments, span: path },
    value,
    documentation: common.documentation,
    span,
  };
}

/** The first token of a stretch of junk, undefined when it starts with a body. */
function firstToken(node: cst.JunkLineCstNode | cst.JunkTailCstNode): IToken | undefined {
  const { Junk: tokens, body } = childrenOf<cst.JunkLineCstNode | cst.JunkTailCstNode>(node);
  const token = tokens?.[0];
  const start = body?.[0]?.location?.startOffset ?? Number.POSITIVE_INFINITY;
  return token !== undefined && token.startOffset < start ? token : undefined;
}

function firstLine(span: Span): Span {
  const text = textOf(span);
  const end = text.search(/\s*(?:[\r\n{]|$)/);
  return { ...span, end: span.start + Math.max(1, end) };
}
