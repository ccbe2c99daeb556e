/** Tree and offset -> the nodes there, outermost first. */
import type { Block, Body, Expression, Extend, Junk, Statement } from "../../grammar/ast.ts";
import type { Span } from "../../grammar/source.ts";

/** A statement that may hold others. */
export type Holder = Block | Extend | Junk;

/** True when the offset lies in the span or at one of its ends. */
export function touches(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

/** The values directly inside of a value. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "list":
      return expression.items;
    case "group":
      return [expression.inner];
    case "member":
      return [expression.object];
    case "call":
      return [expression.callee, ...expression.arguments.map(({ value }) => value)];
    case "index":
      return [
        expression.object,
        ...expression.ranges.flatMap(({ start, end }) =>
          end === undefined ? [start] : [start, end],
        ),
      ];
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    default:
      return [];
  }
}

/** The values that a statement holds, without those of its body. */
export function valuesOf(statement: Statement): readonly Expression[] {
  const given = (() => {
    switch (statement.kind) {
      case "param":
        return [statement.value, statement.where];
      case "let":
      case "setting":
        return [statement.value];
      case "assert":
        return [statement.condition];
      case "block":
        return [statement.source];
      default:
        return [];
    }
  })();
  return given.filter((each) => each !== undefined);
}

/** What stands between the braces of a statement, if it has any. */
export function bodyOf(statement: Statement): Body | undefined {
  const { kind } = statement;
  if (kind !== "block" && kind !== "extend" && kind !== "junk") return undefined;
  return statement.body?.kind === "body" ? statement.body : undefined;
}

/** The statements around an offset that have a body, outermost first; the offset lies between their braces. */
export function holdersAt(statements: readonly Statement[], offset: number): readonly Holder[] {
  const last = statements.findLast((each) => each.span.start < offset);
  const body = last && bodyOf(last);
  if (last === undefined || body === undefined || body.span.start >= offset) return [];
  const { source, end } = body.span;
  // A brace that the reader made up ends nothing: what is typed next still belongs to the body.
  const isClosed = source.text[end - 1] === "}" && end - 1 > body.span.start;
  const inner = body.statements.findLast((each) => each.span.start < offset);
  const isOwn = isClosed && (inner === undefined || inner.span.end < end);
  if (isOwn && offset >= end) return [];
  return [last as Holder, ...holdersAt(body.statements, offset)];
}

/** The innermost statement that an offset touches, with the statements around it, outermost first. */
export function statementsAt(
  statements: readonly Statement[],
  offset: number,
): readonly Statement[] {
  const found = statements.find(({ span }) => touches(span, offset));
  if (found === undefined) return [];
  return [found, ...statementsAt(bodyOf(found)?.statements ?? [], offset)];
}
