/** Tokens and comments of one statement -> layouts: each token once, each comment on its line. */
import type { IToken } from "chevrotain";
import { hardLine, type Layout, line, softLine } from "./layout-document.ts";

/** What stands between two tokens when no comment does. */
export type Gap = "" | " " | "line" | "soft-line";

/** What stands between two tokens: the comments, and the gap behind them. */
export interface Between {
  readonly comments: Layout;
  readonly end: Layout;
}

const plain: Readonly<Record<Gap, Layout>> = { "": "", " ": " ", line, "soft-line": softLine };

/**
 * Hands out the tokens of a statement in order. `hasFailed` when the tree and the tokens disagree: then the statement
 * was recovered from an error and is kept as it is.
 */
export class TokenCursor {
  hasFailed = false;
  readonly #text: string;
  readonly #tokens: readonly IToken[];
  readonly #comments: readonly IToken[];
  #next = 0;
  #nextComment = 0;

  constructor(text: string, tokens: readonly IToken[], comments: readonly IToken[]) {
    this.#text = text;
    this.#tokens = tokens;
    this.#comments = comments;
  }

  /** True when every token was handed out. */
  get isDone(): boolean {
    return this.#next === this.#tokens.length;
  }

  /** The next token, which must be this sign or word. */
  take(image: string): Layout {
    const token = this.#tokens[this.#next++];
    if (token?.image !== image) this.hasFailed = true;
    return image;
  }

  /** The next token as it is written; it must start at `offset`. */
  takeAt(offset: number): Layout {
    const token = this.#tokens[this.#next++];
    if (token?.startOffset !== offset) this.hasFailed = true;
    return token?.image ?? "";
  }

  /** Passes over a comma that nothing follows. */
  skipComma(): void {
    if (this.#tokens[this.#next]?.image === ",") this.#next++;
  }

  /** What stands before the next token. */
  gap(kind: Gap): Layout {
    const { comments, end } = this.between(kind);
    return [comments, end];
  }

  /** As `gap`, in two parts, for a closing bracket that stands further out than the comments. */
  between(kind: Gap): Between {
    const token = this.#tokens[this.#next];
    const until = token?.startOffset ?? Number.POSITIVE_INFINITY;
    const layouts: Layout[] = [];
    let end = plain[kind];
    for (let comment = this.#upcoming(until); comment !== undefined; ) {
      const from = this.#endBefore(comment);
      const isOwnLine = this.#text.slice(from, comment.startOffset).includes("\n");
      const text = commentText(comment);
      this.#nextComment++;
      const following = this.#upcoming(until);
      const behind = this.#text.slice(endOf(comment), following?.startOffset ?? until);
      const endsLine = text.startsWith("//") || text.startsWith("#") || behind.includes("\n");
      layouts.push(isOwnLine ? hardLine : " ");
      layouts.push(endsLine ? { kind: "remark", text } : text);
      if (following === undefined) end = endsLine ? hardLine : kind === "" ? " " : plain[kind];
      comment = following;
    }
    return { comments: layouts, end };
  }

  #upcoming(until: number): IToken | undefined {
    const comment = this.#comments[this.#nextComment];
    return comment !== undefined && comment.startOffset < until ? comment : undefined;
  }

  /** Where the token or comment before this comment ends. */
  #endBefore(comment: IToken): number {
    const before = [this.#comments[this.#nextComment - 1], this.#tokens[this.#next - 1]];
    const ends = before.flatMap((each) => (each === undefined ? [] : endOf(each)));
    return Math.max(0, ...ends.filter((end) => end <= comment.startOffset));
  }
}

/** Offset behind a token. */
export function endOf(token: IToken): number {
  return (token.endOffset ?? token.startOffset - 1) + 1;
}

/** A comment as it is printed: line ends are `\n`, no blanks at its end. */
export function commentText(comment: IToken): string {
  return comment.image.replaceAll("\r\n", "\n").trimEnd();
}
