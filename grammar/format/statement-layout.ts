/** Statements, with the comments and blank lines between them -> layout. */
import type { IToken } from "chevrotain";
import type { Body, Statement } from "../ast.ts";
import { headerLayout } from "./header-layout.ts";
import { group, hardLine, indent, type Layout, line } from "./layout-document.ts";
import {
  type Region,
  regionsOf,
  type TokenTable,
  within,
  writtenBody,
} from "./statement-regions.ts";
import { commentText, endOf, TokenCursor } from "./token-cursor.ts";

/** One thing of a list: a statement or a comment between statements. */
interface Entry {
  readonly start: number;
  readonly end: number;
  readonly layout: Layout;
  readonly isComment: boolean;
  /** True when nothing may stand behind it on its line. */
  readonly endsLine: boolean;
}

/** Lines of statements from `start` to `end`; empty when nothing stands there. */
export function statementsLayout(
  statements: readonly Statement[],
  table: TokenTable,
  start: number,
  end: number,
): Layout {
  const entries = entriesOf(statements, table, start, end);
  const lines: Layout[] = [];
  let at = start;
  let isFirst = start === 0;
  let previous: Entry | undefined;
  for (const entry of entries) {
    const newlines = countNewlines(table.text, at, entry.start);
    const together = entry.isComment || (previous?.isComment === true && !previous.endsLine);
    if (isFirst) lines.push(entry.layout);
    else if (newlines === 0 && together) lines.push(" ", entry.layout);
    else {
      const isBlank = newlines > 1 && (previous !== undefined || start === 0);
      lines.push(isBlank ? [hardLine, hardLine] : hardLine, entry.layout);
    }
    at = entry.end;
    isFirst = false;
    previous = entry;
  }
  return lines;
}

function entriesOf(
  statements: readonly Statement[],
  table: TokenTable,
  start: number,
  end: number,
): readonly Entry[] {
  const regions = regionsOf(statements, table, start, end);
  const held = (comment: IToken) =>
    regions.some(
      (region) => region.start <= comment.startOffset && comment.startOffset < region.end,
    );
  const comments = within(table.comments, start, end)
    .filter((comment) => !held(comment))
    .map((comment): Entry => {
      const text = commentText(comment);
      const isOpen = text.startsWith("/*") && !/^\/\*[\s\S]*\*\/$/.test(text);
      const endsLine = !text.startsWith("/*") || isOpen;
      const layout: Layout = { kind: "remark", text };
      const place = { start: comment.startOffset, end: endOf(comment) };
      return { ...place, layout, isComment: true, endsLine };
    });
  const written = regions.map(
    (region): Entry => ({
      start: region.start,
      end: region.end,
      layout: regionLayout(region, table),
      isComment: false,
      endsLine: false,
    }),
  );
  return [...comments, ...written].toSorted((left, right) => left.start - right.start);
}

function countNewlines(text: string, from: number, to: number): number {
  return text.slice(from, to).split("\n").length - 1;
}

/** A statement, printed anew when it was read whole, as it stands otherwise. */
function regionLayout(region: Region, table: TokenTable): Layout {
  const { statement, start, end } = region;
  const printed = statement === undefined ? undefined : statementLayout(statement, table);
  return printed ?? asWritten(table.text, start, end);
}

function asWritten(text: string, start: number, end: number): Layout {
  return text.slice(start, end).replaceAll("\r\n", "\n").trimEnd();
}

function statementLayout(statement: Statement, table: TokenTable): Layout | undefined {
  const body = writtenBody(statement, table.text);
  const { start } = statement.span;
  if (body === undefined && "body" in statement && statement.body?.kind === "body")
    return undefined;
  if (body !== undefined && body.span.end !== statement.span.end) return undefined;
  const end = body === undefined ? statement.span.end : body.span.start + 1;
  const tokens = within(table.tokens, start, end);
  if (tokens.some((token) => token.tokenType.name === "UnterminatedString")) return undefined;
  const cursor = new TokenCursor(table.text, tokens, within(table.comments, start, end));
  const header = headerLayout(statement, cursor);
  const open = body === undefined ? "" : [cursor.gap(" "), cursor.take("{")];
  if (cursor.hasFailed || !cursor.isDone) return undefined;
  return body === undefined ? header : [header, open, bodyLayout(body, table)];
}

/** What follows `{`, the closing brace included. */
function bodyLayout(body: Body, table: TokenTable): Layout {
  const start = body.span.start + 1;
  const end = body.span.end - 1;
  const inside = table.text.slice(start, end);
  if (inside.includes("\n")) {
    return [indent(statementsLayout(body.statements, table, start, end)), hardLine, "}"];
  }
  if (within(table.tokens, start, end).length === 0 && inside.trim() === "") return "}";
  const regions = regionsOf(body.statements, table, start, end);
  const isHeld = (comment: IToken) =>
    regions.some(
      (region) => region.start <= comment.startOffset && comment.startOffset < region.end,
    );
  if (!within(table.comments, start, end).every(isHeld)) return [" ", inside.trim(), " }"];
  const separator: Layout = [{ kind: "if-broken", broken: "", flat: "," }, line];
  const statements = regions.map((region, index) => [
    index === 0 ? line : separator,
    regionLayout(region, table),
  ]);
  return group([indent(statements), line, "}"]);
}
