/** Tokens -> tokens: brackets closed, braces balanced, only separating newlines kept. */
import type { IToken } from "chevrotain";
import type { Diagnostic } from "./diagnostic.ts";
import { balanceBraces } from "./layout-braces.ts";
import { closeBrackets } from "./layout-brackets.ts";
import { type Item, is, itemsOf, statementStart } from "./lines.ts";
import type { Source } from "./source.ts";
import * as t from "./tokens.ts";

/** What the parser reads: balanced, with mandatory separators only. */
export interface Layout {
  readonly tokens: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The layout pass of language.md section 2, after the lexer and before the parser. */
export function layOut(source: Source, tokens: readonly IToken[]): Layout {
  const brackets = closeBrackets(source, itemsOf(tokens));
  const braces = balanceBraces(source, brackets.items);
  return {
    tokens: separate(braces.items),
    diagnostics: [...brackets.diagnostics, ...braces.diagnostics],
  };
}

/** Keeps the newlines and commas that stand between two statements, and no others. */
function separate(items: readonly Item[]): readonly IToken[] {
  const out: Item[] = [];
  let depth = 0;
  for (const [index, item] of items.entries()) {
    const { newline } = item;
    if (newline !== undefined && depth === 0 && separates(out, items, index)) {
      out.push({ token: newline, newline: undefined, indent: item.indent });
    }
    if (is(item, t.Separator)) {
      const previous = out.at(-1);
      if (previous === undefined || is(previous, t.LeftBrace) || is(previous, t.Separator)) {
        continue;
      }
    } else if (is(item, t.RightBrace)) {
      while (is(out.at(-1), t.Separator)) {
        out.pop();
      }
    } else if (isOpener(item)) {
      depth++;
    } else if (is(item, t.RightParenthesis) || is(item, t.RightBracket)) {
      depth--;
      const before = out.at(-2);
      if (is(out.at(-1), t.ItemComma) && !isOpener(before) && !is(before, t.ItemComma)) {
        out.pop();
      }
    }
    out.push(item);
  }
  while (is(out.at(-1), t.Separator)) {
    out.pop();
  }
  return out.map((item) => item.token);
}

function isOpener(item: Item | undefined): boolean {
  return is(item, t.LeftParenthesis) || is(item, t.LeftBracket);
}

function separates(out: readonly Item[], items: readonly Item[], index: number): boolean {
  const previous = out.at(-1);
  const item = items[index];
  if (previous === undefined || is(previous, t.LeftBrace) || is(previous, t.Separator)) {
    return false;
  }
  if (is(item, t.RightBrace) || is(item, t.Comma) || is(item, t.Arrow)) {
    return false;
  }
  const open =
    is(previous, t.Equals) ||
    is(previous, t.Not) ||
    (is(previous, t.BinaryOperator) && !closesType(out));
  return !open || statementStart(items, index) !== undefined;
}

/** True when the last token is the `>` of `param name: backbone<lm>`. */
function closesType(out: readonly Item[]): boolean {
  return (
    is(out.at(-1), t.Greater) &&
    is(out.at(-2), t.Identifier) &&
    is(out.at(-3), t.Less) &&
    is(out.at(-4), t.Identifier) &&
    is(out.at(-5), t.Colon)
  );
}
