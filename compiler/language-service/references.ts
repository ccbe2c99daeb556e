/** A name in a text -> where it is declared, where it is used, and what renaming it changes. */
import type { TextEdit } from "../../grammar/diagnostic.ts";
import { positionAt, type Span, spanOf } from "../../grammar/source.ts";
import { hardKeywords } from "../../grammar/tokens.ts";
import { type Declaration, type FileScope, lookUp } from "../1-check/file-scope.ts";
import { standardSource } from "../1-check/standard-library.ts";
import { isExpressionBlock, ownSettings } from "./expression-names.ts";
import { fileOf, type Occurrence, occurrenceAt, occurrences, reachableScopes } from "./names.ts";

/** Where the name at an offset is declared; the start of the file for an import. */
export function definitionAt(scope: FileScope, offset: number): Span | undefined {
  for (const statement of scope.document.statements) {
    if (statement.kind !== "import") continue;
    const { from, alias } = statement;
    const isAtPath = from.kind === "string" && isAt(from.span, offset);
    const isAtAlias = alias?.kind === "identifier" && isAt(alias.span, offset);
    if (isAtPath || isAtAlias) {
      const target = importedFile(statement.span, scope);
      return target && spanOf(target.source, 0, 0);
    }
  }
  return occurrenceAt(scope, offset)?.declaration.identifier.span;
}

/** Every place that means the same as the name at an offset, in all files that `scopes` reach. */
export function referencesAt(
  scope: FileScope,
  offset: number,
  scopes: readonly FileScope[],
): readonly Occurrence[] {
  const found = occurrenceAt(scope, offset);
  return found === undefined ? [] : usesOf(found.declaration, [scope, ...scopes]);
}

/** The stretch that a rename would replace; undefined where nothing can be renamed. */
export function renameableAt(scope: FileScope, offset: number): Span | undefined {
  const found = occurrenceAt(scope, offset);
  return found === undefined || isStandard(found.declaration) ? undefined : found.span;
}

/** What a rename changes, or why it cannot be done. */
export type Renaming =
  | { readonly ok: true; readonly edits: readonly TextEdit[] }
  | { readonly ok: false; readonly reason: string };

/** The edits that give the name at an offset another one, in every file that uses it. */
export function renameAt(
  scope: FileScope,
  offset: number,
  to: string,
  scopes: readonly FileScope[],
): Renaming {
  const refuse = (reason: string): Renaming => ({ ok: false, reason });
  const found = occurrenceAt(scope, offset);
  if (found === undefined) return refuse("nothing here has a name that was declared");
  if (isStandard(found.declaration)) {
    const { name } = found.declaration.identifier.span.source;
    return refuse(`${name} ships with the compiler: its names stay as they are`);
  }
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(to)) return refuse(`\`${to}\` is not a name`);
  if (hardKeywords.includes(to)) return refuse(`\`${to}\` is a word of the language`);
  const all = [scope, ...scopes];
  const uses = usesOf(found.declaration, all);
  const files = new Set(uses.map(({ span }) => span.source.name));
  for (const each of all.flatMap(reachableScopes)) {
    const rival = files.has(each.source.name) ? lookUp(each, to) : undefined;
    if (rival !== undefined && !isSame(rival, found.declaration))
      return refuse(`${each.source.name} declares \`${to}\` already`);
  }
  for (const block of all
    .flatMap(({ document }) => document.statements)
    .filter(isExpressionBlock)) {
    const isUsed = uses.some(({ span }) => isInside(span, block.span));
    if (isUsed && ownSettings(block).has(to))
      return refuse(`the objective of line ${lineOf(block.span)} has a setting \`${to}\` already`);
  }
  return { ok: true, edits: uses.map(({ span }) => ({ span, text: to })) };
}

/** True for names of the library; a file of the same name beside a pipeline is not it. */
function isStandard({ identifier: { span } }: Declaration): boolean {
  return standardSource(span.source.name) === span.source;
}

function usesOf(declaration: Declaration, scopes: readonly FileScope[]): readonly Occurrence[] {
  const found = new Map<string, Occurrence>();
  for (const each of scopes.flatMap(reachableScopes)) {
    for (const occurrence of occurrences(each)) {
      if (!isSame(occurrence.declaration, declaration)) continue;
      const { span } = occurrence;
      const key = `${span.source.name}:${span.start}`;
      if (!found.has(key)) found.set(key, occurrence);
    }
  }
  return [...found.values()];
}

function isInside(inner: Span, outer: Span): boolean {
  const isOneFile = inner.source.name === outer.source.name;
  return isOneFile && outer.start <= inner.start && inner.end <= outer.end;
}

function lineOf({ source, start }: Span): number {
  return positionAt(source, start).line;
}

/** True for the same place of the same file, which may have been loaded more than once. */
function isSame(left: Declaration, right: Declaration): boolean {
  const a = left.identifier.span;
  const b = right.identifier.span;
  return a.source.name === b.source.name && a.start === b.start;
}

function importedFile(statement: Span, scope: FileScope): FileScope | undefined {
  for (const declaration of scope.names.values()) {
    const isImport = declaration.declares === "import" || declaration.declares === "imported-name";
    if (!isImport) continue;
    const { span } = declaration.identifier;
    if (statement.start <= span.start && span.end <= statement.end) {
      return declaration.declares === "import"
        ? fileOf({ declaration, via: scope })
        : declaration.target;
    }
  }
  return undefined;
}

function isAt(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}
