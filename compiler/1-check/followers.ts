/** Messages -> messages without those that only follow from a line that could not be understood. */
import type { Statement } from "../../grammar/ast.ts";
import { type Diagnostic, isAboutText } from "../../grammar/diagnostic.ts";
import {
  misplacedBlock,
  missingSetting,
  unknownKind,
  unknownSetting,
} from "../../grammar/messages/names.ts";
import { positionAt, type Source, type Span, textOf } from "../../grammar/source.ts";
import type { FileScope } from "./file-scope.ts";

/** A stretch in which a message of this kind follows from a mistake. */
interface Shadow {
  readonly span: Span;
  /** Undefined: every message. */
  readonly code: string | undefined;
}

/** Messages about a line of which nothing can be used, though it could be parsed. */
function isMisread({ code }: Diagnostic): boolean {
  return [unknownKind, misplacedBlock, unknownSetting].some((message) => message.code === code);
}

/**
 * Drops what follows from mistakes in the text: messages on the line of such a mistake, about the statement that it
 * stands in, about settings that are missing from a block with a line that could not be understood, and about uses of
 * what such a line declares.
 */
export function withoutFollowers(
  diagnostics: readonly Diagnostic[],
  root: FileScope,
): readonly Diagnostic[] {
  if (!diagnostics.some((each) => isAboutText(each) || isMisread(each))) return diagnostics;
  const files = filesOf(root, new Map());
  return withoutShadowed(withoutShadowed(diagnostics, isAboutText, files), isMisread, files);
}

/** Drops what follows from the messages that are a cause. */
function withoutShadowed(
  diagnostics: readonly Diagnostic[],
  isCause: (diagnostic: Diagnostic) => boolean,
  files: ReadonlyMap<Source, FileScope>,
): readonly Diagnostic[] {
  const lines = new Set<string>();
  const shadows: Shadow[] = [];
  const unclear = new Set<string>();
  for (const cause of diagnostics.filter(isCause)) {
    const path = statementsAround(cause.primary.span, files);
    if (isAboutText(cause)) lines.add(lineOf(cause.primary.span));
    for (const [depth, statement] of path.entries()) {
      const isOwn = depth === path.length - 1 && isAboutText(cause);
      shadows.push({ span: headOf(statement), code: isOwn ? undefined : missingSetting.code });
    }
    if (path[0] !== undefined && (path.length === 1 || isAboutText(cause))) {
      for (const word of declaredWords(path[0])) unclear.add(word);
    }
  }
  const follows = ({ code, primary: { span } }: Diagnostic) =>
    lines.has(lineOf(span)) ||
    wordsOf(textOf(span)).some((word) => unclear.has(word)) ||
    shadows.some((shadow) => (shadow.code ?? code) === code && startsInside(span, shadow.span));
  return diagnostics.filter((each) => isAboutText(each) || isCause(each) || !follows(each));
}

function lineOf({ source, start }: Span): string {
  return `${source.name}:${positionAt(source, start).line}`;
}

function startsInside(inner: Span, outer: Span): boolean {
  return inner.source === outer.source && inner.start >= outer.start && inner.start <= outer.end;
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[A-Za-z_]\w*/g) ?? [];
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

/** The statements that a place lies in, outermost first. */
function statementsAround(
  { source, start }: Span,
  files: ReadonlyMap<Source, FileScope>,
): readonly Statement[] {
  const path: Statement[] = [];
  let statements = files.get(source)?.document.statements ?? [];
  for (;;) {
    const around = statements.find(({ span }) => span.start <= start && start <= span.end);
    if (around === undefined) return path;
    path.push(around);
    const body = bodyOf(around);
    if (body === undefined || start <= body.span.start) return path;
    statements = body.statements;
  }
}

function bodyOf(statement: Statement) {
  return "body" in statement && statement.body?.kind === "body" ? statement.body : undefined;
}

/** A statement without its body. */
function headOf(statement: Statement): Span {
  const { span } = statement;
  return { ...span, end: bodyOf(statement)?.span.start ?? span.end };
}

/** Words that a statement may declare: those of its head, in front of `=`. */
function declaredWords(statement: Statement): readonly string[] {
  return wordsOf(textOf(headOf(statement)).split("=")[0] ?? "");
}
