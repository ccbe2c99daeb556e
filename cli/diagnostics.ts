/** Diagnostics → text for people or JSON for tools. */
import { type Diagnostic, type Label, sortDiagnostics } from "../grammar/diagnostic.ts";
import { renderDiagnostic, type Style } from "../grammar/render-diagnostic.ts";
import { positionAt } from "../grammar/source.ts";
import { counted } from "./counted.ts";
import type { Colors } from "./terminal.ts";

/** Colors of a printed message. */
export function styleOf(colors: Colors): Style {
  return (role, text) => {
    switch (role) {
      case "error":
        return colors.bold(colors.red(text));
      case "warning":
        return colors.bold(colors.yellow(text));
      case "info":
        return colors.bold(colors.cyan(text));
      case "title":
        return colors.bold(text);
      case "gutter":
      case "note":
        return colors.blue(text);
      case "label":
        return colors.cyan(text);
    }
  };
}

/** All messages in reading order, a blank line after each. */
export function renderAll(diagnostics: readonly Diagnostic[], colors: Colors): string {
  const style = styleOf(colors);
  return sortDiagnostics(diagnostics)
    .map((diagnostic) => `${renderDiagnostic(diagnostic, style)}\n`)
    .join("\n");
}

/** `2 errors, 1 warning`; empty when there is nothing. */
export function summary(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: string) =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const words = (number: number, word: string) => (number === 0 ? [] : [counted(number, word)]);
  return [...words(count("error"), "error"), ...words(count("warning"), "warning")].join(", ");
}

/** A message as plain JSON: lines and columns count from 1. */
export function diagnosticJson(diagnostic: Diagnostic): unknown {
  const { code, slug, severity, title, primary, labels, notes, fixes, data } = diagnostic;
  return {
    code,
    slug,
    severity,
    message: title,
    primary: labelJson(primary),
    labels: labels.map(labelJson),
    notes: notes.map(({ kind, text }) => ({ kind, text })),
    fixes: fixes.map(({ title: name, safe, edits }) => ({
      title: name,
      safe,
      edits: edits.map(({ span, text }) => ({ ...labelJson({ span, text: "" }), text })),
    })),
    ...(data === undefined ? {} : { data }),
  };
}

function labelJson({ span, text }: Label) {
  const start = positionAt(span.source, span.start);
  const end = positionAt(span.source, span.end);
  return { file: span.source.name, start, end, text };
}
