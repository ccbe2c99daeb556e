/** One call of a function: its arguments as tensors, numbers and axes, with what is wrong said in the function's own form. */
import type { Argument, Call, Expression } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/source.ts";
import { shapeText } from "./axes.ts";
import { type BoundArguments, reportArguments } from "./call-arguments.ts";
import type { ExpressionReports } from "./expression-reports.ts";
import type { TensorFunction } from "./functions.ts";
import type { TensorTerm } from "./term.ts";

/** An axis as written. */
export interface NamedAxis {
  readonly name: string;
  readonly span: Span;
}

export class CallReader {
  readonly name: string;
  readonly span: Span;
  /** The name of the function. */
  readonly callee: Span;
  readonly renames: readonly Argument[];
  readonly sink: ExpressionReports;
  readonly #bound: BoundArguments;
  readonly #form: string;
  readonly #term: (expression: Expression) => TensorTerm | undefined;

  constructor(
    call: Call,
    name: string,
    description: TensorFunction,
    bound: BoundArguments,
    sink: ExpressionReports,
    term: (expression: Expression) => TensorTerm | undefined,
  ) {
    this.name = name;
    this.span = call.span;
    this.callee = call.callee.span;
    this.renames = bound.renames;
    this.sink = sink;
    this.#bound = bound;
    this.#form = description.form;
    this.#term = term;
  }

  /** Says what the function does not take. */
  refuse(what: string, at: Span, text: string): undefined {
    return reportArguments(this.sink, this.name, what, at, text, this.#form);
  }

  /** The argument as written. */
  value(name: string): Expression | undefined {
    return this.#bound.given.get(name)?.value;
  }

  spanOf(name: string): Span {
    return this.value(name)?.span ?? this.span;
  }

  tensor(name: string): TensorTerm | undefined {
    const value = this.value(name);
    return value && this.#term(value);
  }

  /** A plain number; undefined when it is absent or something else, which is reported. */
  number(name: string): number | undefined {
    const value = this.value(name);
    const term = value && this.#term(value);
    if (value === undefined || term === undefined) return undefined;
    return term.kind === "number"
      ? term.value
      : this.refuse("takes a plain number here", value.span, `this is ${shapeText(term.type)}`);
  }

  boolean(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    return value.kind === "boolean"
      ? value.value
      : this.refuse(`takes true or false as \`${name}\``, value.span, "neither true nor false");
  }

  /** The axes that an argument names; undefined when it is absent or reported. */
  axes(name: string): readonly NamedAxis[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const items = value.kind === "list" ? value.items : [value];
    const found: NamedAxis[] = [];
    for (const item of items) {
      if (item.kind === "missing") return undefined;
      if (item.kind !== "name")
        return this.refuse("takes axes by their names", item.span, "not the name of an axis");
      if (found.some((axis) => axis.name === item.text))
        return this.refuse(`takes \`${item.text}\` once`, item.span, "again");
      found.push({ name: item.text, span: item.span });
    }
    return found.length > 0 ? found : this.refuse("needs an axis", value.span, "an empty list");
  }
}
