/** Messages -> messages without those about what the text does not say only because it could not be read. */
import type { Statement } from "../../grammar/ast.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { missingSetting } from "../../grammar/messages/names.ts";
import { positionAt, type Source, type Span } from "../../grammar/source.ts";
import type { FileScope } from "./file-scope.ts";

/** A stretch in which a message of this kind follows from a mistake in the text. */
interface Shadow {
  readonly span: Span;
  /** Undefined: every message. */
  readonly code: string | undefined;
}

/**
 * Drops what follows from mistakes in the text: messages on the line of such a mistake, about the statement that it
 * stands in, and about settings that are missing from a block with an unreadable line.
 */
export function withoutFollowers(
  diagnostics: readonly Diagnostic[],
  root: FileScope,
): readonly Diagnostic[] {
  const mistakes = diagnostics.filter(isAboutText);
  if (mistakes.length === 0) return diagnostics;
  const files = filesOf(root, new Map());
  const lines = new Set(mistakes.map(({ primary }) => lineOf(primary.span)));
  const shadows = mistakes.flatMap(({ primary }) => {
    const file = files.get(primary.span.source);
    return file === undefined ? [] : shadowsOf(file.document.statements, primary.span.start);
  });
  const follows = ({ code, primary: { span } }: Diagnostic) =>
    lines.has(lineOf(span)) ||
    shadows.some(
      (shadow) => (shadow.code ?? code) === code && startsInside(span, shadow.span),
    );
  return diagnostics.filter((each) => isAboutText(each) || !follows(each));
}

/** True for messages of the lexer, the layout and the parser (BLIP00, BLIP01). */
function isAboutText({ code }: Diagnostic): boolean {
  return code < "BLIP10";
}

function lineOf({ source, start }: Span): string {
  return `${source.name}:${positionAt(source, start).line}`;
}

function startsInside(inner: Span, outer: Span): boolean {
  return inner.source === outer.source && inner.start >= outer.start && inner.start <= outer.end;
}

function filesOf(scope: FileScope, found: Map<Source, FileScope>): Map<Source, FileScope> {
  if (found.has(scope.source)) return found;
  found.set(scope.source, scope);
  for (const base of scope.extended) filesOf(base, found);
  for (const declaration of scope.names.values()) {
    if (declaration.declares === "import" && declaration.target !== undefined) {
      filesOf(declaration.target, found);
    }
  }
  return found;
}

/** The head of the innermost statement around `at`, and those of the blocks around it. */
function shadowsOf(statements: readonly Statement[], at: number): readonly Shadow[] {
  const around = statements.find(({ span }) => span.start <= at && at <= span.end);
  if (around === undefined) return [];
  const body = "body" in around && around.body?.kind === "body" ? around.body : undefined;
  const head = { ...around.span, end: body?.span.start ?? around.span.end };
  if (body === undefined || at <= body.span.start) return [{ span: head, code: undefined }];
  const inside = shadowsOf(body.statements, at);
  return [{ span: head, code: missingSetting.code }, ...inside];
}
