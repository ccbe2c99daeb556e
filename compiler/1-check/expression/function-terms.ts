/** Calls of functions that compute -> terms with their axes. */
import { axisTwice } from "../../../grammar/messages/expressions.ts";
import type { Span } from "../../../grammar/source.ts";
import { axisOf, numbers, scalar, shapeText, without } from "./axes.ts";
import { fittingAxes, hasAxis } from "./axis-rules.ts";
import type { CallReader } from "./call-reader.ts";
import type { ExpressionReports } from "./expression-reports.ts";
import { constantFunctions, isAlong, isElementFunction, isFold } from "./functions.ts";
import type { Combination, TensorTerm } from "./term.ts";

/** Undefined when something in the call was reported. */
export function functionTerm(call: CallReader): TensorTerm | undefined {
  const { name, span, sink } = call;
  switch (name) {
    case "select":
      return selectTerm(call);
    case "rename":
      return renameTerm(call);
    case "cross_entropy":
      return crossEntropyTerm(call);
  }
  const x = call.tensor("x");
  if (x === undefined) return undefined;
  if (isElementFunction(name)) {
    const constant = constantFunctions[name];
    if (x.kind === "number" && constant !== undefined)
      return { kind: "number", value: constant(x.value), type: scalar, span };
    return { kind: "element", function: name, x, type: numbers(x.type.axes), span };
  }
  if (name === "stop_gradient") return { kind: "stop_gradient", x, type: x.type, span };
  if (name === "maximum" || name === "minimum") {
    const y = call.tensor("y");
    return y && combinedTerm(name, x, y, span, sink);
  }
  const isAll = isFold(name) && call.value("over") === undefined;
  const over = isAll ? x.type.axes.map((axis) => ({ name: axis.name, span })) : call.axes("over");
  if (over?.every((axis) => hasAxis(x, axis.name, axis.span, sink)) !== true) return undefined;
  const names = over.map((axis) => axis.name);
  if (isFold(name))
    return { kind: "fold", function: name, x, over: names, type: without(x.type, names), span };
  if (name === "dot") {
    const y = call.tensor("y");
    if (y === undefined || !over.every((axis) => hasAxis(y, axis.name, axis.span, sink)))
      return undefined;
    const axes = fittingAxes(x, y, span, sink);
    return axes && { kind: "dot", x, y, over: names, type: without(numbers(axes), names), span };
  }
  const along = onlyAxis(call, names);
  if (along === undefined) return undefined;
  if (isAlong(name))
    return { kind: "along", function: name, x, over: along, type: numbers(x.type.axes), span };
  const type = { ...without(x.type, names), elements: "index" } as const;
  return { kind: "argmax", x, over: along, type, span };
}

/** Two tensors, element by element; two numbers are one number. */
export function combinedTerm(
  operator: Combination,
  left: TensorTerm,
  right: TensorTerm,
  span: Span,
  sink: ExpressionReports,
): TensorTerm | undefined {
  if (left.kind === "number" && right.kind === "number") {
    const value = folded(operator, left.value, right.value);
    if (value !== undefined) return { kind: "number", value, type: scalar, span };
  }
  const axes = fittingAxes(left, right, span, sink);
  return axes && { kind: "combine", operator, left, right, type: numbers(axes), span };
}

function onlyAxis(call: CallReader, names: readonly string[]): string | undefined {
  return names.length === 1
    ? names[0]
    : call.refuse("takes one axis", call.spanOf("over"), "more than one");
}

function selectTerm(call: CallReader): TensorTerm | undefined {
  const { span, sink } = call;
  const condition = call.tensor("condition");
  const x = call.tensor("x");
  const y = call.tensor("y");
  if (condition === undefined || x === undefined || y === undefined) return undefined;
  const axes = fittingAxes(x, y, span, sink);
  const chosen = axes && { ...x, type: numbers(axes) };
  const all = chosen && fittingAxes(chosen, condition, span, sink);
  return all && { kind: "select", condition, x, y, type: numbers(all), span };
}

function renameTerm(call: CallReader): TensorTerm | undefined {
  const { span, sink } = call;
  const x = call.tensor("x");
  if (x === undefined) return undefined;
  const names: { readonly from: string; readonly to: string; readonly at: Span }[] = [];
  for (const { name, value } of call.renames) {
    if (name === undefined || value.kind === "missing") return undefined;
    if (value.kind !== "name")
      return call.refuse("takes axes by their names", value.span, "not the name of an axis");
    if (!hasAxis(x, name.text, name.span, sink)) return undefined;
    names.push({ from: name.text, to: value.text, at: value.span });
  }
  const axes = x.type.axes.map((axis) => {
    const to = names.find(({ from }) => from === axis.name)?.to;
    return to === undefined ? axis : { ...axis, name: to };
  });
  const twice = axes.find(({ name }, i) => axes.findIndex((each) => each.name === name) < i);
  if (twice !== undefined) {
    const at = names.find(({ to }) => to === twice.name)?.at ?? span;
    sink.report(
      axisTwice,
      { axis: twice.name },
      { primary: { span: at, text: `x is ${shapeText(x.type)}` } },
    );
    return undefined;
  }
  const pairs = names.map(({ from, to }) => ({ from, to }));
  return { kind: "rename", x, names: pairs, type: { ...x.type, axes }, span };
}

function crossEntropyTerm(call: CallReader): TensorTerm | undefined {
  const { span, sink } = call;
  const x = call.tensor("x");
  const target = call.tensor("target");
  const axes = call.axes("over");
  const smoothing = call.value("smoothing") === undefined ? 0 : call.number("smoothing");
  if (x === undefined || target === undefined || smoothing === undefined) return undefined;
  if (axes?.every((axis) => hasAxis(x, axis.name, axis.span, sink)) !== true) return undefined;
  const over = onlyAxis(
    call,
    axes.map((axis) => axis.name),
  );
  if (over === undefined) return undefined;
  if (smoothing < 0 || smoothing >= 1)
    return call.refuse(
      "takes a `smoothing` from 0 to below 1",
      call.spanOf("smoothing"),
      String(smoothing),
    );
  const given = `this is ${shapeText(target.type)}`;
  const isIndex = target.type.elements === "index";
  if (call.value("smoothing") !== undefined && !isIndex)
    return call.refuse("smooths an index, not shares", call.spanOf("smoothing"), given);
  if ((axisOf(target.type, over) !== undefined) === isIndex) {
    const what = isIndex
      ? `takes an index without the axis \`${over}\``
      : `takes shares along \`${over}\``;
    return call.refuse(what, target.span, given);
  }
  const extra = target.type.axes.find(({ name }) => axisOf(x.type, name) === undefined);
  if (extra !== undefined)
    return call.refuse(
      `has no row for \`${extra.name}\` of its target`,
      target.span,
      `${given}, the logits are ${shapeText(x.type)}`,
    );
  if (fittingAxes(x, target, span, sink) === undefined) return undefined;
  return { kind: "cross_entropy", x, over, target, smoothing, type: scalar, span };
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
