/** Statements of a file or a body -> stretches of text that hold every token, recovered ones included. */
import type { IToken } from "chevrotain";
import type { Body, Statement } from "../ast.ts";
import { endOf } from "./token-cursor.ts";

/** A statement and the text that belongs to it; without one, text that is kept as it is. */
export interface Region {
  readonly start: number;
  readonly end: number;
  /** Undefined: the text holds more than the statement, or none. */
  readonly statement: Statement | undefined;
}

/** What the printer reads of a file. */
export interface TokenTable {
  readonly text: string;
  /** Without newlines, in order. */
  readonly tokens: readonly IToken[];
  /** Comments in order. */
  readonly comments: readonly IToken[];
}

/** Those of a list that start in `[start, end)`. */
export function within(list: readonly IToken[], start: number, end: number): readonly IToken[] {
  return list.slice(firstFrom(list, start), firstFrom(list, end));
}

function firstFrom(list: readonly IToken[], offset: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.startOffset ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Regions in order, not overlapping. Tokens between two statements that do not only separate them belong to the
 * statement before, or to the one behind when they stand on its line.
 */
export function regionsOf(
  statements: readonly Statement[],
  table: TokenTable,
  start: number,
  end: number,
): readonly Region[] {
  const regions: Region[] = [];
  let at = start;
  const gap = (until: number) => {
    for (const token of within(table.tokens, at, until)) {
      if (token.image === ",") continue;
      const last = regions.at(-1);
      if (last === undefined || isNewLine(table.text, last.end, token.startOffset)) {
        regions.push({ start: token.startOffset, end: endOf(token), statement: undefined });
      } else {
        regions[regions.length - 1] = { ...last, end: endOf(token), statement: undefined };
      }
    }
  };
  for (const statement of statements) {
    const { span } = statement;
    if (span.start < at || span.end > end || span.start === span.end) continue;
    gap(span.start);
    const last = regions.at(-1);
    const joins =
      last?.statement === undefined &&
      last !== undefined &&
      last.end > at &&
      !isNewLine(table.text, last.end, span.start);
    if (joins) regions[regions.length - 1] = { ...last, end: span.end, statement: undefined };
    else regions.push({ start: span.start, end: span.end, statement });
    at = span.end;
  }
  gap(end);
  return regions;
}

function isNewLine(text: string, from: number, to: number): boolean {
  return text.slice(from, to).includes("\n");
}

/** The body of a statement when both of its braces are in the text. */
export function writtenBody(statement: Statement, text: string): Body | undefined {
  if (!("body" in statement) || statement.body?.kind !== "body") return undefined;
  const { start, end } = statement.body.span;
  const isWritten = text[start] === "{" && text[end - 1] === "}" && end - start > 1;
  return isWritten ? statement.body : undefined;
}
