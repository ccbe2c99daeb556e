/** CST -> AST: typed nodes, explicit gaps where recovery left something out. */
import { type CstNode, type IToken, tokenMatcher } from "chevrotain";
import type {
  Block,
  Body,
  Expression,
  Identifier,
  Junk,
  Setting,
  State,
  Statement,
  StringLiteral,
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
import {
  type Common,
  importToAst,
  paramToAst,
  pathToAst,
  stringOrMissing,
} from "./declaration-to-ast.ts";
import { expressionToAst, numberLiteral, stringToAst } from "./expression-to-ast.ts";
import { equalsMissing, junkMessage, tailMessage } from "./junk.ts";
import { tokenSpan } from "./lex.ts";
import { spanOf } from "./source.ts";
import * as t from "./tokens.ts";

/** The statements of a file or a body, in order; junk included. */
export function statementsToAst(
  building: Building,
  nodes: readonly cst.StatementCstNode[] | undefined,
): readonly Statement[] {
  return (nodes ?? []).flatMap((node) => statementToAst(building, node) ?? []);
}

function statementToAst(building: Building, node: cst.StatementCstNode): Statement | undefined {
  const children = childrenOf(node);
  const tail = children.junkTail?.[0];
  const common = (inner: CstNode): Common => {
    const span = nodeSpan(building, inner, nodeSpan(building, node, 0).start);
    return { documentation: building.documentation.get(span.start), span };
  };
  if (children.junkLine?.[0] !== undefined) {
    return junkLineToAst(building, children.junkLine[0], common(children.junkLine[0]));
  }
  if (children.block?.[0] !== undefined) {
    return blockToAst(building, children.block[0], tail, common(children.block[0]));
  }
  if (tail !== undefined) {
    tailMessage(building, tail, nodeSpan(building, node, 0));
  }
  if (children.setting?.[0] !== undefined) {
    const { path, expression, Equals: equals } = childrenOf(children.setting[0]);
    const shared = common(children.setting[0]);
    const target = pathToAst(building, path?.[0], shared.span.start);
    const value = expressionToAst(building, expression?.[0], shared.span.end);
    if (equals?.[0]?.isInsertedInRecovery === true && value.kind !== "missing") {
      const names = childrenOf(path?.[0] as cst.PathCstNode).Identifier ?? [];
      return equalsMissing(building, names, value.span, value, shared);
    }
    const body = tailBody(tail);
    const [name] = target.segments;
    if (body !== undefined && name?.kind === "identifier" && target.segments.length === 1) {
      return kindlessBlock(building, name, value, body, shared);
    }
    return { kind: "setting", path: target, value, ...shared };
  }
  if (children.param?.[0] !== undefined) {
    return paramToAst(building, children.param[0], common(children.param[0]));
  }
  if (children.letStatement?.[0] !== undefined) {
    const { Identifier: name, expression } = childrenOf(children.letStatement[0]);
    const shared = common(children.letStatement[0]);
    return {
      kind: "let",
      name: identifierOrMissing(building, written(name), shared.span.end),
      value: expressionToAst(building, expression?.[0], shared.span.end),
      ...shared,
    };
  }
  if (children.importStatement?.[0] !== undefined) {
    return importToAst(building, children.importStatement[0], common(children.importStatement[0]));
  }
  if (children.extend?.[0] !== undefined) {
    const { path, body } = childrenOf(children.extend[0]);
    const shared = common(children.extend[0]);
    const found = body?.[0] ?? tailBody(tail);
    return {
      kind: "extend",
      target:
        path?.[0] === undefined
          ? missing(building, "a name", shared.span.end)
          : pathToAst(building, path[0], shared.span.end),
      body:
        found === undefined
          ? missing(building, "a body", shared.span.end)
          : bodyToAst(building, found, shared.span.end),
      ...shared,
    };
  }
  if (children.assert?.[0] !== undefined) {
    const { expression, Else, String: text } = childrenOf(children.assert[0]);
    const shared = common(children.assert[0]);
    return {
      kind: "assert",
      condition: expressionToAst(building, expression?.[0], shared.span.end),
      message: Else === undefined ? undefined : stringOrMissing(building, text, shared.span.end),
      ...shared,
    };
  }
  if (children.edition?.[0] !== undefined) {
    const shared = common(children.edition[0]);
    const number = written(childrenOf(children.edition[0]).Number);
    return {
      kind: "edition",
      version:
        number === undefined
          ? missing(building, "a number", shared.span.end)
          : numberLiteral(building, number),
      ...shared,
    };
  }
  return undefined;
}

function bodyToAst(building: Building, node: cst.BodyCstNode, at: number): Body {
  const { statement } = childrenOf(node);
  return {
    kind: "body",
    statements: statementsToAst(building, statement),
    span: nodeSpan(building, node, at),
  };
}

function tailBody(tail: cst.JunkTailCstNode | undefined): cst.BodyCstNode | undefined {
  return tail === undefined ? undefined : childrenOf(tail).body?.[0];
}

function blockToAst(
  building: Building,
  node: cst.BlockCstNode,
  tail: cst.JunkTailCstNode | undefined,
  common: Common,
): Block | Setting {
  const children = childrenOf(node);
  const { start, end } = common.span;
  const kind = written(children.blockKind);
  const name = written(children.name);
  const state = stateOf(building, written(children.Frozen) ?? written(children.Trainable));
  const variant = children.variant?.[0];
  const variantName = variant === undefined ? undefined : written(childrenOf(variant).Identifier);
  const body = children.body?.[0];
  const plain = state === undefined && kind !== undefined && body === undefined;
  if (plain && name !== undefined && variant === undefined && tail === undefined) {
    if (children.Equals === undefined) {
      const value: Expression =
        name.tokenType === t.StringToken
          ? stringToAst(building, name)
          : { kind: "name", text: name.image, span: tokenSpan(building.source, name) };
      return equalsMissing(building, [kind], value.span, value, common);
    }
  }
  if (plain && name !== undefined && variant === undefined && goesOnAsValue(tail)) {
    const from = tokenSpan(building.source, name);
    const value = { ...from, end: nodeSpan(building, tail, end).end };
    return equalsMissing(building, [kind], value, missing(building, "a value", value.end), common);
  }
  if (plain && name === undefined && variant !== undefined && variantName === undefined) {
    const rest = tail === undefined ? undefined : nodeSpan(building, tail, end);
    if (rest !== undefined && tailBody(tail) === undefined) {
      const colon = tokenSpan(building.source, childrenOf(variant).Colon?.[0] ?? kind);
      return equalsMissing(
        building,
        [kind],
        rest,
        missing(building, "a value", end),
        common,
        colon,
      );
    }
  }
  if (tail !== undefined) {
    tailMessage(building, tail, common.span);
  }
  const found = body ?? tailBody(tail);
  const value =
    children.Equals === undefined
      ? undefined
      : expressionToAst(building, children.expression?.[0], end);
  const parts = [variant, children.expression?.[0]].flatMap((part) =>
    part === undefined ? [] : nodeSpan(building, part, start).end,
  );
  const tokens = [kind, name].flatMap((token) =>
    token === undefined ? [] : tokenSpan(building.source, token).end,
  );
  return {
    kind: "block",
    state,
    blockKind: identifierOrMissing(building, kind, state?.span.end ?? start),
    name: name === undefined ? undefined : nameOf(building, name),
    variant: variant === undefined ? undefined : identifierOrMissing(building, variantName, end),
    source: value,
    body: found === undefined ? undefined : bodyToAst(building, found, end),
    header: spanOf(building.source, start, Math.max(start, ...parts, ...tokens)),
    ...common,
  };
}

/** True for `.patches`, `(q)` and `+ itm` behind a name, which makes the name the start of a value. */
function goesOnAsValue(tail: cst.JunkTailCstNode | undefined): boolean {
  if (tail === undefined || tailBody(tail) !== undefined) return false;
  const first = childrenOf(tail).Junk?.[0];
  const links = [t.Dot, t.LeftParenthesis, t.BinaryOperator];
  return first !== undefined && links.some((type) => tokenMatcher(first, type));
}

/** `pairs = ds.coco_captions { … }`: a block whose kind was left out. */
function kindlessBlock(
  building: Building,
  name: Identifier,
  source: Expression,
  body: cst.BodyCstNode,
  common: Common,
): Block {
  return {
    kind: "block",
    state: undefined,
    blockKind: missing(building, "a kind", common.span.start),
    name,
    variant: undefined,
    source,
    body: bodyToAst(building, body, common.span.end),
    header: common.span,
    ...common,
  };
}

function stateOf(building: Building, token: IToken | undefined): State | undefined {
  return token === undefined
    ? undefined
    : {
        kind: "state",
        state: token.tokenType === t.Frozen ? "frozen" : "trainable",
        span: tokenSpan(building.source, token),
      };
}

function nameOf(building: Building, token: IToken): Identifier | StringLiteral {
  return token.image.startsWith('"') || token.image.startsWith("'")
    ? stringToAst(building, token)
    : identifier(building, token);
}

const valueStarts = [t.NumberToken, t.StringToken, t.True, t.False, t.Null, t.LeftBracket];

function junkLineToAst(
  building: Building,
  node: cst.JunkLineCstNode,
  common: Common,
): Junk | Setting {
  const { Junk: tokens = [], body } = childrenOf(node);
  const names: IToken[] = [];
  let at = 0;
  for (; tokens[at]?.tokenType === (at % 2 === 0 ? t.Identifier : t.Dot); at++) {
    if (at % 2 === 0) {
      names.push(tokens[at] as IToken);
    }
  }
  const first = tokens[at];
  if (first !== undefined && body === undefined && names.length > 0 && at % 2 === 1) {
    const type = first.tokenType;
    if (valueStarts.some((start) => start === type || type.CATEGORIES?.includes(start))) {
      const start = tokenSpan(building.source, first).start;
      const value = spanOf(building.source, start, common.span.end);
      const gap = missing(building, "a value", start);
      return equalsMissing(building, names, value, gap, common);
    }
  }
  junkMessage(building, node);
  const text = building.source.text.slice(common.span.start, common.span.end);
  const found = body?.[0] === undefined ? undefined : bodyToAst(building, body[0], common.span.end);
  return { kind: "junk", text, body: found, ...common };
}
