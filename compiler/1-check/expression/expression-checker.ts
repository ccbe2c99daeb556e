/** Settings of an expression objective -> terms, each typed once, in the order in which they need each other. */
import type { Binary, Call, Expression } from "../../../grammar/ast.ts";
import { didYouMean } from "../../../grammar/did-you-mean.ts";
import { help, note } from "../../../grammar/message.ts";
import {
  axisMismatch,
  axisTwice,
  expressionCircle,
  notATensor,
  unknownAxis,
  unknownFunction,
} from "../../../grammar/messages/expressions.ts";
import { notAValue } from "../../../grammar/messages/types.ts";
import { type Span, textOf } from "../../../grammar/source.ts";
import type { Entry } from "../block-view.ts";
import { type FileScope, lookUp } from "../file-scope.ts";
import type { Port } from "../parts/ports.ts";
import { describe } from "../value.ts";
import { axisOf, joinedAxes, namesText, scalar, shapeText, sizeText, without } from "./axes.ts";
import { type BoundArguments, boundArguments, reportArguments } from "./call-arguments.ts";
import {
  constantFunctions,
  functions,
  isAlong,
  isElementFunction,
  isFold,
  otherNames,
  type TensorFunction,
} from "./functions.ts";
import { outputTerm } from "./outputs.ts";
import { type Renaming, renamings } from "./renamings.ts";
import type {
  Axis,
  Combination,
  NamedShape,
  NamedTerm,
  TensorTerm,
  TermParameter,
} from "./term.ts";

/** Where an expression stands. */
interface Place {
  readonly setting: string;
  readonly scope: FileScope;
}

const combinations: ReadonlySet<string> = new Set([
  "+",
  "-",
  "*",
  "/",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
]);

export class ExpressionChecker {
  /** Settings that were typed, each behind those that it needs. */
  readonly values: NamedTerm[] = [];
  readonly #port: Port;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #renamings: ReadonlyMap<string, Renaming>;
  readonly #settings = new Map<string, NamedTerm | "running" | undefined>();
  readonly #terms = new Map<Expression, TensorTerm | "running" | undefined>();

  constructor(port: Port) {
    this.#port = port;
    this.#entries = port.reader.view.entries;
    this.#renamings = renamings(this.#entries);
  }

  /** A setting of the block; undefined when something in it was reported. */
  setting(name: string, use?: Span): NamedTerm | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const known = this.#settings.get(name);
    if (known === "running") {
      this.#sink.report(
        expressionCircle,
        { name },
        {
          primary: { span: use ?? entry.name.span, text: "is not known yet" },
          ...(use && { labels: [{ span: entry.name.span, text: "is being computed here" }] }),
        },
      );
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

  get #sink() {
    return this.#port.parts.context.sink;
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
          : { kind: "negative", x, type: { ...x.type, elements: "number" }, span };
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
    const made = this.setting(name, span);
    if (made === undefined) return undefined;
    const { term } = made;
    return term.kind === "number"
      ? { ...term, span }
      : { kind: "value", name, type: term.type, span };
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
        notes: [note("tensors are joined by + - * / == != < <= > >=")],
      },
    );
  }

  #binary(expression: Binary, place: Place): TensorTerm | undefined {
    const { operator, operatorSpan, span } = expression;
    if (!isCombination(operator)) return this.#noOperator(operator, operatorSpan);
    const left = this.#term(expression.left, place);
    const right = this.#term(expression.right, place);
    return left && right && this.#combined(operator, left, right, span);
  }

  #combined(
    operator: Combination,
    left: TensorTerm,
    right: TensorTerm,
    span: Span,
  ): TensorTerm | undefined {
    if (left.kind === "number" && right.kind === "number") {
      const value = folded(operator, left.value, right.value);
      if (value !== undefined) return { kind: "number", value, type: scalar, span };
    }
    const axes = this.#joined(left, right, span);
    return axes && { kind: "combine", operator, left, right, type: numbers(axes), span };
  }

  /** Axes of both; reports one that has two sizes. */
  #joined(left: TensorTerm, right: TensorTerm, span: Span): readonly Axis[] | undefined {
    const { axes, conflict } = joinedAxes(left.type, right.type);
    if (conflict === undefined) return axes;
    const [first, second] = conflict;
    const facts = { axis: first.name, left: sizeText(first.size), right: sizeText(second.size) };
    const both = [
      { span: first.from, text: `${facts.left} here` },
      { span: second.from, text: `${facts.right} here` },
    ];
    const isOnePlace =
      first.from.source === second.from.source && first.from.start === second.from.start;
    this.#sink.report(axisMismatch, facts, {
      primary: { span, text: `${shapeText(left.type)} meets ${shapeText(right.type)}` },
      labels: isOnePlace ? [] : both,
      notes: [help(`\`rename(…, ${first.name}: other)\` when they are two different axes`)],
    });
    return undefined;
  }

  #call(call: Call, name: string, place: Place): TensorTerm | undefined {
    const description = functions.get(name);
    const { span } = call.callee;
    if (description === undefined) {
      const bridges = this.#port.parts.context.active.filter(({ kind }) => kind === "qformer");
      const names = [...functions.keys(), ...bridges.map((each) => each.name)];
      const near = otherNames.get(name) ?? didYouMean(name, names);
      const text = near === undefined ? "no function" : `did you mean \`${near}\`?`;
      this.#sink.report(
        unknownFunction,
        { name },
        {
          primary: { span, text },
          notes: near === undefined ? [note(`functions: ${[...functions.keys()].join(", ")}`)] : [],
          fixes:
            near === undefined
              ? []
              : [{ title: `write \`${near}\``, edits: [{ span, text: near }], safe: false }],
        },
      );
      return undefined;
    }
    const bound = boundArguments(call, name, description, this.#sink);
    return bound && this.#function(call, name, description, bound, place);
  }

  #function(
    call: Call,
    name: string,
    description: TensorFunction,
    bound: BoundArguments,
    place: Place,
  ): TensorTerm | undefined {
    const { span } = call;
    const refuse = (what: string, at: Span, text: string): undefined =>
      reportArguments(this.#sink, name, what, at, text, description.form);
    const tensor = (argument: string) => {
      const value = bound.given.get(argument)?.value;
      return value && this.#term(value, place);
    };
    if (name === "index" || name === "eye") return this.#positions(call, name, bound);
    if (name === "learned" || name === "linear")
      return this.#learned(call, name, bound, place, refuse);
    const x = tensor(description.arguments[0]?.name ?? "x");
    if (isElementFunction(name)) {
      if (x === undefined) return undefined;
      const constant = constantFunctions[name];
      if (x.kind === "number" && constant !== undefined)
        return { kind: "number", value: constant(x.value), type: scalar, span };
      return { kind: "element", function: name, x, type: numbers(x.type.axes), span };
    }
    switch (name) {
      case "stop_gradient":
        return x && { kind: "stop_gradient", x, type: x.type, span };
      case "maximum":
      case "minimum": {
        const y = tensor("y");
        return x && y && this.#combined(name, x, y, span);
      }
      case "select": {
        const chosen = tensor("x");
        const other = tensor("y");
        if (x === undefined || chosen === undefined || other === undefined) return undefined;
        const axes = this.#joined(chosen, other, span);
        if (axes === undefined) return undefined;
        const pair: TensorTerm = { ...chosen, type: numbers(axes) };
        const all = this.#joined(x, pair, span);
        return (
          all && { kind: "select", condition: x, x: chosen, y: other, type: numbers(all), span }
        );
      }
      case "rename":
        return x && this.#renamed(x, bound, refuse, span);
    }
    const y = name === "dot" ? tensor("y") : undefined;
    const target = name === "cross_entropy" ? tensor("target") : undefined;
    if (x === undefined) return undefined;
    const over = bound.given.get("over")?.value;
    const axes = over === undefined ? undefined : this.#axes(over, refuse);
    if (over !== undefined && axes === undefined) return undefined;
    const names = axes?.map((axis) => axis.text) ?? x.type.axes.map((axis) => axis.name);
    for (const axis of axes ?? []) {
      if (!this.#has(x, axis.text, axis.span)) return undefined;
      if (y !== undefined && !this.#has(y, axis.text, axis.span)) return undefined;
    }
    if (isFold(name))
      return { kind: "fold", function: name, x, over: names, type: without(x.type, names), span };
    if (name === "dot") {
      const joined = y && this.#joined(x, y, span);
      if (y === undefined || joined === undefined) return undefined;
      return { kind: "dot", x, y, over: names, type: without(numbers(joined), names), span };
    }
    const [along, ...more] = names;
    if (along === undefined || (more.length > 0 && over !== undefined))
      return refuse("takes one axis", over?.span ?? span, "more than one");
    if (isAlong(name))
      return { kind: "along", function: name, x, over: along, type: numbers(x.type.axes), span };
    if (name === "argmax") {
      const type: NamedShape = { ...without(x.type, names), elements: "index" };
      return { kind: "argmax", x, over: along, type, span };
    }
    return target && this.#crossEntropy(x, along, target, bound, place, refuse, span);
  }

  #crossEntropy(
    x: TensorTerm,
    over: string,
    target: TensorTerm,
    bound: BoundArguments,
    place: Place,
    refuse: Refuse,
    span: Span,
  ): TensorTerm | undefined {
    const given = bound.given.get("smoothing");
    const smoothing = given === undefined ? 0 : this.#number(given.value, place, refuse);
    if (smoothing === undefined) return undefined;
    if (given !== undefined && (smoothing < 0 || smoothing >= 1))
      return refuse("takes a `smoothing` from 0 to below 1", given.value.span, String(smoothing));
    const isIndex = target.type.elements === "index";
    if (given !== undefined && !isIndex)
      return refuse("smooths an index, not shares", given.span, "the target has shares already");
    const hasOver = axisOf(target.type, over) !== undefined;
    if (hasOver === isIndex) {
      const wanted = isIndex
        ? `takes an index without the axis \`${over}\``
        : `takes shares along \`${over}\``;
      return refuse(wanted, target.span, `this is ${shapeText(target.type)}`);
    }
    const extra = target.type.axes.find(({ name }) => axisOf(x.type, name) === undefined);
    if (extra !== undefined)
      return refuse(
        `has no row for \`${extra.name}\` of its target`,
        target.span,
        `this is ${shapeText(target.type)}, the logits are ${shapeText(x.type)}`,
      );
    if (this.#joined(x, target, span) === undefined) return undefined;
    return { kind: "cross_entropy", x, over, target, smoothing, type: scalar, span };
  }

  #renamed(
    x: TensorTerm,
    { renames }: BoundArguments,
    refuse: Refuse,
    span: Span,
  ): TensorTerm | undefined {
    const names: { readonly from: string; readonly to: string }[] = [];
    for (const { name, value } of renames) {
      if (name === undefined) return undefined;
      if (value.kind !== "name")
        return refuse("takes axes by their names", value.span, "not the name of an axis");
      if (!this.#has(x, name.text, name.span)) return undefined;
      names.push({ from: name.text, to: value.text });
    }
    const axes = x.type.axes.map((axis) => {
      const to = names.find(({ from }) => from === axis.name)?.to;
      return to === undefined ? axis : { ...axis, name: to };
    });
    const twice = axes.find(({ name }, i) => axes.findIndex((each) => each.name === name) < i);
    if (twice !== undefined) {
      const at = renames.find(({ value }) => value.kind === "name" && value.text === twice.name);
      this.#sink.report(
        axisTwice,
        { axis: twice.name },
        { primary: { span: at?.value.span ?? span, text: `x is ${shapeText(x.type)}` } },
      );
      return undefined;
    }
    return { kind: "rename", x, names, type: { ...x.type, axes }, span };
  }

  /** `index(batch)` and `eye(batch, texts)`. */
  #positions(call: Call, name: "index" | "eye", bound: BoundArguments): TensorTerm | undefined {
    const { span } = call;
    const found: TensorTerm[] = [];
    for (const argument of name === "index" ? ["axis"] : ["rows", "columns"]) {
      const value = bound.given.get(argument)?.value;
      if (value === undefined) return undefined;
      const term = this.#index(value, name);
      if (term === undefined) return undefined;
      found.push(term);
    }
    const [first, second] = found as [TensorTerm, TensorTerm | undefined];
    if (second === undefined) return { ...first, span };
    const [rows, columns] = [first.type.axes[0]!, second.type.axes[0]!];
    if (rows.name === columns.name) {
      this.#sink.report(
        axisTwice,
        { axis: rows.name },
        { primary: { span, text: "two names are needed" } },
      );
      return undefined;
    }
    return this.#combined("==", first, second, span);
  }

  #index(value: Expression, name: string): TensorTerm | undefined {
    const { span } = value;
    if (value.kind !== "name")
      return reportArguments(this.#sink, name, "takes the name of an axis", span, "no name");
    const axis = value.text;
    if (axis === "batch") {
      const axes: readonly Axis[] = [{ name: axis, size: "batch", from: span }];
      return { kind: "index", axis, like: undefined, type: { axes, elements: "index" }, span };
    }
    const renaming = this.#renamings.get(axis);
    if (renaming === undefined) {
      const names = ["batch", ...this.#renamings.keys()];
      this.#unknownAxis(axis, "this objective", span, names, [
        note(`\`${name}\` takes \`batch\` or an axis that \`rename\` made: ${namesText(names)}`),
      ]);
      return undefined;
    }
    const { setting, call, scope } = renaming;
    const like = this.#term(call, { setting, scope });
    const found = like && axisOf(like.type, axis);
    if (like === undefined || found === undefined) {
      if (this.#terms.get(call) === "running")
        this.#sink.report(
          expressionCircle,
          { name: axis },
          { primary: { span, text: "asked for inside of its own `rename`" } },
        );
      return undefined;
    }
    return { kind: "index", axis, like, type: { axes: [found], elements: "index" }, span };
  }

  #learned(
    call: Call,
    name: "learned" | "linear",
    bound: BoundArguments,
    place: Place,
    refuse: Refuse,
  ): TensorTerm | undefined {
    const { span } = call;
    const path = this.#path(bound, place, refuse);
    const number = (argument: string): number | undefined => {
      const given = bound.given.get(argument)?.value;
      return given && this.#number(given, place, refuse);
    };
    if (path === undefined) return undefined;
    if (name === "learned") {
      const value = number("value");
      if (value === undefined) return undefined;
      const parameter: TermParameter = {
        path,
        shape: [],
        init: { kind: "constant", value },
        span,
      };
      return { kind: "learned", parameter, type: scalar, span };
    }
    const value = bound.given.get("x")!.value;
    const x = this.#term(value, place);
    const width = number("width");
    const std = number("std");
    if (x === undefined || width === undefined) return undefined;
    if (bound.given.has("std") && std === undefined) return undefined;
    const wide = bound.given.get("width")!.value.span;
    if (!Number.isInteger(width) || width < 1)
      return refuse("takes a whole `width` of 1 or more", wide, String(width));
    if (std !== undefined && std < 0)
      return refuse("takes a `std` of 0 or more", bound.given.get("std")!.value.span, String(std));
    const given = bound.given.get("bias")?.value;
    if (given !== undefined && given.kind !== "boolean")
      return refuse("takes true or false as `bias`", given.span, "neither true nor false");
    if (!this.#has(x, "width", call.callee.span)) return undefined;
    const before = axisOf(x.type, "width")!.size;
    if (typeof before !== "number")
      return refuse("needs a `width` of one size", value.span, `this is ${shapeText(x.type)}`);
    const axes = x.type.axes.map(
      (axis): Axis => (axis.name === "width" ? { name: "width", size: width, from: wide } : axis),
    );
    const plain: TermParameter["init"] = { kind: "uniform", bound: 1 / Math.sqrt(before) };
    const bias = given?.value ?? true;
    const parameters: readonly TermParameter[] = [
      {
        path: `${path}.weight`,
        shape: [width, before],
        init: std === undefined ? plain : { kind: "normal", std },
        span,
      },
      ...(bias
        ? [
            {
              path: `${path}.bias`,
              shape: [width],
              init: std === undefined ? plain : ({ kind: "zeros" } as const),
              span,
            },
          ]
        : []),
    ];
    return { kind: "linear", x, path, width, bias, std, parameters, type: numbers(axes), span };
  }

  /** Where a parameter stands in checkpoints: its `name`, else objective and setting. */
  #path(bound: BoundArguments, { setting, scope }: Place, refuse: Refuse): string | undefined {
    const given = bound.given.get("name")?.value;
    if (given === undefined) return `${this.#port.block.name}.${setting}`;
    const value = this.#port.parts.context.evaluator.value(given, scope);
    if (value.kind === "missing") return undefined;
    const isName = value.kind === "string" && /^[A-Za-z_]\w*(\.\w+)*$/.test(value.value);
    return isName
      ? value.value
      : refuse('takes a `name` such as "text_proj"', given.span, "words joined by points");
  }

  #number(value: Expression, place: Place, refuse: Refuse): number | undefined {
    const term = this.#term(value, place);
    if (term === undefined) return undefined;
    return term.kind === "number"
      ? term.value
      : refuse("takes a plain number here", value.span, `this is ${shapeText(term.type)}`);
  }

  /** The axes that `over` names. */
  #axes(value: Expression, refuse: Refuse): readonly NamedAxis[] | undefined {
    const items = value.kind === "list" ? value.items : [value];
    const found: NamedAxis[] = [];
    for (const item of items) {
      if (item.kind !== "name")
        return item.kind === "missing"
          ? undefined
          : refuse("takes axes by their names", item.span, "not the name of an axis");
      if (found.some(({ text }) => text === item.text))
        return refuse(`takes \`${item.text}\` once`, item.span, "again");
      found.push({ text: item.text, span: item.span });
    }
    return found.length > 0 ? found : refuse("needs an axis", value.span, "an empty list");
  }

  #has(x: TensorTerm, axis: string, span: Span): boolean {
    if (axisOf(x.type, axis) !== undefined) return true;
    const text = textOf(x.span);
    const of = /^[\w.()]{1,24}$/.test(text) ? `\`${text}\`` : "this tensor";
    const names = x.type.axes.map(({ name }) => name);
    const label = { span: x.span, text: `this is ${shapeText(x.type)}` };
    this.#unknownAxis(axis, of, span, names, [], [label]);
    return false;
  }

  #unknownAxis(
    axis: string,
    of: string,
    span: Span,
    names: readonly string[],
    notes: readonly ReturnType<typeof note>[],
    labels: readonly { readonly span: Span; readonly text: string }[] = [],
  ): void {
    const near = names.length < 2 ? undefined : didYouMean(axis, names);
    this.#sink.report(
      unknownAxis,
      { axis, of },
      {
        primary: { span, text: near === undefined ? "no such axis" : `did you mean \`${near}\`?` },
        labels,
        notes,
        fixes:
          near === undefined || textOf(span) !== axis
            ? []
            : [{ title: `write \`${near}\``, edits: [{ span, text: near }], safe: false }],
      },
    );
  }
}

interface NamedAxis {
  readonly text: string;
  readonly span: Span;
}

type Refuse = (what: string, at: Span, text: string) => undefined;

function numbers(axes: readonly Axis[]): NamedShape {
  return { axes, elements: "number" };
}

function isCombination(operator: string): operator is Combination {
  return combinations.has(operator);
}

/** Arithmetic on two numbers; comparisons are left to the run. */
function folded(operator: Combination, x: number, y: number): number | undefined {
  switch (operator) {
    case "+":
      return x + y;
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      return x / y;
    case "maximum":
      return Math.max(x, y);
    case "minimum":
      return Math.min(x, y);
    default:
      return undefined;
  }
}
