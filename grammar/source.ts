/** Text with a name -> spans, lines and columns. */

/** One piece of text that can be pointed at: a file, or the value of a `--set`. */
export interface Source {
  /** How messages call it: a path as the user wrote it, or `--set`. */
  readonly name: string;
  readonly text: string;
}

/** A stretch of a source in UTF-16 offsets; `end` is exclusive, equal to `start` when empty. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** A place as people count: both numbers start at 1, columns are UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A source over `text`. */
export function createSource(name: string, text: string): Source {
  return { name, text };
}

/** The span from `start` (inclusive) to `end` (exclusive). */
export function spanOf(source: Source, start: number, end: number): Span {
  return { source, start, end };
}

/** The smallest span around two spans of the same source. */
export function joinSpans(first: Span, last: Span): Span {
  return spanOf(first.source, Math.min(first.start, last.start), Math.max(first.end, last.end));
}

/** True when both begin at one place of one source. */
export function startTogether(x: Span, y: Span): boolean {
  return x.source === y.source && x.start === y.start;
}

/** The text under a span. */
export function textOf(span: Span): string {
  return span.source.text.slice(span.start, span.end);
}

const lineStartsOf = new WeakMap<Source, readonly number[]>();

/** Offsets at which the lines of a source start; LF and CRLF both end a line. */
export function lineStarts(source: Source): readonly number[] {
  const known = lineStartsOf.get(source);
  if (known !== undefined) {
    return known;
  }
  const starts = [0];
  for (let at = source.text.indexOf("\n"); at !== -1; at = source.text.indexOf("\n", at + 1)) {
    starts.push(at + 1);
  }
  lineStartsOf.set(source, starts);
  return starts;
}

/** How many lines a source has; at least 1. */
export function lineCount(source: Source): number {
  return lineStarts(source).length;
}

/** Line and column of an offset, which is clamped to the text. */
export function positionAt(source: Source, offset: number): Position {
  const starts = lineStarts(source);
  const at = Math.max(0, Math.min(offset, source.text.length));
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const bom = low === 0 && source.text.charCodeAt(0) === 0xfeff && at > 0 ? 1 : 0;
  return { line: low + 1, column: at - (starts[low] ?? 0) + 1 - bom };
}

/** Where a span begins: `stage1.blip:9:1`. */
export function placeText({ source, start }: Span): string {
  const { line, column } = positionAt(source, start);
  return `${source.name}:${line}:${column}`;
}

/** Text of a line (counted from 1) without its line end and without a byte order mark. */
export function lineText(source: Source, line: number): string {
  const starts = lineStarts(source);
  const text = source.text.slice(starts[line - 1] ?? source.text.length, starts[line]);
  return text.replace(/^\uFEFF/, "").replace(/\r?\n$/, "");
}
