/** A file as it is seen from the pipeline that is checked: its names, and what others set in it. */
import type {
  Block,
  Document,
  Expression,
  Identifier,
  Import,
  Let,
  Param,
} from "../../grammar/ast.ts";
import type { Source, Span } from "../../grammar/source.ts";

/** `path = value`, written in an `extend` body or given by `--set`; the path is relative to the scope. */
export interface Override {
  readonly path: readonly Identifier[];
  readonly value: Expression;
  /** Names in the value are those of this scope. */
  readonly scope: FileScope;
  readonly span: Span;
  /** True for `--set` and `--params`: bare words may stand for strings. */
  readonly fromCommandLine: boolean;
}

/** One use of a file: the same file imported twice is two scopes, with overrides of their own. */
export interface FileScope {
  readonly source: Source;
  readonly document: Document;
  /** True when part of the text could not be read: a name that seems missing may stand there. */
  readonly isIncomplete: boolean;
  /** How the checked file reaches it: `""` for itself, `s1.` for an import. */
  qualifier: string;
  readonly names: Map<string, Declaration>;
  /** Names that are declared twice: what uses them stays silent. */
  readonly ambiguous: Set<string>;
  /** Files that are extended: their names show through, their stages are stages of this file. */
  readonly extended: FileScope[];
  /** What each `import` leads to, where there is such a file. */
  readonly imports: Map<Import, FileScope>;
  /** The last one wins. */
  readonly overrides: Override[];
}

export interface ParamDeclaration {
  readonly declares: "param";
  readonly name: string;
  readonly identifier: Identifier;
  readonly scope: FileScope;
  readonly statement: Param;
}

export interface LetDeclaration {
  readonly declares: "let";
  readonly name: string;
  readonly identifier: Identifier;
  readonly scope: FileScope;
  readonly statement: Let;
}

export interface BlockDeclaration {
  readonly declares: "block";
  /** `encoder`, `stage`. */
  readonly kind: string;
  readonly name: string;
  readonly identifier: Identifier;
  readonly scope: FileScope;
  readonly statement: Block;
}

/** `import "…" as s1`; `target` is undefined when the file could not be read. */
export interface ImportDeclaration {
  readonly declares: "import";
  readonly name: string;
  readonly identifier: Identifier;
  readonly statement: Import;
  readonly target: FileScope | undefined;
}

/** `import { q } from "…"` */
export interface NamedImportDeclaration {
  readonly declares: "imported-name";
  readonly name: string;
  readonly identifier: Identifier;
  readonly target: FileScope | undefined;
}

export type Declaration =
  | ParamDeclaration
  | LetDeclaration
  | BlockDeclaration
  | ImportDeclaration
  | NamedImportDeclaration;

/** True for blocks, whatever their kind. */
export function isBlock(declaration: Declaration | undefined): declaration is BlockDeclaration {
  return declaration?.declares === "block";
}

/** What a name stands for here: own names first, then those of extended files. */
export function lookUp(scope: FileScope, name: string): Declaration | undefined {
  const own = scope.names.get(name);
  if (own !== undefined) return own;
  for (const base of scope.extended) {
    const found = lookUp(base, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Every name that can be used here, in order of declaration. */
export function namesOf(scope: FileScope): readonly string[] {
  return [...new Set([...scope.names.keys(), ...scope.extended.flatMap(namesOf)])];
}

/** The blocks that belong to a pipeline: its own and those of the files it extends. */
export function activeBlocks(scope: FileScope): readonly BlockDeclaration[] {
  const blocks = [
    ...scope.extended.flatMap(activeBlocks),
    ...[...scope.names.values()].filter(isBlock),
  ];
  return blocks.filter((block) => lookUp(scope, block.name) === block);
}

/** Name of a block as the checked file would write it: `q`, `s1.q`. */
export function qualifiedName(block: BlockDeclaration): string {
  return `${block.scope.qualifier}${block.name}`;
}
