/** What a message is: plain data with spans; `render-diagnostic.ts` prints it. */
import type { Source, Span } from "./source.ts";

/** Stable code of a message, never reused: `BLIP2101`. */
export type DiagnosticCode = `BLIP${string}`;

/** Errors stop a build; warnings and information do not. */
export type Severity = "error" | "warning" | "info";

/** A span and what is said beside its underline; the text may be empty. */
export interface Label {
  readonly span: Span;
  readonly text: string;
  /** Shown in a frame of its own, headed by `:::`, instead of in the frame of the primary span. */
  readonly apart?: boolean;
}

/** A line under the frame: why it is so, a remark, or something one can type. */
export interface Note {
  readonly kind: "why" | "note" | "help";
  /** May hold several lines; the renderer indents them. */
  readonly text: string;
}

/** Replaces the text under `span` by `text`; an empty span inserts. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** A change that answers a message; the safe ones may be applied without asking. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  readonly safe: boolean;
}

/** One message to the user (language.md section 4.7). */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  /** Stable name of the code: `cross-width`. */
  readonly slug: string;
  readonly severity: Severity;
  /** One line that states the fact and names the things, without advice. */
  readonly title: string;
  /** Where it is; underlined with carets. */
  readonly primary: Label;
  /** Because of there; underlined with dashes; in any source. */
  readonly labels: readonly Label[];
  readonly notes: readonly Note[];
  readonly fixes: readonly Fix[];
  /** Expected and actual values, for tools and tests. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** True for messages of the lexer, the layout and the parser (BLIP00, BLIP01). */
export function isAboutText({ code }: Diagnostic): boolean {
  return code < "BLIP10";
}

/** True when a message of this list stops a build. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/** Messages ordered as they are read: by source in order of appearance, then by offset. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const order = new Map<Source, number>();
  for (const { primary } of diagnostics) {
    if (!order.has(primary.span.source)) {
      order.set(primary.span.source, order.size);
    }
  }
  return diagnostics.toSorted((left, right) => {
    const a = left.primary.span;
    const b = right.primary.span;
    return (order.get(a.source) ?? 0) - (order.get(b.source) ?? 0) || a.start - b.start;
  });
}
