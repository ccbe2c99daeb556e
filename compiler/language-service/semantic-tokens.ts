/** Tokens and names -> what each word is, for coloring. */
import type { Expression, Statement } from "../../grammar/ast.ts";
import { lex, tokenSpan } from "../../grammar/lex.ts";
import * as t from "../../grammar/tokens.ts";
import { hardKeywords } from "../../grammar/tokens.ts";
import type { Declaration } from "../1-check/file-scope.ts";
import type { Analysis } from "./analysis.ts";
import { occurrences } from "./names.ts";
import { bodyOf, partsOf, valuesOf } from "./nodes.ts";

/** What a word can be, in the order of the legend that the editor is told. */
export const semanticTokenTypes = [
  "keyword",
  "namespace",
  "type",
  "class",
  "variable",
  "parameter",
  "property",
  "function",
  "enumMember",
  "number",
  "string",
  "comment",
  "operator",
] as const;

/** One of them. */
export type SemanticTokenType = (typeof semanticTokenTypes)[number];

/** A word on one line. */
export interface SemanticToken {
  readonly start: number;
  readonly length: number;
  readonly type: SemanticTokenType;
  readonly isDeclaration: boolean;
}

/** Every colored word of a file, in order; none runs over a line end. */
export function semanticTokens(analysis: Analysis): readonly SemanticToken[] {
  const { scope, source } = analysis;
  const roles = new Map<number, SemanticTokenType>();
  for (const statement of scope.document.statements) readStatement(statement, roles);
  const declared = new Set<number>();
  for (const { span, declaration, isDeclaration } of occurrences(scope)) {
    roles.set(span.start, typeOf(declaration));
    if (isDeclaration) declared.add(span.start);
  }
  const { tokens, trivia } = lex(source);
  const found: SemanticToken[] = [];
  for (const token of [...tokens, ...trivia]) {
    const { start, end } = tokenSpan(source, token);
    const type = roles.get(start) ?? plainType(token.tokenType, token.image);
    if (type === undefined) continue;
    const isDeclaration = declared.has(start);
    for (const line of linesOf(source.text.slice(start, end))) {
      found.push({ start: start + line.at, length: line.length, type, isDeclaration });
    }
  }
  return found.sort((left, right) => left.start - right.start);
}

function linesOf(text: string): readonly { readonly at: number; readonly length: number }[] {
  return [...text.matchAll(/[^\r\n]+/g)].map((match) => ({
    at: match.index,
    length: match[0].length,
  }));
}

function plainType(
  type: (typeof t.vocabulary)[number],
  image: string,
): SemanticTokenType | undefined {
  if (type === t.Identifier || type === t.As || type === t.From) return undefined;
  if (hardKeywords.includes(image)) return "keyword";
  if (type === t.NumberToken || type.CATEGORIES?.includes(t.NumberToken)) return "number";
  if (type === t.StringToken || type.CATEGORIES?.includes(t.StringToken)) return "string";
  if (type === t.Whitespace || type === t.Newline) return undefined;
  if (/Comment$/.test(type.name)) return "comment";
  return type.CATEGORIES?.includes(t.BinaryOperator) ? "operator" : undefined;
}

function typeOf(declaration: Declaration): SemanticTokenType {
  switch (declaration.declares) {
    case "import":
      return "namespace";
    case "param":
      return "parameter";
    case "block":
      return "class";
    default:
      return "variable";
  }
}

function readStatement(statement: Statement, roles: Map<number, SemanticTokenType>): void {
  const word = (
    at: { readonly kind: string; readonly span: { readonly start: number } } | undefined,
    type: SemanticTokenType,
  ) => {
    if (at !== undefined && at.kind !== "missing" && at.kind !== "string")
      roles.set(at.span.start, type);
  };
  switch (statement.kind) {
    case "block":
      word(statement.blockKind, "type");
      word(statement.variant, "enumMember");
      word(statement.name, "class");
      break;
    case "setting":
      for (const segment of statement.path.segments) word(segment, "property");
      break;
    case "param":
      word(statement.name, "parameter");
      if (statement.type.kind === "type") {
        word(statement.type.name, "type");
        word(statement.type.argument, "type");
      }
      break;
    default:
  }
  const readValue = (value: Expression): void => {
    if (value.kind === "call" || value.kind === "index") {
      word(value.kind === "call" ? value.callee : value.object, "function");
    } else if (value.kind === "name" && !roles.has(value.span.start)) word(value, "enumMember");
    else if (value.kind === "member") word(value.name, "property");
    else if (value.kind === "number") word(value.unit, "type");
    if (value.kind === "call") for (const each of value.arguments) word(each.name, "parameter");
    for (const part of partsOf(value)) readValue(part);
  };
  for (const value of valuesOf(statement)) readValue(value);
  for (const inner of bodyOf(statement)?.statements ?? []) readStatement(inner, roles);
}
