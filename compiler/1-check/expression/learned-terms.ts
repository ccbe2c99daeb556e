/** Calls of `learned` and `linear` -> terms with parameters of the objective's own. */
import { axisOf, numbers, scalar, shapeText } from "./axes.ts";
import { hasAxis } from "./axis-rules.ts";
import type { CallReader } from "./call-reader.ts";
import type { Axis, TensorTerm, TermParameter } from "./term.ts";

/** `usual` is the path of a parameter that has no `name`; `stringOf` gives the text of an argument. */
export function learnedTerm(
  call: CallReader,
  usual: string,
  stringOf: (name: string) => string | "missing" | undefined,
): TensorTerm | undefined {
  const path = pathOf(call, usual, stringOf);
  if (path === undefined) return undefined;
  return call.name === "linear" ? linearTerm(call, path) : scalarTerm(call, path);
}

/** Where a parameter stands in checkpoints. */
function pathOf(
  call: CallReader,
  usual: string,
  stringOf: (name: string) => string | "missing" | undefined,
): string | undefined {
  if (call.value("name") === undefined) return usual;
  const text = stringOf("name");
  if (text === "missing") return undefined;
  return text !== undefined && /^[A-Za-z_]\w*(\.\w+)*$/.test(text)
    ? text
    : call.refuse(
        'takes a `name` such as "text_proj"',
        call.spanOf("name"),
        "words joined by points are wanted",
      );
}

function isNamed(call: CallReader): boolean {
  return call.value("name") !== undefined;
}

function scalarTerm(call: CallReader, path: string): TensorTerm | undefined {
  const { span } = call;
  const value = call.number("value");
  if (value === undefined) return undefined;
  const init = { kind: "constant", value } as const;
  return {
    kind: "learned",
    parameter: { path, isNamed: isNamed(call), shape: [], init, span },
    type: scalar,
    span,
  };
}

function linearTerm(call: CallReader, path: string): TensorTerm | undefined {
  const { span } = call;
  const x = call.tensor("x");
  const width = call.number("width");
  const std = call.number("std");
  const bias = call.value("bias") === undefined ? true : call.boolean("bias");
  if (x === undefined || width === undefined || bias === undefined) return undefined;
  if (call.value("std") !== undefined && std === undefined) return undefined;
  if (!Number.isInteger(width) || width < 1)
    return call.refuse(
      "takes a whole `width` of 1 or more",
      call.spanOf("width"),
      `${width} is not`,
    );
  if (std !== undefined && std < 0)
    return call.refuse("takes a `std` of 0 or more", call.spanOf("std"), `${std} is below`);
  if (!hasAxis(x, "width", call.callee, call.sink)) return undefined;
  const before = axisOf(x.type, "width")!.size;
  if (typeof before !== "number")
    return call.refuse("needs an axis `width` of one size", x.span, `this is ${shapeText(x.type)}`);
  const axes = x.type.axes.map(
    (axis): Axis =>
      axis.name === "width" ? { name: "width", size: width, from: call.spanOf("width") } : axis,
  );
  const plain: TermParameter["init"] = { kind: "uniform", bound: 1 / Math.sqrt(before) };
  const weight: TermParameter = {
    path: `${path}.weight`,
    isNamed: isNamed(call),
    shape: [width, before],
    init: std === undefined ? plain : { kind: "normal", std },
    span,
  };
  const offset: TermParameter = {
    path: `${path}.bias`,
    isNamed: isNamed(call),
    shape: [width],
    init: std === undefined ? plain : { kind: "zeros" },
    span,
  };
  const parameters = bias ? [weight, offset] : [weight];
  return { kind: "linear", x, path, width, bias, std, parameters, type: numbers(axes), span };
}
