/** Editions of the language: which there are, and the edits that bring a file from one to the next. */
import type { Document } from "./ast.ts";
import type { TextEdit } from "./diagnostic.ts";
import { type Source, spanOf } from "./source.ts";

/** Editions of the language that this compiler reads, oldest first. */
export const knownEditions: readonly number[] = [1];

/** The edition of a file that states none. */
export const newestEdition: number = Math.max(...knownEditions);

/** What a file of one edition must change to say the same in the next one. */
export interface Migration {
  /** The edition that is left; the next one is reached. */
  readonly from: number;
  /** Edits that do not overlap, other than that of the edition itself. */
  readonly edits: (source: Source, document: Document) => readonly TextEdit[];
}

/** None yet: edition 1 is the first. A second edition adds its entry here, and `blipc fix --edition 2` applies it. */
export const migrations: readonly Migration[] = [];

/** The edition that a file states; undefined when it states none. */
export function editionOf(document: Document): number | undefined {
  const first = document.statements[0];
  if (first?.kind !== "edition") return undefined;
  return first.version.kind === "number" ? first.version.value : undefined;
}

/** The next step of a file on its way to `target`: edits for one edition; none when it is there already. */
export function migrationEdits(
  source: Source,
  document: Document,
  target: number,
  list: readonly Migration[] = migrations,
): readonly TextEdit[] {
  const first = document.statements[0];
  const stated = editionOf(document);
  if (first?.kind !== "edition" || stated === undefined) {
    const start = source.text.startsWith("\uFEFF") ? 1 : 0;
    const lineEnd = source.text.includes("\r\n") ? "\r\n" : "\n";
    return [
      { span: spanOf(source, start, start), text: `blip ${newestEdition}${lineEnd}${lineEnd}` },
    ];
  }
  if (stated >= target) return [];
  const step = list.find(({ from }) => from === stated);
  const next = { span: first.version.span, text: String(stated + 1) };
  return [next, ...(step?.edits(source, document) ?? [])];
}
