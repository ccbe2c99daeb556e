/** CST of imports, parameters, types and paths -> AST. */
import type { IToken } from "chevrotain";
import type {
  Identifier,
  Import,
  Missing,
  Param,
  Path,
  StringLiteral,
  TypeReference,
} from "./ast.ts";
import type * as cst from "./cst.d.ts";
import {
  type Building,
  childrenOf,
  identifier,
  identifierOrMissing,
  missing,
  nodeSpan,
  written,
} from "./cst-reading.ts";
import { expressionToAst, stringToAst } from "./expression-to-ast.ts";
import type { Span } from "./source.ts";

/** What every statement has besides its own parts. */
export interface Common {
  readonly documentation: string | undefined;
  readonly span: Span;
}

/** A string, or what is missing at `at`. */
export function stringOrMissing(
  building: Building,
  tokens: readonly IToken[] | undefined,
  at: number,
): StringLiteral | Missing {
  const token = written(tokens);
  return token === undefined ? missing(building, "a string", at) : stringToAst(building, token);
}

/** Both forms of import. */
export function importToAst(
  building: Building,
  node: cst.ImportStatementCstNode,
  common: Common,
): Import {
  const children = childrenOf(node);
  const list = children.importedNames?.[0];
  const names = list === undefined ? undefined : (childrenOf(list).Identifier ?? []);
  const { end } = common.span;
  return {
    kind: "import",
    from: stringOrMissing(building, children.String, end),
    alias:
      names === undefined ? identifierOrMissing(building, written(children.alias), end) : undefined,
    names: names?.map((token) => identifier(building, token)),
    ...common,
  };
}

/** A parameter with its type, default and rule. */
export function paramToAst(building: Building, node: cst.ParamCstNode, common: Common): Param {
  const children = childrenOf(node);
  const { end } = common.span;
  return {
    kind: "param",
    name: identifierOrMissing(building, written(children.Identifier), end),
    type:
      children.type?.[0] === undefined
        ? missing(building, "a type", end)
        : typeToAst(building, children.type[0], end),
    value:
      children.Equals === undefined
        ? undefined
        : expressionToAst(building, children.value?.[0], end),
    where:
      children.Where === undefined
        ? undefined
        : expressionToAst(building, children.condition?.[0], end),
    ...common,
  };
}

/** A type as written. */
export function typeToAst(building: Building, node: cst.TypeCstNode, at: number): TypeReference {
  const children = childrenOf(node);
  const span = nodeSpan(building, node, at);
  return {
    kind: "type",
    name: identifierOrMissing(building, written(children.Identifier), span.end),
    argument:
      children.Less === undefined
        ? undefined
        : identifierOrMissing(building, written(children.argument), span.end),
    sizes:
      children.LeftBracket === undefined
        ? undefined
        : (children.expression ?? []).map((each) => expressionToAst(building, each, span.end)),
    span,
  };
}

/** A path; a dot without a name behind it leaves a gap. */
export function pathToAst(building: Building, node: cst.PathCstNode | undefined, at: number): Path {
  const span = nodeSpan(building, node, at);
  const { Identifier: names = [], Dot: dots = [] } =
    node === undefined ? {} : childrenOf<cst.PathCstNode>(node);
  const segments: (Identifier | Missing)[] = names.map((token) => identifier(building, token));
  if (segments.length <= dots.length) {
    segments.push(missing(building, "a name", span.end));
  }
  return { kind: "path", segments, span };
}
