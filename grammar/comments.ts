/** Tokens and trivia -> comments with their placement, and the documentation of statements. */
import type { IToken } from "chevrotain";
import type { Comment } from "./ast.ts";
import { type Lexed, tokenSpan } from "./lex.ts";
import type { Source } from "./source.ts";
import * as t from "./tokens.ts";

/** What the comments of a file say. */
export interface Commentary {
  /** In order of appearance. */
  readonly comments: readonly Comment[];
  /** Lines of `///` by the offset of the token that follows them. */
  readonly documentation: ReadonlyMap<number, string>;
}

/** Sorts the comments of a file; `///` lines belong to the next token that starts a line. */
export function readComments(source: Source, lexed: Lexed): Commentary {
  const comments: Comment[] = [];
  const documentation = new Map<number, string>();
  let pending: string[] = [];
  let next = 0;
  let previous: IToken | undefined;
  const passTokens = (before: number) => {
    for (; next < lexed.tokens.length; next++) {
      const token = lexed.tokens[next] as IToken;
      if (token.startOffset >= before) {
        break;
      }
      if (token.tokenType !== t.Newline) {
        if (pending.length > 0) {
          documentation.set(token.startOffset, pending.join("\n"));
          pending = [];
        }
        previous = token;
      }
    }
  };
  for (const token of lexed.trivia) {
    if (token.tokenType === t.Whitespace) {
      continue;
    }
    passTokens(token.startOffset);
    const trailing = previous?.endLine === token.startLine;
    const style = styleOf(token);
    comments.push({
      kind: "comment",
      style,
      text: token.image,
      placement: trailing ? "trailing" : "leading",
      span: tokenSpan(source, token),
    });
    if (style === "documentation" && !trailing) {
      pending.push(token.image.slice(3).replace(/^ /, "").trimEnd());
    }
  }
  passTokens(Number.POSITIVE_INFINITY);
  return { comments, documentation };
}

function styleOf(token: IToken): Comment["style"] {
  switch (token.tokenType) {
    case t.DocumentationComment:
      return "documentation";
    case t.BlockComment:
    case t.UnterminatedComment:
      return "block";
    default:
      return "line";
  }
}
