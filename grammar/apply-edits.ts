/** Text and edits -> text; messages -> the edits that may be made without asking. */
import type { Diagnostic, TextEdit } from "./diagnostic.ts";
import type { Source } from "./source.ts";

/** What may be changed in one turn, and by which messages. */
export interface SafeFixes {
  readonly edits: readonly TextEdit[];
  /** Messages that are answered, in the order given. */
  readonly answered: readonly Diagnostic[];
}

/**
 * The first safe fix of each message that touches `source` alone. Of fixes whose edits overlap, or insert at the same
 * place, the first one counts; the other message gets its turn once the text is read again.
 */
export function safeFixes(diagnostics: readonly Diagnostic[], source: Source): SafeFixes {
  const edits: TextEdit[] = [];
  const answered: Diagnostic[] = [];
  for (const diagnostic of diagnostics) {
    const fix = diagnostic.fixes.find(({ safe }) => safe);
    if (fix === undefined || fix.edits.length === 0) continue;
    const isHere = fix.edits.every(({ span }) => span.source.name === source.name);
    if (!isHere || fix.edits.some((edit) => edits.some((made) => overlap(edit, made)))) continue;
    edits.push(...fix.edits);
    answered.push(diagnostic);
  }
  return { edits, answered };
}

function overlap({ span: one }: TextEdit, { span: other }: TextEdit): boolean {
  return one.start === other.start || (one.start < other.end && other.start < one.end);
}

/** The text after edits that do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits.toSorted((left, right) => left.span.start - right.span.start);
  let at = 0;
  let result = "";
  for (const { span, text: put } of ordered) {
    result += text.slice(at, span.start) + put;
    at = span.end;
  }
  return result + text.slice(at);
}
