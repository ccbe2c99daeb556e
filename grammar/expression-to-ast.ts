/** CST of an expression -> AST, operators bound by their strength. */
import type { IToken } from "chevrotain";
import type {
  Argument,
  Binary,
  BinaryOperator,
  Expression,
  NumberLiteral,
  Range,
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
import { tokenSpan } from "./lex.ts";
import { help, report } from "./message.ts";
import { chainedComparison } from "./messages/syntax.ts";
import { hugeNumber, unknownEscape } from "./messages/text.ts";
import { joinSpans, type Span, spanOf, textOf } from "./source.ts";
import { SingleQuotedString, UnterminatedString } from "./tokens.ts";

const strengths: Readonly<Record<BinaryOperator, number>> = {
  "->": 1,
  or: 2,
  and: 3,
  "==": 4,
  "!=": 4,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
};
const comparison = 4;

/** A value, or what is missing at `at`. */
export function expressionToAst(
  building: Building,
  node: cst.ExpressionCstNode | undefined,
  at: number,
): Expression {
  if (node === undefined) {
    return missing(building, "a value", at);
  }
  const { unary = [], BinaryOperator: operators = [] } = childrenOf(node);
  const values: Expression[] = [unaryToAst(building, unary[0], at)];
  const waiting: IToken[] = [];
  const reduce = () => {
    const right = values.pop() as Expression;
    const left = values.pop() as Expression;
    values.push(binary(building, left, waiting.pop() as IToken, right));
  };
  for (const [index, operator] of operators.entries()) {
    const strength = strengthOf(operator);
    while (waiting.length > 0 && strengthOf(waiting.at(-1) as IToken) >= strength) {
      reduce();
    }
    waiting.push(operator);
    values.push(unaryToAst(building, unary[index + 1], tokenSpan(building.source, operator).end));
  }
  while (waiting.length > 0) {
    reduce();
  }
  return values[0] as Expression;
}

function strengthOf(operator: IToken): number {
  return strengths[operator.image as BinaryOperator];
}

function binary(building: Building, left: Expression, token: IToken, right: Expression): Binary {
  const operator = token.image as BinaryOperator;
  const operatorSpan = tokenSpan(building.source, token);
  if (
    strengths[operator] === comparison &&
    left.kind === "binary" &&
    strengths[left.operator] === comparison
  ) {
    const middle = textOf(left.right.span);
    const end = spanOf(building.source, left.span.end, left.span.end);
    const edits = [{ span: end, text: ` and ${middle}` }];
    building.diagnostics.push(
      report(
        chainedComparison,
        { first: left.operator, second: operator },
        {
          primary: { span: operatorSpan, text: "compares true or false" },
          labels: [{ span: left.operatorSpan, text: "" }],
          notes: [help(`write \`${textOf(left.span)} and ${middle} ${operator} …\``)],
          fixes: [{ title: "join the comparisons with `and`", edits, safe: false }],
        },
      ),
    );
  }
  const span = joinSpans(left.span, right.span);
  return { kind: "binary", operator, operatorSpan, left, right, span };
}

function unaryToAst(
  building: Building,
  node: cst.UnaryCstNode | undefined,
  at: number,
): Expression {
  if (node === undefined) {
    return missing(building, "a value", at);
  }
  const { UnaryOperator: operators, primary, suffix = [] } = childrenOf(node);
  const operator = written(operators);
  const from = operator === undefined ? at : tokenSpan(building.source, operator).end;
  let value = primaryToAst(building, primary?.[0], from);
  for (const each of suffix) {
    value = suffixToAst(building, value, each);
  }
  return operator === undefined
    ? value
    : {
        kind: "unary",
        operator: operator.image === "not" ? "not" : "-",
        operand: value,
        span: joinSpans(tokenSpan(building.source, operator), value.span),
      };
}

function suffixToAst(building: Building, object: Expression, node: cst.SuffixCstNode): Expression {
  const children = childrenOf(node);
  const own = nodeSpan(building, node, object.span.end);
  const span = joinSpans(object.span, own);
  if (children.LeftParenthesis !== undefined) {
    const values = (children.argument ?? []).map((each) => argumentToAst(building, each, own.end));
    return { kind: "call", callee: object, arguments: values, span };
  }
  if (children.LeftBracket !== undefined) {
    const ranges = (children.range ?? []).map((each) => rangeToAst(building, each, own.end));
    return { kind: "index", object, ranges, span };
  }
  const name = identifierOrMissing(building, written(children.Identifier), own.end);
  return { kind: "member", object, name, span };
}

function argumentToAst(building: Building, node: cst.ArgumentCstNode, at: number): Argument {
  const children = childrenOf(node);
  const name = written(children.Identifier);
  const span = nodeSpan(building, node, at);
  return {
    kind: "argument",
    name: name === undefined ? undefined : identifier(building, name),
    value: expressionToAst(building, children.expression?.[0], span.end),
    span,
  };
}

function rangeToAst(building: Building, node: cst.RangeCstNode, at: number): Range {
  const { start, end, DotDot } = childrenOf(node);
  const span = nodeSpan(building, node, at);
  return {
    kind: "range",
    start: expressionToAst(building, start?.[0], span.start),
    end: DotDot === undefined ? undefined : expressionToAst(building, end?.[0], span.end),
    span,
  };
}

function primaryToAst(
  building: Building,
  node: cst.PrimaryCstNode | undefined,
  at: number,
): Expression {
  if (node === undefined) {
    return missing(building, "a value", at);
  }
  const children = childrenOf(node);
  const span = nodeSpan(building, node, at);
  const text = written(children.String);
  if (children.number?.[0] !== undefined) {
    return numberToAst(building, children.number[0], span);
  }
  if (text !== undefined) {
    return stringToAst(building, text);
  }
  if (children.True !== undefined || children.False !== undefined) {
    return { kind: "boolean", value: children.True !== undefined, span };
  }
  if (children.Null !== undefined) {
    return { kind: "null", span };
  }
  if (children.Frozen !== undefined || children.Trainable !== undefined) {
    return { kind: "state", state: children.Frozen === undefined ? "trainable" : "frozen", span };
  }
  const name = written(children.Identifier);
  if (name !== undefined) {
    return { kind: "name", text: name.image, span };
  }
  if (children.list?.[0] !== undefined) {
    const { expression = [] } = childrenOf(children.list[0]);
    const items = expression.map((each) => expressionToAst(building, each, span.end));
    return { kind: "list", items, span };
  }
  if (children.group?.[0] !== undefined) {
    const { expression } = childrenOf(children.group[0]);
    return { kind: "group", inner: expressionToAst(building, expression?.[0], span.end), span };
  }
  return missing(building, "a value", span.start);
}

function numberToAst(building: Building, node: cst.NumberCstNode, span: Span): Expression {
  const children = childrenOf(node);
  const token = written(children.Number);
  if (token === undefined) {
    return missing(building, "a number", span.start);
  }
  const unit = written(children.unit);
  return {
    ...numberLiteral(building, token),
    unit: unit === undefined ? undefined : identifier(building, unit),
    span,
  };
}

/** A number token without a unit. */
export function numberLiteral(building: Building, token: IToken): NumberLiteral {
  const raw = token.image;
  const span = tokenSpan(building.source, token);
  const value = Number(raw.replaceAll("_", ""));
  if (!Number.isFinite(value)) {
    const primary = { span, text: "beyond 1.8e308" };
    building.diagnostics.push(report(hugeNumber, { raw }, { primary }));
  }
  const kept = Number.isFinite(value) ? value : Number.MAX_VALUE;
  return { kind: "number", value: kept, raw, unit: undefined, span };
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** A string token with its escapes replaced; unknown ones are reported and kept. */
export function stringToAst(building: Building, token: IToken): StringLiteral {
  const span = tokenSpan(building.source, token);
  const { image } = token;
  if (token.tokenType === SingleQuotedString) {
    return { kind: "string", value: image.slice(1, -1), span };
  }
  const content = image.slice(1, token.tokenType === UnterminatedString ? undefined : -1);
  const value = content.replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/gu, (all, body: string, at: number) => {
    if (body.length === 5) {
      return String.fromCharCode(Number.parseInt(body.slice(1), 16));
    }
    const meant = escapes[body];
    if (meant === undefined) {
      const start = span.start + 1 + at;
      building.diagnostics.push(
        report(
          unknownEscape,
          { written: all },
          {
            primary: { span: spanOf(building.source, start, start + all.length), text: "" },
            notes: [help("write a backslash itself as `\\\\`")],
            fixes: [
              {
                title: "double the backslash",
                edits: [{ span: spanOf(building.source, start, start), text: "\\" }],
                safe: true,
              },
            ],
          },
        ),
      );
    }
    return meant ?? all;
  });
  return { kind: "string", value, span };
}
