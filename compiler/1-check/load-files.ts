/** A source -> its scope, with the files it imports: parsed, named, and handed the overrides meant for them. */
import type { Document, Expression, Identifier, Import, Statement } from "../../grammar/ast.ts";
import { type Diagnostic, hasErrors } from "../../grammar/diagnostic.ts";
import { didYouMean } from "../../grammar/did-you-mean.ts";
import { note } from "../../grammar/message.ts";
import {
  importNotFound,
  nameTwice,
  notYet,
  unknownExport,
  unknownOverride,
} from "../../grammar/messages/names.ts";
import type { Source } from "../../grammar/source.ts";
import {
  type Declaration,
  type FileScope,
  isBlock,
  lookUp,
  namesOf,
  type Override,
} from "./file-scope.ts";
import { type Link, reportCycle } from "./import-cycle.ts";
import { overrideNote } from "./override-note.ts";
import type { Sink } from "./sink.ts";
import { standardFiles, standardSource } from "./standard-library.ts";

/** The text of an imported file; undefined when there is none. Must give equal names to equal files. */
export type Resolve = (path: string, fromFile: Source) => Source | undefined;

/** How a source becomes a tree. */
export type Parse = (source: Source) => {
  readonly document: Document;
  readonly diagnostics: readonly Diagnostic[];
};

interface Loading {
  readonly resolve: Resolve;
  readonly parse: Parse;
  readonly sink: Sink;
  readonly documents: Map<string, ReturnType<Parse>>;
}

/**
 * Loads a pipeline and everything it imports. `overrides` are sources of `path = value` lines, weakest first. What
 * `resolve` does not find is looked for in the standard library.
 */
export function loadPipeline(
  source: Source,
  overrides: readonly Source[],
  resolve: Resolve,
  parse: Parse,
  sink: Sink,
): FileScope {
  const loading: Loading = { resolve, parse, sink, documents: new Map() };
  const root = loadFile(source, "", [], loading);
  for (const each of overrides) {
    root.overrides.push(
      ...overridesOf(parsed(each, loading).document.statements, root, true, sink),
    );
  }
  routeOverrides(root, sink);
  return root;
}

function parsed(source: Source, loading: Loading): ReturnType<Parse> {
  const key = `${source.name}\n${source.text}`;
  const known = loading.documents.get(key);
  if (known !== undefined) return known;
  const result = loading.parse(source);
  for (const diagnostic of result.diagnostics) loading.sink.add(diagnostic);
  loading.documents.set(key, result);
  return result;
}

function loadFile(
  source: Source,
  qualifier: string,
  chain: readonly Link[],
  loading: Loading,
): FileScope {
  const { document, diagnostics } = parsed(source, loading);
  const scope: FileScope = {
    source,
    document,
    isIncomplete: hasErrors(diagnostics),
    qualifier,
    names: new Map(),
    ambiguous: new Set(),
    extended: [],
    imports: new Map(),
    overrides: [],
  };
  for (const statement of document.statements) declare(statement, scope, chain, loading);
  for (const statement of document.statements) {
    if (statement.kind === "extend") extendTarget(statement, scope, loading.sink);
  }
  return scope;
}

function declare(
  statement: Statement,
  scope: FileScope,
  chain: readonly Link[],
  loading: Loading,
): void {
  const add = (declaration: Declaration) => addName(scope, declaration, loading.sink);
  switch (statement.kind) {
    case "param":
    case "let": {
      const identifier = statement.name;
      if (identifier.kind === "missing") return;
      const common = { name: identifier.text, identifier, scope };
      if (statement.kind === "param") add({ declares: "param", ...common, statement });
      else add({ declares: "let", ...common, statement });
      return;
    }
    case "block": {
      const { blockKind, name } = statement;
      if (blockKind.kind === "missing" || name?.kind !== "identifier") return;
      const kind = blockKind.text;
      add({ declares: "block", kind, name: name.text, identifier: name, scope, statement });
      return;
    }
    case "import":
      declareImport(statement, scope, chain, loading);
      return;
    default:
      return;
  }
}

function declareImport(
  statement: Import,
  scope: FileScope,
  chain: readonly Link[],
  loading: Loading,
): void {
  const { alias, names } = statement;
  const qualifier =
    alias?.kind === "identifier" ? `${scope.qualifier}${alias.text}.` : `${scope.qualifier}`;
  const target = loadImport(statement, qualifier, scope, chain, loading);
  if (target !== undefined) scope.imports.set(statement, target);
  if (alias?.kind === "identifier") {
    const declaration = { name: alias.text, identifier: alias, statement, target } as const;
    addName(scope, { declares: "import", ...declaration }, loading.sink);
  }
  for (const identifier of names ?? []) {
    if (identifier.kind === "missing") continue;
    if (target !== undefined && lookUp(target, identifier.text) === undefined) {
      reportUnknownExport(identifier, target, loading.sink);
      addName(
        scope,
        { declares: "imported-name", name: identifier.text, identifier, target: undefined },
        loading.sink,
      );
      continue;
    }
    const declaration = { name: identifier.text, identifier, target } as const;
    addName(scope, { declares: "imported-name", ...declaration }, loading.sink);
  }
}

function loadImport(
  statement: Import,
  qualifier: string,
  scope: FileScope,
  chain: readonly Link[],
  loading: Loading,
): FileScope | undefined {
  const { from } = statement;
  if (from.kind === "missing") return undefined;
  const source = loading.resolve(from.value, scope.source) ?? standardSource(from.value);
  if (source === undefined) {
    loading.sink.report(
      importNotFound,
      { path: from.value },
      {
        primary: { span: from.span, text: "not found" },
        notes: [
          note(
            from.value.startsWith("std/")
              ? `files of the standard library: ${standardFiles.join(", ")}`
              : "paths are relative to the file that names them",
          ),
        ],
      },
    );
    return undefined;
  }
  const links = [...chain, { source: scope.source, statement }];
  const start = links.findIndex((link) => link.source.name === source.name);
  if (start >= 0) {
    reportCycle(links.slice(start), loading.sink);
    return undefined;
  }
  return loadFile(source, qualifier, links, loading);
}

function addName(scope: FileScope, declaration: Declaration, sink: Sink): void {
  const known = scope.names.get(declaration.name);
  if (known !== undefined) {
    scope.ambiguous.add(declaration.name);
    sink.report(
      nameTwice,
      { name: declaration.name },
      {
        primary: { span: declaration.identifier.span, text: "declared again" },
        labels: [{ span: known.identifier.span, text: "declared here first" }],
      },
    );
    return;
  }
  scope.names.set(declaration.name, declaration);
}

/** Says that a file declares no such name, and what it declares. */
export function reportUnknownExport(identifier: Identifier, target: FileScope, sink: Sink): void {
  if (target.isIncomplete) return;
  const names = namesOf(target);
  const near = didYouMean(identifier.text, names);
  const blocks = names.filter((name) => isBlock(lookUp(target, name)));
  const declared = blocks.length > 0 ? blocks : names;
  sink.report(
    unknownExport,
    { file: target.source.name, name: identifier.text },
    {
      primary: {
        span: identifier.span,
        text: near === undefined ? "not declared there" : `did you mean \`${near}\`?`,
      },
      notes: [note(`${target.source.name} declares: ${declared.join(", ")}`)],
      fixes:
        near === undefined
          ? []
          : [
              {
                title: `write \`${near}\``,
                edits: [{ span: identifier.span, text: near }],
                safe: true,
              },
            ],
    },
  );
}

/** `extend base { … }` of an import joins the file; of a block, here or in an import, it goes before what stands there. */
function extendTarget(
  statement: Extract<Statement, { kind: "extend" }>,
  scope: FileScope,
  sink: Sink,
): void {
  const { target, body } = statement;
  const head = target.kind === "path" ? target.segments[0] : undefined;
  if (target.kind === "missing" || head?.kind !== "identifier" || body.kind === "missing") return;
  const path = target.segments.filter((segment) => segment.kind === "identifier");
  if (path.length < target.segments.length) return;
  const declaration = scope.names.get(head.text);
  const given = overridesOf(body.statements, scope, false, sink);
  if (declaration?.declares === "import" && path.length === 1) {
    const base = declaration.target;
    if (base === undefined) return;
    relabel(base, scope.qualifier, declaration.name);
    if (!scope.extended.includes(base)) scope.extended.push(base);
    base.overrides.push(...given);
    return;
  }
  scope.overrides.push(
    ...given.map((override) => ({ ...override, path: [...path, ...override.path] })),
  );
}

/** An extended file is reached without its alias. */
function relabel(base: FileScope, qualifier: string, alias: string): void {
  const old = `${qualifier}${alias}.`;
  const visit = (scope: FileScope) => {
    scope.qualifier = qualifier + scope.qualifier.slice(old.length);
    for (const declaration of scope.names.values()) {
      if (declaration.declares === "import" && declaration.target) visit(declaration.target);
    }
  };
  visit(base);
}

function overridesOf(
  statements: readonly Statement[],
  scope: FileScope,
  fromCommandLine: boolean,
  sink: Sink,
): Override[] {
  const overrides: Override[] = [];
  for (const statement of statements) {
    if (statement.kind === "junk") continue;
    if (statement.kind !== "setting") {
      sink.report(
        notYet,
        { what: "anything but `path = value` among overrides" },
        { primary: { span: statement.span, text: "not a setting" } },
      );
      continue;
    }
    const path = statement.path.segments.filter((segment) => segment.kind === "identifier");
    if (path.length < statement.path.segments.length) continue;
    const value = statement.value as Expression;
    overrides.push({ path, value, scope, span: statement.span, fromCommandLine });
  }
  return overrides;
}

/** Hands overrides on to the files they are meant for; says which ones are meant for nothing. */
function routeOverrides(scope: FileScope, sink: Sink): void {
  const own: Override[] = [];
  for (const override of scope.overrides) {
    const head = override.path[0]!;
    const declaration = scope.names.get(head.text);
    if (declaration?.declares === "import" && override.path.length > 1) {
      declaration.target?.overrides.push({ ...override, path: override.path.slice(1) });
    } else if (declaration?.declares === "param" || isBlock(declaration)) {
      own.push(override);
    } else {
      const base = scope.extended.find((each) => lookUp(each, head.text) !== undefined);
      if (base !== undefined) base.overrides.push(override);
      else reportUnknownTarget(override, scope, sink);
    }
  }
  scope.overrides.splice(0, scope.overrides.length, ...own);
  const children = [...scope.names.values()].flatMap((declaration) =>
    declaration.declares === "import" && declaration.target ? [declaration.target] : [],
  );
  for (const child of new Set([...children, ...scope.extended])) routeOverrides(child, sink);
}

function reportUnknownTarget(override: Override, scope: FileScope, sink: Sink): void {
  const head = override.path[0]!;
  if (scope.isIncomplete) return;
  const names = namesOf(scope).filter((name) => lookUp(scope, name)?.declares !== "let");
  const near = didYouMean(head.text, names);
  sink.report(
    unknownOverride,
    { owner: scope.source.name, name: head.text },
    {
      primary: {
        span: head.span,
        text: near === undefined ? "nothing of this name" : `did you mean \`${near}\`?`,
      },
      notes: [overrideNote(override, scope.source.name)],
    },
  );
}
