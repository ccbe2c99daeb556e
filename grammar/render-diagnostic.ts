/** Diagnostic -> lines for a terminal: title, frames with underlines, notes. */
import type { Diagnostic, Label } from "./diagnostic.ts";
import { lineText, positionAt, type Source } from "./source.ts";

/** What a piece of a printed message is, for coloring. */
export type StyleRole = "error" | "warning" | "info" | "title" | "gutter" | "label" | "note";

/** Wraps a piece of a printed message in colors; must not change its width. */
export type Style = (role: StyleRole, text: string) => string;

/** A label placed on its line, in display columns counted from 0. */
interface Mark {
  readonly line: number;
  readonly start: number;
  readonly width: number;
  readonly text: string;
  readonly primary: boolean;
}

/** Lines of one source that are shown together. */
interface Frame {
  readonly source: Source;
  readonly marks: readonly Mark[];
  /** Place in the head of the frame: of the primary span if it is here, else of the first label. */
  readonly anchor: number;
}

const plain: Style = (_role, text) => text;

/** A message as text without a line end after the last line (language.md section 5). */
export function renderDiagnostic(diagnostic: Diagnostic, style: Style = plain): string {
  const frames = framesOf(diagnostic);
  const lastLine = Math.max(...frames.flatMap((frame) => frame.marks.map((mark) => mark.line)));
  const margin = String(lastLine).length;
  const bar = style("gutter", `${" ".repeat(margin)} |`);
  const head = style(diagnostic.severity, `${diagnostic.severity}[${diagnostic.code}]`);
  const lines = [`${head}${style("title", `: ${clean(diagnostic.title)}`)}`];
  for (const [index, frame] of frames.entries()) {
    const { line, column } = positionAt(frame.source, frame.anchor);
    const arrow = index === 0 ? `${" ".repeat(margin)}-->` : `${" ".repeat(margin + 1)}:::`;
    lines.push(`${style("gutter", arrow)} ${clean(frame.source.name)}:${line}:${column}`, bar);
    lines.push(...frameLines(frame, margin, bar, diagnostic, style));
    lines.push(bar);
  }
  for (const note of diagnostic.notes) {
    const lead = `${" ".repeat(margin)} = ${note.kind}: `;
    const [first = "", ...rest] = clean(note.text).split("\n");
    lines.push(`${style("note", lead)}${first}`);
    lines.push(...rest.map((line) => `${" ".repeat(lead.length)}${line}`));
  }
  return lines.join("\n");
}

function framesOf(diagnostic: Diagnostic): readonly Frame[] {
  const groups = new Map<Source, { together: Label[]; apart: Label[] }>();
  for (const label of [diagnostic.primary, ...diagnostic.labels]) {
    const group = groups.get(label.span.source) ?? { together: [], apart: [] };
    groups.set(label.span.source, group);
    (label.apart === true && label !== diagnostic.primary ? group.apart : group.together).push(
      label,
    );
  }
  return [...groups].flatMap(([source, group]) =>
    [group.together, group.apart]
      .filter((labels) => labels.length > 0)
      .toSorted((left, right) => firstOffset(left) - firstOffset(right))
      .map((labels) => ({
        source,
        marks: labels.map((label) => markOf(label, label === diagnostic.primary)),
        anchor: labels.includes(diagnostic.primary)
          ? diagnostic.primary.span.start
          : firstOffset(labels),
      })),
  );
}

function firstOffset(labels: readonly Label[]): number {
  return Math.min(...labels.map((label) => label.span.start));
}

function markOf({ span, text }: Label, primary: boolean): Mark {
  const { line, column } = positionAt(span.source, span.start);
  const content = lineText(span.source, line);
  const end = Math.min(content.length, column - 1 + span.end - span.start);
  const start =
    displayWidth(content.slice(0, column - 1)) + Math.max(0, column - 1 - content.length);
  const width = Math.max(1, displayWidth(content.slice(column - 1, end)));
  return { line, start, width, text: clean(text), primary };
}

function frameLines(
  frame: Frame,
  margin: number,
  bar: string,
  diagnostic: Diagnostic,
  style: Style,
): readonly string[] {
  const lines: string[] = [];
  const numbers = [...new Set(frame.marks.map((mark) => mark.line))].toSorted((a, b) => a - b);
  let previous: number | undefined;
  for (const number of numbers) {
    if (previous !== undefined && number > previous + 1) {
      lines.push(style("gutter", "..."));
    }
    previous = number;
    const gutter = style("gutter", `${String(number).padStart(margin)} |`);
    lines.push(`${gutter} ${printable(lineText(frame.source, number))}`.trimEnd());
    const marks = frame.marks.filter((mark) => mark.line === number);
    const paint = (mark: Mark, text: string) =>
      style(mark.primary ? diagnostic.severity : "label", text);
    lines.push(...markLines(marks, paint).map((line) => `${bar} ${line}`.trimEnd()));
  }
  return lines;
}

/** Underlines; the text of the rightmost beside it, the others hung below on bars. */
function markLines(
  marks: readonly Mark[],
  paint: (mark: Mark, text: string) => string,
): readonly string[] {
  const ordered = marks.toSorted((a, b) => a.start - b.start || a.width - b.width);
  const pieces: [Mark, string][] = [];
  for (const [index, mark] of ordered.entries()) {
    const reach = ordered[index + 1]?.start ?? Number.POSITIVE_INFINITY;
    const width = Math.min(mark.width, Math.max(0, reach - mark.start));
    pieces.push([mark, (mark.primary ? "^" : "-").repeat(width)]);
  }
  const last = ordered.at(-1);
  if (last !== undefined && last.text !== "") {
    pieces[pieces.length - 1] = [last, `${pieces.at(-1)?.[1]} ${last.text}`];
  }
  const lines = [placed(pieces, paint)];
  const hanging = ordered.slice(0, -1).filter((mark) => mark.text !== "");
  if (hanging.length > 0) {
    lines.push(
      placed(
        hanging.map((mark) => [mark, "|"]),
        paint,
      ),
    );
  }
  for (let index = hanging.length - 1; index >= 0; index--) {
    const row = hanging
      .slice(0, index + 1)
      .map((mark, at): [Mark, string] => [mark, at === index ? mark.text : "|"]);
    lines.push(placed(row, paint));
  }
  return lines;
}

function placed(
  pieces: readonly (readonly [Mark, string])[],
  paint: (mark: Mark, text: string) => string,
): string {
  let line = "";
  let column = 0;
  for (const [mark, text] of pieces) {
    const gap = Math.max(0, mark.start - column);
    line += " ".repeat(gap) + (text === "" ? "" : paint(mark, text));
    column += gap + displayWidth(text);
  }
  return line;
}

/** How a source line is shown: tabs as two blanks, control characters as their pictures. */
function printable(text: string): string {
  return clean(text).replaceAll("\t", "  ");
}

/** Text without control characters, which a terminal might obey; line ends and tabs stay. */
function clean(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code === 0x0a || code === 0x09 || (code >= 0x20 && code < 0x7f)) {
      return character;
    }
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code < 0xa0 ? "\u2421" : character;
  }).join("");
}

const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6])$/u;
const narrow = /^(?:\p{Mark}|\u200b|\u200d|\ufeff)$/u;

/** Columns that a text takes in a terminal, near enough for underlines. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of printable(text)) {
    width += narrow.test(character) ? 0 : wide.test(character) ? 2 : 1;
  }
  return width;
}
