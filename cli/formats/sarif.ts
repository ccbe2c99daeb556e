/** Diagnostics → SARIF 2.1.0 (OASIS), one run, for code scanning. */
import type { Diagnostic, Severity } from "../../grammar/diagnostic.ts";
import { findMessage } from "../../grammar/messages/index.ts";
import { positionAt, type Span } from "../../grammar/source.ts";

const levels: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "note",
};

/** A log with one run of this version; columns are UTF-16 units from 1, lines from 1. */
export function sarifLog(diagnostics: readonly Diagnostic[], version: string): unknown {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].toSorted();
  const rules = codes.map((code) => {
    const message = findMessage(code);
    return {
      id: code,
      name: message?.slug ?? code,
      shortDescription: { text: message?.slug ?? code },
      fullDescription: { text: message?.explanation ?? code },
      defaultConfiguration: { level: levels[message?.severity ?? "error"] },
    };
  });
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "blipc", version, rules } },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((each) => result(each, codes.indexOf(each.code))),
      },
    ],
  };
}

function result(diagnostic: Diagnostic, ruleIndex: number): unknown {
  const { code, severity, title, primary, labels, notes, fixes } = diagnostic;
  const lines = [title, primary.text, ...notes.map(({ kind, text }) => `${kind}: ${text}`)];
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text: lines.filter((line) => line !== "").join("\n") },
    locations: [{ physicalLocation: place(primary.span) }],
    relatedLocations: labels.map(({ span, text }, id) => ({
      id,
      physicalLocation: place(span),
      ...(text === "" ? {} : { message: { text } }),
    })),
    fixes: fixes.map((fix) => ({
      description: { text: fix.title },
      artifactChanges: [...new Set(fix.edits.map(({ span }) => span.source))].map((source) => ({
        artifactLocation: { uri: uriOf(source.name) },
        replacements: fix.edits
          .filter(({ span }) => span.source === source)
          .map(({ span, text }) => ({
            deletedRegion: region(span),
            insertedContent: { text },
          })),
      })),
    })),
  };
}

function place(span: Span): unknown {
  return { artifactLocation: { uri: uriOf(span.source.name) }, region: region(span) };
}

function region(span: Span): unknown {
  const start = positionAt(span.source, span.start);
  const end = positionAt(span.source, span.end);
  return {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

/** A file name as a relative reference; `--set` has no file of its own. */
function uriOf(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}
