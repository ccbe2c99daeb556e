/** Spans of the compiler ↔ ranges of the protocol. */
import type { Location, Position, Range } from "vscode-languageserver/node";
import { lineStarts, type Source, type Span } from "../../grammar/source.ts";

/** Line and character, both from 0, in UTF-16 units; a byte order mark counts, as editors count it. */
export function positionOf(source: Source, offset: number): Position {
  const starts = lineStarts(source);
  const at = Math.max(0, Math.min(offset, source.text.length));
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: at - (starts[low] ?? 0) };
}

/** The offset of a position, clamped to its line and to the text. */
export function offsetOf(source: Source, { line, character }: Position): number {
  const starts = lineStarts(source);
  const start = starts[line];
  if (start === undefined) return line < 0 ? 0 : source.text.length;
  const end = starts[line + 1] === undefined ? source.text.length : starts[line + 1]! - 1;
  return Math.max(start, Math.min(start + character, end));
}

/** The range of a span. */
export function rangeOf({ source, start, end }: Span): Range {
  return { start: positionOf(source, start), end: positionOf(source, end) };
}

/** A span with the address of its file. */
export function locationOf(span: Span, uriOf: (name: string) => string): Location {
  return { uri: uriOf(span.source.name), range: rangeOf(span) };
}
