/** Expression -> layout: lists break at every item, sums behind each operator, chains before each `->`. */
import type { Argument, Binary, Expression, Range } from "../ast.ts";
import { group, indent, type Layout } from "./layout-document.ts";
import type { TokenCursor } from "./token-cursor.ts";

/** The layout of an expression whose tokens come next. */
export function expressionLayout(expression: Expression, cursor: TokenCursor): Layout {
  const inner = (part: Expression) => expressionLayout(part, cursor);
  switch (expression.kind) {
    case "number": {
      const number = cursor.takeAt(expression.span.start);
      if (expression.unit === undefined) return number;
      return [number, cursor.gap(" "), cursor.takeAt(expression.unit.span.start)];
    }
    case "string":
    case "boolean":
    case "null":
    case "name":
    case "state":
      return cursor.takeAt(expression.span.start);
    case "missing":
      cursor.hasFailed = true;
      return "";
    case "list":
      return bracketed("[", expression.items, "]", inner, cursor);
    case "group":
      return bracketed("(", [expression.inner], ")", inner, cursor);
    case "member": {
      const object = inner(expression.object);
      const dot = [cursor.gap(""), cursor.take("."), cursor.gap("")];
      return [object, dot, cursor.takeAt(expression.name.span.start)];
    }
    case "call": {
      const callee = inner(expression.callee);
      const argument = (each: Argument) => argumentLayout(each, cursor);
      return [callee, cursor.gap(""), bracketed("(", expression.arguments, ")", argument, cursor)];
    }
    case "index": {
      const object = inner(expression.object);
      const range = (each: Range) => rangeLayout(each, cursor);
      return [object, cursor.gap(""), bracketed("[", expression.ranges, "]", range, cursor)];
    }
    case "unary": {
      const sign = cursor.take(expression.operator);
      const gap = cursor.gap(expression.operator === "not" ? " " : "");
      return [sign, gap, inner(expression.operand)];
    }
    case "binary":
      return binaryLayout(expression, cursor);
  }
}

/** Items between brackets: on one line, or each on its own. */
export function bracketed<Item>(
  open: string,
  items: readonly Item[],
  close: string,
  layout: (item: Item) => Layout,
  cursor: TokenCursor,
): Layout {
  const edge = open === "{" ? "line" : "soft-line";
  const start = cursor.take(open);
  const inside: Layout[] = [];
  for (const [index, item] of items.entries()) {
    if (index > 0) inside.push(cursor.gap(""), cursor.take(","));
    inside.push(cursor.gap(index > 0 ? "line" : edge), layout(item));
  }
  cursor.skipComma();
  const { comments, end } = cursor.between(items.length === 0 ? "" : edge);
  return group([start, indent([...inside, comments]), end, cursor.take(close)]);
}

function argumentLayout({ name, value }: Argument, cursor: TokenCursor): Layout {
  if (name === undefined) return expressionLayout(value, cursor);
  const label = [cursor.takeAt(name.span.start), cursor.gap(""), cursor.take(":"), cursor.gap(" ")];
  return [label, expressionLayout(value, cursor)];
}

function rangeLayout({ start, end }: Range, cursor: TokenCursor): Layout {
  const first = expressionLayout(start, cursor);
  if (end === undefined) return first;
  const dots = [cursor.gap(""), cursor.take(".."), cursor.gap("")];
  return [first, dots, expressionLayout(end, cursor)];
}

const strengths: Readonly<Record<Binary["operator"], number>> = {
  "->": 0,
  or: 1,
  and: 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "%": 5,
};

/** Operators of the same strength break together, weaker ones first. */
function binaryLayout(expression: Binary, cursor: TokenCursor): Layout {
  const strength = strengths[expression.operator];
  const links: Binary[] = [];
  let first: Expression = expression;
  while (first.kind === "binary" && strengths[first.operator] === strength) {
    links.unshift(first);
    first = first.left;
  }
  const start = expressionLayout(first, cursor);
  const rest = links.map(({ operator, right }) => {
    const isArrow = operator === "->";
    const sign = [cursor.gap(isArrow ? "line" : " "), cursor.take(operator)];
    return [sign, cursor.gap(isArrow ? " " : "line"), expressionLayout(right, cursor)];
  });
  return group([start, indent(rest)]);
}
