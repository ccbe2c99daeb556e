/** Messages of an analysis → diagnostics of the protocol. */
import {
  DiagnosticSeverity,
  type Diagnostic as ProtocolDiagnostic,
} from "vscode-languageserver/node";
import type { Analysis } from "../../compiler/language-service/index.ts";
import type { Diagnostic, Severity } from "../../grammar/diagnostic.ts";
import { type Source, type Span, spanOf } from "../../grammar/source.ts";
import { locationOf, rangeOf } from "./positions.ts";

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/**
 * The diagnostics that an editor shows in the file. What is wrong in an imported file is told once, at the import; the
 * file's own editor tells the rest.
 */
export function protocolDiagnostics(
  analysis: Analysis,
  uriOf: (name: string) => string,
): readonly ProtocolDiagnostic[] {
  const { source, diagnostics } = analysis;
  const told = new Set<string>();
  return diagnostics.flatMap((diagnostic) => {
    const { span } = diagnostic.primary;
    if (span.source.name === source.name) return [toProtocol(diagnostic, span, uriOf)];
    const place = diagnostic.severity === "error" ? importOf(analysis, span.source) : undefined;
    if (place === undefined || told.has(span.source.name)) return [];
    told.add(span.source.name);
    const shown = toProtocol(diagnostic, place, uriOf);
    return [{ ...shown, message: `in ${span.source.name}: ${shown.message}` }];
  });
}

/** One message, shown at `at`; everything else that it points at becomes related information. */
function toProtocol(
  diagnostic: Diagnostic,
  at: Span,
  uriOf: (name: string) => string,
): ProtocolDiagnostic {
  const { code, severity, title, primary, labels, notes, fixes } = diagnostic;
  const isMoved = at !== primary.span;
  const places = [...(isMoved ? [primary] : []), ...labels].filter(
    ({ span }) => !span.source.name.startsWith("--"),
  );
  const beside = primary.text === "" || isMoved ? "" : `: ${primary.text}`;
  const lines = notes.map(({ kind, text }) => `${kind}: ${text}`);
  return {
    range: rangeOf(at),
    severity: severities[severity],
    code,
    source: "blip",
    message: [`${title}${beside}`, ...lines].join("\n"),
    relatedInformation: places.map(({ span, text }) => ({
      location: locationOf(span, uriOf),
      message: text === "" ? title : text,
    })),
    data: { slug: diagnostic.slug, fixes: fixes.length },
  };
}

/** The path in the import that leads to a file, or to a file that imports it. */
function importOf({ scope }: Analysis, target: Source): Span | undefined {
  const reaches = (at: typeof scope, seen: Set<string>): boolean => {
    if (at.source.name === target.name) return true;
    if (seen.has(at.source.name)) return false;
    seen.add(at.source.name);
    return importsOf(at).some((each) => reaches(each.file, seen));
  };
  const found = importsOf(scope).find((each) => reaches(each.file, new Set()));
  return found?.place ?? (scope.document.statements[0] && spanOf(scope.source, 0, 0));
}

function importsOf(scope: Analysis["scope"]) {
  return [...scope.names.values()].flatMap((declaration) => {
    const isImport = declaration.declares === "import" || declaration.declares === "imported-name";
    if (!isImport || declaration.target === undefined) return [];
    const { span } = declaration.identifier;
    const statement = scope.document.statements.find(
      (each) =>
        each.kind === "import" && each.span.start <= span.start && span.end <= each.span.end,
    );
    const place = statement?.kind === "import" ? statement.from.span : span;
    return [{ file: declaration.target, place }];
  });
}
