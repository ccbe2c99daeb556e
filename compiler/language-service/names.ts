/** File -> every place where a declared name stands, with the declaration it means. */
import type {
  Block,
  Expression,
  Identifier,
  Import,
  Let,
  Setting,
  Statement,
} from "../../grammar/ast.ts";
import type { Span } from "../../grammar/source.ts";
import {
  type BlockDeclaration,
  type Declaration,
  type FileScope,
  isBlock,
  lookUp,
} from "../1-check/file-scope.ts";
import { expressionWords, isExpressionBlock, ownSettings } from "./expression-names.ts";
import { bodyOf, partsOf, valuesOf } from "./nodes.ts";

/** A declaration and the file through which it was reached: its settings there count. */
export interface Meant {
  readonly declaration: Declaration;
  readonly via: FileScope;
}

/** A name in a text. */
export interface Occurrence extends Meant {
  readonly span: Span;
  readonly isDeclaration: boolean;
}

/** What a name means in a file; follows `import { q } from "…"` to where `q` is declared. */
export function meaning(name: string, scope: FileScope): Meant | undefined {
  const declaration = lookUp(scope, name);
  if (declaration?.declares !== "imported-name") {
    return declaration === undefined ? undefined : { declaration, via: scope };
  }
  const { target } = declaration;
  return (target && meaning(name, target)) ?? { declaration, via: scope };
}

/** What a value refers to as a whole: `vision`, `s1.vision`. */
export function meantBy(expression: Expression, scope: FileScope): Meant | undefined {
  if (expression.kind === "group") return meantBy(expression.inner, scope);
  if (expression.kind === "name") return meaning(expression.text, scope);
  if (expression.kind !== "member" || expression.name.kind === "missing") return undefined;
  const target = fileOf(meantBy(expression.object, scope));
  return target && meaning(expression.name.text, target);
}

/** The block that a value refers to. */
export function blockMeantBy(
  expression: Expression,
  scope: FileScope,
): (Meant & { readonly declaration: BlockDeclaration }) | undefined {
  const meant = meantBy(expression, scope);
  return meant !== undefined && isBlock(meant.declaration)
    ? { declaration: meant.declaration, via: meant.via }
    : undefined;
}

/** The file behind an import's alias. */
export function fileOf(meant: Meant | undefined): FileScope | undefined {
  return meant?.declaration.declares === "import" ? meant.declaration.target : undefined;
}

/** The file that an `extend` changes. */
export function extendedFile(
  target: { readonly segments: readonly { readonly kind: string }[] } | undefined,
  scope: FileScope,
): FileScope | undefined {
  const [first] = (target?.segments ?? []) as readonly Identifier[];
  return first?.kind === "identifier" ? fileOf(meaning(first.text, scope)) : undefined;
}

const known = new WeakMap<FileScope, readonly Occurrence[]>();

/** Every name of a file that means something declared, in order of the text. */
export function occurrences(scope: FileScope): readonly Occurrence[] {
  const before = known.get(scope);
  if (before !== undefined) return before;
  const found: Occurrence[] = [];
  for (const statement of scope.document.statements) readStatement(statement, scope, found);
  found.sort((left, right) => left.span.start - right.span.start);
  known.set(scope, found);
  return found;
}

/** The name at an offset. */
export function occurrenceAt(scope: FileScope, offset: number): Occurrence | undefined {
  return occurrences(scope).find(({ span }) => span.start <= offset && offset <= span.end);
}

/** A file and all that it imports, each once. */
export function reachableScopes(scope: FileScope): readonly FileScope[] {
  const found = new Map<string, FileScope>();
  const visit = (at: FileScope) => {
    if (found.has(at.source.name)) return;
    found.set(at.source.name, at);
    for (const declaration of at.names.values()) {
      const isImport =
        declaration.declares === "import" || declaration.declares === "imported-name";
      if (isImport && declaration.target !== undefined) visit(declaration.target);
    }
  };
  visit(scope);
  return [...found.values()];
}

function readStatement(statement: Statement, scope: FileScope, found: Occurrence[]): void {
  switch (statement.kind) {
    case "import":
      readImport(statement, scope, found);
      break;
    case "param":
    case "let":
    case "block": {
      const { name } = statement;
      const declaration = name?.kind === "identifier" ? scope.names.get(name.text) : undefined;
      if (name?.kind === "identifier" && declaration?.identifier === name)
        found.push({ span: name.span, declaration, via: scope, isDeclaration: true });
      break;
    }
    case "extend": {
      const [first] = statement.target.kind === "path" ? statement.target.segments : [];
      if (first?.kind === "identifier") use(first, meaning(first.text, scope), found);
      const target =
        statement.target.kind === "path" ? extendedFile(statement.target, scope) : undefined;
      for (const inner of bodyOf(statement)?.statements ?? []) {
        if (inner.kind === "setting" && target !== undefined) readOverride(inner, target, found);
      }
      break;
    }
    default:
  }
  if (isExpressionBlock(statement)) {
    readExpressionBlock(statement, scope, found);
    return;
  }
  for (const value of valuesOf(statement)) readValue(value, scope, found);
  for (const inner of bodyOf(statement)?.statements ?? []) readStatement(inner, scope, found);
}

/** Settings of an expression objective are names of their own; axes and functions are none. */
function readExpressionBlock(block: Block, scope: FileScope, found: Occurrence[]): void {
  const declared = new Map<Setting, Declaration>();
  for (const { name, setting } of ownSettings(block).values()) {
    const { value, documentation, span } = setting;
    const statement: Let = { kind: "let", name, value, documentation, span };
    const declaration: Declaration = {
      declares: "let",
      name: name.text,
      identifier: name,
      scope,
      statement,
    };
    declared.set(setting, declaration);
    found.push({ span: name.span, declaration, via: scope, isDeclaration: true });
  }
  for (const word of expressionWords(block, scope)) {
    if (word.role === "outer") readValue(word.value, scope, found);
    const declaration = word.role === "setting" ? declared.get(word.setting) : undefined;
    if (declaration !== undefined)
      found.push({ span: word.span, declaration, via: scope, isDeclaration: false });
  }
}

function readImport(statement: Import, scope: FileScope, found: Occurrence[]): void {
  const { alias, names } = statement;
  const declaration = alias?.kind === "identifier" ? scope.names.get(alias.text) : undefined;
  if (alias?.kind === "identifier" && declaration?.identifier === alias)
    found.push({ span: alias.span, declaration, via: scope, isDeclaration: true });
  for (const name of names ?? []) {
    if (name.kind === "identifier") use(name, meaning(name.text, scope), found);
  }
}

function readOverride(setting: Setting, target: FileScope, found: Occurrence[]): void {
  const [first] = setting.path.segments;
  if (first?.kind === "identifier") use(first, meaning(first.text, target), found);
}

function readValue(value: Expression, scope: FileScope, found: Occurrence[]): void {
  if (value.kind === "name") use(value, meaning(value.text, scope), found);
  for (const part of partsOf(value)) readValue(part, scope, found);
  if (value.kind === "member" && value.name.kind === "identifier") {
    use(value.name, meantBy(value, scope), found);
  }
}

function use(at: { readonly span: Span }, meant: Meant | undefined, found: Occurrence[]): void {
  if (meant !== undefined) found.push({ span: at.span, ...meant, isDeclaration: false });
}
