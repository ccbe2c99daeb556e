/** Expression -> value: names followed, arithmetic done, everything else left for the setting to read. */
import type { Binary, Expression, Identifier } from "../../grammar/ast.ts";
import type { Fix } from "../../grammar/diagnostic.ts";
import { didYouMean } from "../../grammar/did-you-mean.ts";
import { unknownName } from "../../grammar/messages/names.ts";
import { notAValue, unitsDiffer } from "../../grammar/messages/types.ts";
import { type Span, textOf } from "../../grammar/source.ts";
import { nearBackbone } from "./backbone-roles.ts";
import {
  type Declaration,
  type FileScope,
  isBlock,
  lookUp,
  type NamedImportDeclaration,
  namesOf,
  type ParamDeclaration,
} from "./file-scope.ts";
import { kinds } from "./kinds/index.ts";
import { reportUnknownExport } from "./load-files.ts";
import type { Sink } from "./sink.ts";
import { describe, type Value, type WeightedTerm } from "./value.ts";
import { reportValueCircle } from "./value-circle.ts";

/** Gives the value of a param, override included, checked against its type. */
export type ParamValue = (declaration: ParamDeclaration) => Value;

export class Evaluator {
  readonly #sink: Sink;
  readonly #paramValue: ParamValue;
  readonly #lets = new Map<Declaration, Value | "running">();

  constructor(sink: Sink, paramValue: ParamValue) {
    this.#sink = sink;
    this.#paramValue = paramValue;
  }

  /** `bareWords`: from the command line, where `clip-vit-l/14` stands for a string without quotes. */
  value(expression: Expression, scope: FileScope, bareWords = false): Value {
    const place = { span: expression.span, origin: expression.span };
    if (bareWords && isBareString(expression)) {
      return { kind: "string", value: textOf(expression.span).trim(), ...place };
    }
    const inner = (part: Expression) => this.value(part, scope);
    switch (expression.kind) {
      case "number":
        return { kind: "number", value: expression.value, unit: expression.unit, ...place };
      case "string":
        return { kind: "string", value: expression.value, ...place };
      case "boolean":
        return { kind: "boolean", value: expression.value, ...place };
      case "null":
        return { kind: "null", ...place };
      case "state":
        return { kind: "state", state: expression.state, ...place };
      case "missing":
        return { kind: "missing", ...place };
      case "group":
        return inner(expression.inner);
      case "list":
        return { kind: "list", items: expression.items.map(inner), ...place };
      case "name":
        return this.#name(expression, scope);
      case "member":
        return expression.name.kind === "missing"
          ? { kind: "missing", ...place }
          : this.#member(inner(expression.object), expression.name, place);
      case "call": {
        const callee = inner(expression.callee);
        const given = expression.arguments.map(({ name, value }) => ({
          name,
          value: inner(value),
        }));
        const broken = [callee, ...given.map(({ value }) => value)].some(isMissing);
        return broken
          ? { kind: "missing", ...place }
          : { kind: "call", callee, arguments: given, ...place };
      }
      case "index": {
        const items = expression.ranges.map(({ start }) => inner(start));
        const ends = expression.ranges.map(({ end }) => end && inner(end));
        const ranged = ends.some((end) => end !== undefined);
        return { kind: "index", of: inner(expression.object), items, ends, ranged, ...place };
      }
      case "unary": {
        const operand = inner(expression.operand);
        if (operand.kind === "missing") return { kind: "missing", ...place };
        if (expression.operator === "not" && operand.kind === "boolean") {
          return { kind: "boolean", value: !operand.value, ...place };
        }
        if (expression.operator === "-" && operand.kind === "number") {
          return { kind: "number", value: -operand.value, unit: operand.unit, ...place };
        }
        return this.#notAValue(expression.operator, operand, place);
      }
      case "binary":
        return this.#isNameWithoutQuotes(expression, scope)
          ? { kind: "missing", ...place }
          : this.#binary(expression, inner(expression.left), inner(expression.right));
    }
  }

  /** What a declared name stands for; undefined when nothing of this name is declared. */
  declared(declaration: Declaration | undefined, span: Value["span"]): Value | undefined {
    const place = { span, origin: span };
    switch (declaration?.declares) {
      case undefined:
        return undefined;
      case "param":
        return { ...this.#paramValue(declaration), span };
      case "let":
        return { ...this.#letValue(declaration, span), span };
      case "block":
        return kinds.has(declaration.kind)
          ? { kind: "block", block: declaration, ...place }
          : { kind: "missing", ...place };
      case "import":
        return declaration.target === undefined
          ? { kind: "missing", ...place }
          : { kind: "file", scope: declaration.target, ...place };
      case "imported-name": {
        const source = importedDeclaration(declaration);
        return this.declared(source, span) ?? { kind: "missing", ...place };
      }
    }
  }

  #name(expression: Extract<Expression, { kind: "name" }>, scope: FileScope): Value {
    const { text, span } = expression;
    if (scope.ambiguous.has(text)) return { kind: "missing", span, origin: span };
    return (
      this.declared(lookUp(scope, text), span) ?? { kind: "word", text, scope, span, origin: span }
    );
  }

  #letValue(declaration: Extract<Declaration, { declares: "let" }>, use: Span): Value {
    const known = this.#lets.get(declaration);
    const { value } = declaration.statement;
    if (known === "running") {
      reportValueCircle(declaration, use, this.#sink);
      return { kind: "missing", span: value.span, origin: value.span };
    }
    if (known !== undefined) return known;
    this.#lets.set(declaration, "running");
    const result = this.value(value, declaration.scope);
    this.#lets.set(declaration, result);
    return result;
  }

  #member(of: Value, name: Identifier, place: Pick<Value, "span" | "origin">): Value {
    if (of.kind === "missing") return { kind: "missing", ...place };
    if (of.kind !== "file") return { kind: "member", of, name, ...place };
    const found = this.declared(lookUp(of.scope, name.text), place.span);
    if (found?.kind === "block") return { ...found, via: of.scope };
    if (found !== undefined) return found;
    reportUnknownExport(name, of.scope, this.#sink);
    return { kind: "missing", ...place };
  }

  #binary(expression: Binary, left: Value, right: Value): Value {
    const place = { span: expression.span, origin: expression.span };
    if (left.kind === "missing" || right.kind === "missing") return { kind: "missing", ...place };
    const { operator } = expression;
    if (operator === "->") {
      const links = (value: Value) => (value.kind === "chain" ? value.links : [value]);
      return { kind: "chain", links: [...links(left), ...links(right)], ...place };
    }
    if (left.kind === "number" && right.kind === "number") {
      const result = arithmetic(operator, left.value, right.value);
      if (typeof result === "boolean") return { kind: "boolean", value: result, ...place };
      if (result !== undefined) {
        const isSum = operator === "+" || operator === "-";
        if (isSum && left.unit && right.unit && left.unit.text !== right.unit.text) {
          this.#sink.report(
            unitsDiffer,
            { left: left.unit.text, right: right.unit.text },
            { primary: { span: expression.operatorSpan, text: "between two different units" } },
          );
          return { kind: "missing", ...place };
        }
        return { kind: "number", value: result, unit: left.unit ?? right.unit, ...place };
      }
    }
    if (left.kind === "boolean" && right.kind === "boolean") {
      if (operator === "and")
        return { kind: "boolean", value: left.value && right.value, ...place };
      if (operator === "or") return { kind: "boolean", value: left.value || right.value, ...place };
    }
    if (operator === "==" || operator === "!=") {
      const equal = comparable(left) !== undefined && comparable(left) === comparable(right);
      return { kind: "boolean", value: operator === "==" ? equal : !equal, ...place };
    }
    const weighted = weightedSum(operator, left, right);
    if (weighted !== undefined) return { kind: "weighted", terms: weighted, ...place };
    const wrong = left.kind === "number" || left.kind === "weighted" ? right : left;
    return this.#notAValue(operator, wrong, place);
  }

  /** Reports `eva-clip-g/14` where the first word names nothing and the whole is a backbone, or nearly one. */
  #isNameWithoutQuotes({ span, left }: Binary, scope: FileScope): boolean {
    const text = textOf(span).trim();
    let first: Expression = left;
    while (first.kind === "binary") first = first.left;
    if (first.kind !== "name" || lookUp(scope, first.text) !== undefined) return false;
    if (!bareString.test(text) || nearBackbone(text) === undefined) return false;
    const quoted = JSON.stringify(text);
    this.#sink.report(
      unknownName,
      { name: text },
      {
        primary: { span, text: `names of backbones stand in quotes: \`${quoted}\`` },
        fixes: [replacement(span, quoted)],
      },
    );
    return true;
  }

  #notAValue(operator: string, wrong: Value, place: Pick<Value, "span" | "origin">): Value {
    if (wrong.kind === "word") {
      reportUnknownName(wrong, this.#sink);
      return { kind: "missing", ...place };
    }
    this.#sink.report(
      notAValue,
      { operator, value: describe(wrong) },
      { primary: { span: wrong.span, text: "not a number" } },
    );
    return { kind: "missing", ...place };
  }
}

/** Under what a name that a file lacks is reported once, however it is missed. */
export function unknownNameKey(file: string, name: string): string {
  return `unknown ${file} ${name}`;
}

/** The safe fix that writes something else in a place. */
export function replacement(span: Value["span"], text: string): Fix {
  return { title: `write \`${text}\``, edits: [{ span, text }], safe: true };
}

/** Says that nothing in reach has this name; `meant` goes before names that are near. */
export function reportUnknownName(
  value: Extract<Value, { kind: "word" }>,
  sink: Sink,
  functions?: readonly string[],
  meant?: string,
): void {
  const { scope, text } = value;
  if (scope.isIncomplete && functions === undefined) return;
  if (functions === undefined && !sink.isFirst(unknownNameKey(scope.source.name, text))) return;
  const names = functions ?? namesOf(scope);
  const near = meant ?? (names.length === 0 ? undefined : didYouMean(value.text, names));
  sink.report(
    unknownName,
    { name: value.text },
    {
      primary: {
        span: value.span,
        text: near === undefined ? "not known here" : `did you mean \`${near}\`?`,
      },
      fixes: near === undefined ? [] : [replacement(value.span, near)],
    },
  );
}

/** The declaration behind `import { q } from "…"`. */
function importedDeclaration(declaration: NamedImportDeclaration): Declaration | undefined {
  return declaration.target === undefined
    ? undefined
    : lookUp(declaration.target, declaration.name);
}

function isMissing(value: Value): boolean {
  return value.kind === "missing" || (value.kind === "chain" && value.links.some(isMissing));
}

/** `clip-vit-l/14`, `facebook/opt-125m`, `opt-125m`: subtraction and division of names make no sense. */
function isBareString(expression: Expression): boolean {
  return expression.kind === "binary" && bareString.test(textOf(expression.span).trim());
}

const bareString = /^[A-Za-z][\w.]*([-/][\w.]+)+$/;

function arithmetic(operator: string, x: number, y: number): number | boolean | undefined {
  switch (operator) {
    case "+":
      return x + y;
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      return x / y;
    case "%":
      return x % y;
    case "<":
      return x < y;
    case "<=":
      return x <= y;
    case ">":
      return x > y;
    case ">=":
      return x >= y;
    case "==":
      return x === y;
    case "!=":
      return x !== y;
    default:
      return undefined;
  }
}

function comparable(value: Value): string | number | boolean | undefined {
  if (value.kind === "string" || value.kind === "number" || value.kind === "boolean")
    return value.value;
  return value.kind === "word" ? value.text : undefined;
}

/** Objectives as terms: alone, added, or multiplied by numbers. */
export function termsOf(value: Value): readonly WeightedTerm[] | undefined {
  if (value.kind === "weighted") return value.terms;
  if (isBlockValue(value)) return [{ block: value.block, weight: 1, span: value.span }];
  return undefined;
}

function isBlockValue(value: Value): value is Extract<Value, { kind: "block" }> {
  return value.kind === "block" && isBlock(value.block);
}

function weightedSum(operator: string, left: Value, right: Value): WeightedTerm[] | undefined {
  const scaled = (terms: readonly WeightedTerm[], by: number, span: Value["span"]) =>
    terms.map((term) => ({
      ...term,
      weight: term.weight * by,
      span: terms.length > 1 ? term.span : span,
    }));
  const first = termsOf(left);
  const second = termsOf(right);
  if (first !== undefined && second !== undefined) {
    if (operator === "+") return [...first, ...second];
    if (operator === "-") return [...first, ...scaled(second, -1, right.span)];
    return undefined;
  }
  if (operator === "*" && left.kind === "number" && second)
    return scaled(second, left.value, second[0]!.span);
  if (operator === "*" && right.kind === "number" && first)
    return scaled(first, right.value, first[0]!.span);
  if (operator === "/" && right.kind === "number" && first)
    return scaled(first, 1 / right.value, first[0]!.span);
  return undefined;
}

/** The undeclared word that a chain of members starts with: `s1` of `s1.pretrain.best`. */
export function undeclaredRoot(value: Value): Extract<Value, { kind: "word" }> | undefined {
  if (value.kind === "word") return value;
  return value.kind === "member" ? undeclaredRoot(value.of) : undefined;
}
