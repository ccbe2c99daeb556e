/** Settings of an expression objective -> terms, each typed once, in the order in which they need each other. */
import type { Binary, Call, Expression } from "../../../grammar/ast.ts";
import { didYouMean } from "../../../grammar/did-you-mean.ts";
import { note } from "../../../grammar/message.ts";
import {
  axisTwice,
  expressionCircle,
  notATensor,
  unknownFunction,
} from "../../../grammar/messages/expressions.ts";
import { notAValue } from "../../../grammar/messages/types.ts";
import { type Span, textOf } from "../../../grammar/source.ts";
import type { Entry } from "../block-view.ts";
import { type FileScope, lookUp } from "../file-scope.ts";
import type { Port } from "../parts/ports.ts";
import { describe } from "../value.ts";
import { axisOf, namesText, numbers, scalar } from "./axes.ts";
import { reportUnknownAxis } from "./axis-rules.ts";
import { boundArguments, reportArguments } from "./call-arguments.ts";
import { CallReader } from "./call-reader.ts";
import type { ExpressionReports } from "./expression-reports.ts";
import { combinedTerm, functionTerm } from "./function-terms.ts";
import { functions, otherNames } from "./functions.ts";
import { learnedTerm } from "./learned-terms.ts";
import { outputTerm } from "./outputs.ts";
import { type Renaming, renamings } from "./renamings.ts";
import type { Combination, NamedTerm, TensorTerm } from "./term.ts";

/** Where an expression stands. */
interface Place {
  readonly setting: string;
  readonly scope: FileScope;
}

const operators: readonly string[] = ["+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">="];

export class ExpressionChecker {
  /** Settings that were typed, each behind those that it needs. */
  readonly values: NamedTerm[] = [];
  /** Settings that another one names; of a plain number no term is left that says so. */
  readonly read = new Set<string>();
  readonly #port: Port;
  readonly #sink: ExpressionReports;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #renamings: ReadonlyMap<string, Renaming>;
  readonly #settings = new Map<string, NamedTerm | "running" | undefined>();
  readonly #terms = new Map<Expression, TensorTerm | "running" | undefined>();

  constructor(port: Port, sink: ExpressionReports) {
    this.#port = port;
    this.#sink = sink;
    this.#entries = port.reader.view.entries;
    this.#renamings = renamings(this.#entries);
  }

  /** A setting of the block; undefined when something in it was reported. `use` is where it is named. */
  setting(name: string, use?: Span): NamedTerm | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const known = this.#settings.get(name);
    if (known === "running") {
      const at = { span: use ?? entry.name.span, text: "is not known yet" };
      const labels = [{ span: entry.name.span, text: "is being computed here" }];
      this.#sink.report(expressionCircle, { name }, { primary: at, labels });
      return undefined;
    }
    if (this.#settings.has(name)) return known;
    this.#settings.set(name, "running");
    const term = this.#term(entry.expression, { setting: name, scope: entry.scope });
    const made = term && { name, term, span: entry.span };
    this.#settings.set(name, made);
    if (made !== undefined) this.values.push(made);
    return made;
  }

  #term(expression: Expression, place: Place): TensorTerm | undefined {
    const known = this.#terms.get(expression);
    if (known === "running") return undefined;
    if (this.#terms.has(expression)) return known;
    this.#terms.set(expression, "running");
    const made = this.#made(expression, place);
    this.#terms.set(expression, made);
    return made;
  }

  #made(expression: Expression, place: Place): TensorTerm | undefined {
    const { span } = expression;
    switch (expression.kind) {
      case "missing":
        return undefined;
      case "group":
        return this.#term(expression.inner, place);
      case "number":
        return expression.unit === undefined
          ? { kind: "number", value: expression.value, type: scalar, span }
          : this.#refuse(`${expression.raw} ${expression.unit.text}`, span);
      case "name":
        if (this.#entries.has(expression.text)) return this.#reference(expression.text, span);
        return this.#output(expression, place);
      case "member": {
        const { object } = expression;
        const isOwn = object.kind === "name" && this.#entries.has(object.text);
        return isOwn ? this.#refuse(`\`${textOf(span)}\``, span) : this.#output(expression, place);
      }
      case "call": {
        const { callee } = expression;
        if (callee.kind === "name" && lookUp(place.scope, callee.text) === undefined)
          return this.#call(expression, callee.text, place);
        return this.#output(expression, place);
      }
      case "unary": {
        if (expression.operator !== "-") return this.#noOperator("not", span);
        const x = this.#term(expression.operand, place);
        if (x === undefined) return undefined;
        return x.kind === "number"
          ? { ...x, value: -x.value, span }
          : { kind: "negative", x, type: numbers(x.type.axes), span };
      }
      case "binary":
        return this.#binary(expression, place);
      case "index":
        return this.#refuse("something with brackets", span);
      default:
        return this.#refuse(
          describe(this.#port.parts.context.evaluator.value(expression, place.scope)),
          span,
        );
    }
  }

  #reference(name: string, span: Span): TensorTerm | undefined {
    this.read.add(name);
    const made = this.setting(name, span);
    if (made === undefined) return undefined;
    const { term } = made;
    if (term.kind === "number") return { ...term, span };
    return { kind: "value", name, type: term.type, span };
  }

  #output(expression: Expression, { scope }: Place): TensorTerm | undefined {
    const value = this.#port.parts.context.evaluator.value(expression, scope);
    const term = outputTerm(value, this.#port, [...this.#entries.keys()], scope);
    return term && { ...term, span: expression.span };
  }

  #refuse(value: string, span: Span): undefined {
    this.#sink.report(
      notATensor,
      { value },
      { primary: { span, text: "has no value in an expression" } },
    );
  }

  #noOperator(operator: string, span: Span): undefined {
    this.#sink.report(
      notAValue,
      { operator, value: "a tensor" },
      {
        primary: { span, text: "means nothing in an expression" },
        notes: [note(`tensors are joined by ${operators.join(" ")}`)],
      },
    );
  }

  #binary(expression: Binary, place: Place): TensorTerm | undefined {
    const { operator, operatorSpan, span } = expression;
    if (!isCombination(operator)) return this.#noOperator(operator, operatorSpan);
    const left = this.#term(expression.left, place);
    const right = this.#term(expression.right, place);
    return left && right && combinedTerm(operator, left, right, span, this.#sink);
  }

  #call(call: Call, name: string, place: Place): TensorTerm | undefined {
    const description = functions.get(name);
    if (description === undefined) return this.#unknownFunction(name, call.callee.span);
    const bound = boundArguments(call, name, description, this.#sink);
    if (bound === undefined) return undefined;
    const reader = new CallReader(call, name, description, bound, this.#sink, (expression) =>
      this.#term(expression, place),
    );
    if (name === "index") return this.#index(reader, "axis");
    if (name === "eye") return this.#eye(reader);
    if (name !== "learned" && name !== "linear") return functionTerm(reader);
    return learnedTerm(reader, `${this.#port.block.name}.${place.setting}`, (argument) => {
      const given = reader.value(argument);
      const value = given && this.#port.parts.context.evaluator.value(given, place.scope);
      if (value?.kind === "missing") return "missing";
      return value?.kind === "string" ? value.value : undefined;
    });
  }

  #unknownFunction(name: string, span: Span): undefined {
    const bridges = this.#port.parts.context.active.filter(({ kind }) => kind === "qformer");
    const names = [...functions.keys(), ...bridges.map((each) => each.name)];
    const near = otherNames.get(name) ?? didYouMean(name, names);
    this.#sink.report(
      unknownFunction,
      { name },
      {
        primary: {
          span,
          text: near === undefined ? "no function" : `did you mean \`${near}\`?`,
        },
        notes: near === undefined ? [note(`functions: ${[...functions.keys()].join(", ")}`)] : [],
        fixes:
          near === undefined
            ? []
            : [{ title: `write \`${near}\``, edits: [{ span, text: near }], safe: false }],
      },
    );
  }

  /** `eye(batch, texts)` is `index(batch) == index(texts)`. */
  #eye(call: CallReader): TensorTerm | undefined {
    const { span } = call;
    const rows = this.#index(call, "rows");
    const columns = this.#index(call, "columns");
    if (rows === undefined || columns === undefined) return undefined;
    const [axis] = rows.type.axes;
    if (axis !== undefined && axisOf(columns.type, axis.name) !== undefined) {
      const primary = { span, text: "two different axes are needed" };
      this.#sink.report(axisTwice, { axis: axis.name }, { primary });
      return undefined;
    }
    return combinedTerm("==", rows, columns, span, this.#sink);
  }

  #index(call: CallReader, argument: string): TensorTerm | undefined {
    const value = call.value(argument);
    const { span } = call;
    if (value?.kind !== "name") {
      const at = value?.span ?? span;
      return reportArguments(this.#sink, call.name, "takes the name of an axis", at, "no name");
    }
    const axis = value.text;
    if (axis === "batch") {
      const axes = [{ name: axis, size: "batch", from: value.span }] as const;
      return { kind: "index", axis, like: undefined, type: { axes, elements: "index" }, span };
    }
    const renaming = this.#renamings.get(axis);
    if (renaming === undefined) {
      const names = ["batch", ...this.#renamings.keys()];
      const list = namesText(names);
      const notes = [note(`\`${call.name}\` takes what \`rename\` made, or the batch: ${list}`)];
      const of = `\`${this.#port.block.name}\``;
      reportUnknownAxis({ axis, of, span: value.span, names, notes }, this.#sink);
      return undefined;
    }
    const { setting, scope } = renaming;
    const like = this.#term(renaming.call, { setting, scope });
    const found = like && axisOf(like.type, axis);
    if (found !== undefined)
      return { kind: "index", axis, like, type: { axes: [found], elements: "index" }, span };
    if (this.#terms.get(renaming.call) === "running") {
      const primary = { span: value.span, text: "asked for inside of the `rename` that makes it" };
      this.#sink.report(expressionCircle, { name: axis }, { primary });
    }
    return undefined;
  }
}

function isCombination(operator: string): operator is Combination {
  return operators.includes(operator);
}
