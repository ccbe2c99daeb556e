/** Tokens -> items that know their line: what the layout passes work on. */
import { createTokenInstance, type IToken, type TokenType, tokenMatcher } from "chevrotain";
import * as t from "./tokens.ts";

/** A token that is no newline, with the newline before it, if any. */
export interface Item {
  readonly token: IToken;
  /** The last newline between the previous item and this one. */
  readonly newline: IToken | undefined;
  /** Column of the first token of the line, counted from 1. */
  readonly indent: number;
}

/** What kind of statement a line can only be the start of. */
export type StatementStart = "setting" | "block" | "statement" | "end";

/** Tokens without newlines and stray characters, each with its place on its line. */
export function itemsOf(tokens: readonly IToken[]): readonly Item[] {
  const items: Item[] = [];
  let newline: IToken | undefined;
  let indent = 1;
  let first = true;
  for (const token of tokens) {
    if (token.tokenType === t.Newline) {
      newline = token;
    } else if (token.tokenType !== t.Stray) {
      if (newline !== undefined || first) {
        indent = token.startColumn ?? 1;
      }
      items.push({ token, newline, indent });
      newline = undefined;
      first = false;
    }
  }
  return items;
}

/** True when the item's token is of this type or category. */
export function is(item: Item | undefined, type: TokenType): boolean {
  return item !== undefined && tokenMatcher(item.token, type);
}

/** True when the item stands on the line of the item before it. */
function goesOn(item: Item | undefined, type: TokenType): boolean {
  return item !== undefined && item.newline === undefined && tokenMatcher(item.token, type);
}

const statementKeywords = [t.Blip, t.Import, t.Param, t.Let, t.Extend, t.Assert];

/**
 * What starts at `items[at]`, if it cannot be the continuation of an expression: a statement
 * keyword, `}`, `path =`, `name name`, `name "text"`, `name {` or `name: name {`, on one line.
 */
export function statementStart(items: readonly Item[], at: number): StatementStart | undefined {
  const first = items[at];
  if (first === undefined || is(first, t.RightBrace)) {
    return "end";
  }
  if (statementKeywords.some((keyword) => is(first, keyword))) {
    return "statement";
  }
  if (is(first, t.Frozen) || is(first, t.Trainable)) {
    return goesOn(items[at + 1], t.Identifier) ? "block" : undefined;
  }
  if (!is(first, t.Identifier)) {
    return undefined;
  }
  const second = items[at + 1];
  if ([t.Identifier, t.StringToken, t.LeftBrace].some((type) => goesOn(second, type))) {
    return "block";
  }
  if (goesOn(second, t.Colon)) {
    const named = goesOn(items[at + 2], t.Identifier) && goesOn(items[at + 3], t.LeftBrace);
    return named ? "block" : undefined;
  }
  return goesOn(items[pathEnd(items, at)], t.Equals) ? "setting" : undefined;
}

/** Index of the first item behind the path `a.b.c` that starts at `at`. */
export function pathEnd(items: readonly Item[], at: number): number {
  let end = at + 1;
  while (goesOn(items[end], t.Dot) && goesOn(items[end + 1], t.Identifier)) {
    end += 2;
  }
  return end;
}

/** A zero-width token behind `before`, for what the user left out. */
export function virtualItem(type: TokenType, before: Item): Item {
  const { token } = before;
  const offset = (token.endOffset ?? token.startOffset - 1) + 1;
  const line = token.endLine ?? 1;
  const column = (token.endColumn ?? 0) + 1;
  const made = createTokenInstance(
    type,
    "",
    offset,
    offset - 1,
    line,
    line,
    column,
    Math.max(0, column - 1),
  );
  return { token: made, newline: undefined, indent: before.indent };
}

/** True for a token that a layout pass made up. */
export function isVirtual(token: IToken): boolean {
  return token.image === "" && token.startOffset >= 0;
}

/** The same item as another type of token. */
export function retyped(item: Item, type: TokenType): Item {
  const token = { ...item.token, tokenType: type, tokenTypeIdx: type.tokenTypeIdx ?? 0 };
  return { ...item, token };
}

/** The item with a newline before it, taken over from a dropped neighbor. */
export function withNewline(item: Item, newline: IToken | undefined): Item {
  return item.newline === undefined && newline !== undefined ? { ...item, newline } : item;
}
