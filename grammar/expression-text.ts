/** Expression -> the text a person would write for it, on one line. */
import type { Argument, Expression, Path, Range, TypeReference } from "./ast.ts";

/** An expression as text; what is missing is written `…`. */
export function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case "number":
      return expression.unit === undefined
        ? expression.raw
        : `${expression.raw} ${expression.unit.text}`;
    case "string":
      return JSON.stringify(expression.value);
    case "boolean":
      return String(expression.value);
    case "null":
      return "null";
    case "name":
      return expression.text;
    case "state":
      return expression.state;
    case "list":
      return `[${expression.items.map(expressionText).join(", ")}]`;
    case "group":
      return `(${expressionText(expression.inner)})`;
    case "member":
      return `${expressionText(expression.object)}.${nameText(expression.name)}`;
    case "call":
      return `${expressionText(expression.callee)}(${expression.arguments.map(argumentText).join(", ")})`;
    case "index":
      return `${expressionText(expression.object)}[${expression.ranges.map(rangeText).join(", ")}]`;
    case "unary":
      return `${expression.operator === "not" ? "not " : "-"}${expressionText(expression.operand)}`;
    case "binary":
      return `${expressionText(expression.left)} ${expression.operator} ${expressionText(expression.right)}`;
    case "missing":
      return "…";
  }
}

/** `pretrain.optimizer.lr` */
export function pathText(path: Path): string {
  return path.segments.map(nameText).join(".");
}

/** `f16[B, 257, 1408]` */
export function typeText(type: TypeReference): string {
  const argument = type.argument === undefined ? "" : `<${nameText(type.argument)}>`;
  const sizes = type.sizes === undefined ? "" : `[${type.sizes.map(expressionText).join(", ")}]`;
  return `${nameText(type.name)}${argument}${sizes}`;
}

/** A name, or `…` where it is missing. */
export function nameText(name: { readonly kind: string; readonly text?: string }): string {
  return name.text ?? "…";
}

function argumentText(argument: Argument): string {
  const value = expressionText(argument.value);
  return argument.name === undefined ? value : `${argument.name.text}: ${value}`;
}

function rangeText(range: Range): string {
  const start = expressionText(range.start);
  return range.end === undefined ? start : `${start}..${expressionText(range.end)}`;
}
