/** Diagnostics → annotations of GitHub Actions, one line each. */
import type { Diagnostic, Severity } from "../../grammar/diagnostic.ts";
import { positionAt } from "../../grammar/source.ts";

const commands: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
};

/** `::error file=a.blip,line=3,…::message`; line ends and signs of the format are escaped. */
export function githubAnnotations(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, severity, title, primary, notes }) => {
    const { source, start, end } = primary.span;
    const from = positionAt(source, start);
    const to = positionAt(source, end);
    const columns = from.line === to.line ? `,col=${from.column},endColumn=${to.column}` : "";
    const place = `file=${escapedProperty(source.name)},line=${from.line},endLine=${to.line}${columns}`;
    const lines = [title, primary.text, ...notes.map(({ kind, text }) => `${kind}: ${text}`)];
    const message = lines.filter((line) => line !== "").join("\n");
    return `::${commands[severity]} ${place},title=${code}::${escaped(message)}`;
  });
}

function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
