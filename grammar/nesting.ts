/** Tokens -> the first place that is nested too deep for the parser's stack, if any. */
import { type IToken, tokenMatcher } from "chevrotain";
import type { Diagnostic } from "./diagnostic.ts";
import { tokenSpan } from "./lex.ts";
import { report } from "./message.ts";
import { nestingLimit } from "./messages/syntax.ts";
import type { Source } from "./source.ts";
import * as t from "./tokens.ts";

/** How deep brackets and bodies may be nested. */
export const maximumNesting = 64;

/** How many operators, calls and members one value may chain. */
export const maximumChain = 256;

const openers = [t.LeftParenthesis, t.LeftBracket, t.LeftBrace];
const closers = [t.RightParenthesis, t.RightBracket, t.RightBrace];
const ends = [t.Separator, t.ItemComma, t.LeftBrace, t.RightBrace];
const links = [t.BinaryOperator, t.Dot, t.LeftParenthesis, t.LeftBracket];

/**
 * A message at the first bracket or operator beyond the limits; undefined when all is well.
 * Every phase may recurse over a tree that passed this.
 */
export function findNesting(source: Source, tokens: readonly IToken[]): Diagnostic | undefined {
  const outer: number[] = [];
  let chain = 0;
  let total = 0;
  for (const token of tokens) {
    const matches = (type: (typeof links)[number]) => tokenMatcher(token, type);
    if (ends.some(matches)) {
      total -= chain;
      chain = 0;
    }
    if (links.some(matches)) {
      chain++;
      total++;
    }
    if (openers.some(matches)) {
      outer.push(chain);
      chain = 0;
      if (outer.length > maximumNesting) {
        return tooDeep(source, token, "brackets inside of each other", maximumNesting);
      }
    } else if (closers.some(matches)) {
      total -= chain;
      chain = outer.pop() ?? 0;
    }
    if (total > maximumChain) {
      return tooDeep(source, token, "operators, calls and members in one value", maximumChain);
    }
  }
  return undefined;
}

function tooDeep(source: Source, token: IToken, what: string, limit: number): Diagnostic {
  const span = tokenSpan(source, token);
  return report(nestingLimit, { what, limit }, { primary: { span, text: "one too many" } });
}
