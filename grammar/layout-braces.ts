/** Balances `{` and `}` by indentation, in files where their numbers differ. */
import type { Diagnostic } from "./diagnostic.ts";
import { type LaidOut, startSpan, stray } from "./layout-brackets.ts";
import { tokenSpan } from "./lex.ts";
import { type Item, is, statementStart, virtualItem, withNewline } from "./lines.ts";
import { help, report } from "./message.ts";
import { missingOpener, unclosedBlock } from "./messages/syntax.ts";
import { lineText, type Source, type Span, spanOf, textOf } from "./source.ts";
import * as t from "./tokens.ts";

interface OpenBlock {
  readonly brace: Item;
  /** `queries q`, for messages. */
  readonly header: string;
}

/**
 * Leaves balanced files alone. With too many `{`, a block is closed before the next line that is
 * not indented further than its header; with too many `}`, a line that is indented further than a
 * header without `{` opens its body, and closers that fit nothing are dropped.
 */
export function balanceBraces(source: Source, items: readonly Item[]): LaidOut {
  let openers = 0;
  let closers = 0;
  let disordered = false;
  for (const item of items) {
    openers += is(item, t.LeftBrace) ? 1 : 0;
    closers += is(item, t.RightBrace) ? 1 : 0;
    disordered ||= closers > openers;
  }
  if (openers === closers && !disordered) {
    return { items, diagnostics: [] };
  }
  return new Balancer(source, items, openers - closers).run();
}

/** One walk over the items; holds the stack of open blocks and how many braces are missing. */
class Balancer {
  private readonly source: Source;
  private readonly items: readonly Item[];
  /** `{` without `}` that are left to close when positive, `}` without `{` when negative. */
  private excess: number;
  private readonly out: Item[] = [];
  private readonly open: OpenBlock[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  private statementFrom = 0;
  /** Index of a lone word that stands where a `}` should, and was taken for it. */
  private wordForBrace: number | undefined;

  constructor(source: Source, items: readonly Item[], excess: number) {
    this.source = source;
    this.items = items;
    this.excess = excess;
  }

  run(): LaidOut {
    let dropped: Item | undefined;
    for (const [index, original] of this.items.entries()) {
      const item = withNewline(original, dropped?.newline);
      dropped = undefined;
      if (item.newline !== undefined) {
        this.atLineStart(item, index);
      }
      if (this.wordForBrace === index) {
        dropped = item;
        continue;
      }
      if (is(item, t.LeftBrace)) {
        if (this.excess > 0 && is(this.out.at(-1), t.LeftBrace)) {
          this.excess--;
          this.diagnostics.push(stray(this.source, item));
          dropped = item;
          continue;
        }
        this.open.push({ brace: item, header: this.header() });
      } else if (is(item, t.RightBrace)) {
        if (this.open.length === 0 || this.isStray(item)) {
          this.excess++;
          this.diagnostics.push(stray(this.source, item));
          dropped = item;
          continue;
        }
        this.open.pop();
      }
      this.out.push(item);
      if ([t.LeftBrace, t.RightBrace, t.Separator].some((type) => is(item, type))) {
        this.statementFrom = this.out.length;
      }
    }
    while (this.open.length > 0) {
      this.close(undefined);
    }
    return { items: this.out, diagnostics: this.diagnostics };
  }

  private atLineStart(item: Item, index: number): void {
    if (this.excess > 0 && is(item, t.RightBrace)) {
      const fits = this.open.some((block) => block.brace.indent === item.indent);
      while (this.excess > 0 && fits && (this.open.at(-1)?.brace.indent ?? 0) > item.indent) {
        this.close(index);
        this.excess--;
      }
    } else if (this.excess > 0) {
      while (this.excess > 0 && (this.open.at(-1)?.brace.indent ?? 0) >= item.indent) {
        this.close(index);
        this.excess--;
      }
    } else if (this.excess < 0 && this.lacksOpener(item, index)) {
      this.excess++;
      this.openBody();
    }
    if (!is(item, t.LeftBrace)) {
      this.statementFrom = this.out.length;
    }
  }

  /** True when this line is a body whose header, the line before, has no `{`. */
  private lacksOpener(item: Item, index: number): boolean {
    const header = this.out[this.statementFrom];
    const last = this.out.at(-1);
    return (
      header !== undefined &&
      last !== undefined &&
      !is(last, t.LeftBrace) &&
      !is(last, t.RightBrace) &&
      item.indent > header.indent &&
      statementStart(this.items, index) !== undefined &&
      statementStart(this.items, index) !== "end"
    );
  }

  private openBody(): void {
    const last = this.out.at(-1) as Item;
    const first = this.out[this.statementFrom] as Item;
    const brace = virtualItem(t.LeftBrace, last);
    const start = tokenSpan(this.source, first.token).start;
    const end = tokenSpan(this.source, last.token).end;
    const title = `add \`{\` at the end of line ${last.token.endLine ?? 1}`;
    this.diagnostics.push(
      report(
        missingOpener,
        {},
        {
          primary: { span: spanOf(this.source, start, end), text: "its lines are indented below" },
          notes: [help(`${title}  (fix available)`)],
          fixes: [
            { title, edits: [{ span: spanOf(this.source, end, end), text: " {" }], safe: true },
          ],
        },
      ),
    );
    this.open.push({ brace, header: this.header() });
    this.out.push(brace);
  }

  /** True for a closer too many: it would close a block that starts on another line, askew. */
  private isStray(item: Item): boolean {
    const brace = this.open.at(-1)?.brace;
    if (this.excess >= 0 || brace === undefined) {
      return false;
    }
    const sameLine = brace.token.startLine === item.token.startLine;
    const askew = item.newline === undefined || item.indent !== brace.indent;
    return !sameLine && askew;
  }

  /** Words of the statement that the next brace belongs to, without `frozen` or `trainable`. */
  private header(): string {
    const words: string[] = [];
    for (const item of this.out.slice(this.statementFrom)) {
      if (is(item, t.Equals) || words.length > 4) {
        break;
      }
      if (!is(item, t.Frozen) && !is(item, t.Trainable)) {
        const glued = is(item, t.Colon) || is(item, t.Dot) || words.at(-1)?.endsWith(".");
        if (glued && words.length > 0) {
          words.push(`${words.pop()}${item.token.image}`);
        } else {
          words.push(item.token.image);
        }
      }
    }
    return words.join(" ");
  }

  /** Closes the innermost block before the item at `index`, or at the end of the file. */
  private close(index: number | undefined): void {
    const block = this.open.pop() as OpenBlock;
    const last = this.out.at(-1) as Item;
    this.out.push(virtualItem(t.RightBrace, last));
    const line = last.token.endLine ?? 1;
    const word = index === undefined ? undefined : this.loneWord(index, block);
    if (index !== undefined && word !== undefined) {
      this.wordForBrace = index;
      this.reportWord(word, block);
      return;
    }
    const oneLine = last.token !== block.brace.token && block.brace.token.startLine === line;
    const title = oneLine ? `add \`}\` at the end of line ${line}` : `add \`}\` after line ${line}`;
    const end = oneLine ? tokenSpan(this.source, last.token).end : this.lineEnd(last);
    const text = oneLine ? " }" : `\n${" ".repeat(block.brace.indent - 1)}}`;
    this.diagnostics.push(
      report(
        unclosedBlock,
        { block: block.header },
        {
          primary: { span: tokenSpan(this.source, block.brace.token), text: "opened here" },
          labels: index === undefined ? [] : [this.nextLabel(index, block)],
          notes: [help(`${title}  (fix available)`)],
          fixes: [{ title, edits: [{ span: spanOf(this.source, end, end), text }], safe: true }],
        },
      ),
    );
  }

  /** A word alone on its line, under the start of the block that it follows. */
  private loneWord(index: number, block: OpenBlock): Span | undefined {
    const item = this.items[index];
    const next = this.items[index + 1];
    if (item === undefined || !is(item, t.Identifier)) {
      return undefined;
    }
    const isAlone = next === undefined || next.newline !== undefined;
    const fits = isAlone && item.indent === block.brace.indent;
    return fits ? tokenSpan(this.source, item.token) : undefined;
  }

  private reportWord(word: Span, block: OpenBlock): void {
    const title = `write \`}\` in place of \`${textOf(word)}\``;
    this.diagnostics.push(
      report(
        unclosedBlock,
        { block: block.header },
        {
          primary: { span: tokenSpan(this.source, block.brace.token), text: "opened here" },
          labels: [{ span: word, text: "stands where its `}` should" }],
          notes: [help(title)],
          fixes: [{ title, edits: [{ span: word, text: "}" }], safe: false }],
        },
      ),
    );
  }

  private lineEnd(item: Item): number {
    const { startOffset, startColumn, startLine } = item.token;
    const lineStart = startOffset - (startColumn ?? 1) + 1;
    const bom = this.source.text.charCodeAt(lineStart) === 0xfeff && lineStart === 0 ? 1 : 0;
    return lineStart + bom + lineText(this.source, startLine ?? 1).length;
  }

  private nextLabel(index: number, block: OpenBlock) {
    const item = this.items[index] as Item;
    const span = startSpan(this.source, this.items, index);
    if (is(item, t.RightBrace)) {
      return { span, text: "closes a block further out" };
    }
    const kind = statementStart(this.items, index) === "block" ? "block" : "statement";
    const text =
      item.indent === 1
        ? `looks like a new top-level ${kind}: it starts in column 1`
        : `looks like the next ${kind}: it is not indented below \`${block.header}\``;
    return { span, text };
  }
}
