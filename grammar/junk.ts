/** Messages about text that is no statement, or stands behind a complete one. */
import type { IToken } from "chevrotain";
import type { Expression, Setting } from "./ast.ts";
import type * as cst from "./cst.d.ts";
import { type Building, childrenOf, identifier, nodeSpan } from "./cst-reading.ts";
import { note, report } from "./message.ts";
import { missingEquals, trailingJunk, unknownStatement } from "./messages/syntax.ts";
import { type Span, spanOf, textOf } from "./source.ts";
import { hardKeywords } from "./tokens.ts";

/** A token as messages quote it. */
export function quoted(token: IToken | undefined): string {
  return token === undefined ? "`{`" : `\`${token.image}\``;
}

/** Reports text behind a complete statement. */
export function tailMessage(building: Building, tail: cst.JunkTailCstNode): void {
  const first = firstToken(tail);
  const whole = nodeSpan(building, tail, 0);
  const span = first === undefined ? { ...whole, end: whole.start + 1 } : whole;
  const text =
    first === undefined
      ? "a body needs a block: `kind name = … { … }`"
      : "not part of the statement before it";
  building.diagnostics.push(
    report(trailingJunk, { found: quoted(first) }, { primary: { span: firstLine(span), text } }),
  );
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
              : "a setting is `name = value`, a block is `kind name { … }`",
          ),
        ],
      },
    ),
  );
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
