/** Value -> the output of the model that it names, with its axes. */
import type { Note } from "../../../grammar/diagnostic.ts";
import { help } from "../../../grammar/message.ts";
import { notATensor } from "../../../grammar/messages/expressions.ts";
import type { Span } from "../../../grammar/source.ts";
import { reportUnknownName, undeclaredRoot } from "../evaluate.ts";
import { type FileScope, namesOf } from "../file-scope.ts";
import type { CheckedModule, CheckedText } from "../model.ts";
import { type Port, readsQueries, textOfBridge } from "../parts/ports.ts";
import { readCall, referredBlock } from "../parts/references.ts";
import { describe, type Value } from "../value.ts";
import { scalar } from "./axes.ts";
import { functions } from "./functions.ts";
import type { Axis, TensorOutput, TensorTerm } from "./term.ts";

/** Undefined when it names none, which is reported. `own` are the settings of the block. */
export function outputTerm(
  value: Value,
  port: Port,
  own: readonly string[],
  scope: FileScope,
): TensorTerm | undefined {
  const { span } = value;
  if (value.kind === "missing") return undefined;
  if (value.kind === "number" && value.unit === undefined)
    return { kind: "number", value: value.value, type: scalar, span };
  const word = undeclaredRoot(value.kind === "call" ? value.callee : value);
  if (word !== undefined) {
    const { sink } = port.parts.context;
    const form = functions.get(word.text)?.form;
    if (form !== undefined) {
      port.reader.isBroken = true;
      const primary = { span: word.span, text: `a function: it is called as \`${form}\`` };
      sink.report(notATensor, { value: describe(word) }, { primary });
    } else if (!word.scope.isIncomplete) reportUnknownName(word, sink, [...own, ...namesOf(scope)]);
    return undefined;
  }
  const call = readCall(value, port.parts, port.block.name);
  if (call === "reported") return undefined;
  if (call !== undefined) return callTerm(call, value, port);
  const member = value.kind === "member" ? value : undefined;
  const found = referredBlock(member?.of ?? value, port.parts, port.block.name);
  if (found === "reported") return undefined;
  if (found?.kind === "text" && member?.name.text === "mask") {
    const text = port.parts.text(found);
    const shape = text && [batchAxis(span), tokenAxis(text)];
    return shape && outputOf({ kind: "mask", text: text.name }, shape, span);
  }
  const module = found && port.parts.module(found);
  if (found !== undefined && module === undefined && found.kind !== "text") return undefined;
  return (
    (module && moduleTerm(module, member?.name.text, port, span)) ??
    notOne(value, port, found?.kind, found?.name ?? "")
  );
}

function callTerm(
  call: Exclude<ReturnType<typeof readCall>, "reported" | undefined>,
  value: Value,
  port: Port,
): TensorTerm | undefined {
  const { parts } = port;
  const { span } = value;
  const bridge = parts.module(call.bridge);
  if (bridge?.kind !== "qformer") return undefined;
  const called = value.kind === "member" ? value.of : value;
  if (call.text !== undefined) {
    const text = textOfBridge(port, call.text, called.span, bridge, call.bridge);
    if (text === undefined) return undefined;
  }
  if (!readsQueries(port, call, bridge)) return undefined;
  const width: Axis = { name: "width", size: bridge.width, from: bridge.header };
  const batch = batchAxis(span);
  if (call.queries !== undefined) {
    const queries = parts.module(call.queries);
    if (queries?.kind !== "queries") return undefined;
    if (call.firstRow) return notOne(value, port, "row", bridge.name);
    const count: Axis = {
      name: "queries",
      size: queries.count.value,
      from: queries.count.span,
    };
    const output: TensorOutput = { kind: "bridge", call: call.call, rows: "queries" };
    return outputOf(output, [batch, count, width], span);
  }
  const text = call.text && parts.text(call.text);
  if (text === undefined) return notOne(value, port, "call", bridge.name);
  const rows = call.firstRow ? "first" : "tokens";
  const between = call.firstRow ? [] : [tokenAxis(text)];
  return outputOf({ kind: "bridge", call: call.call, rows }, [batch, ...between, width], span);
}

function moduleTerm(
  module: CheckedModule,
  member: string | undefined,
  port: Port,
  span: Span,
): TensorTerm | undefined {
  const batch = batchAxis(span);
  const wide = (size: number): Axis => ({ name: "width", size, from: module.header });
  switch (module.kind) {
    case "encoder": {
      if (member === "cls")
        return outputOf(
          { kind: "cls", module: module.name, of: "image" },
          [batch, wide(module.width)],
          span,
        );
      if (member !== "patches") return undefined;
      const patches: Axis = {
        name: "patches",
        size: module.tokens,
        from: module.imageSize.span,
      };
      return outputOf(
        { kind: "patches", module: module.name },
        [batch, patches, wide(module.width)],
        span,
      );
    }
    case "text-encoder":
      return member === "cls"
        ? outputOf(
            { kind: "cls", module: module.name, of: "text" },
            [batch, wide(module.width)],
            span,
          )
        : undefined;
    case "adapter": {
      if (member !== undefined) return undefined;
      const { queries } = module.input.value;
      const block = port.parts.context.active.find(({ name }) => name === queries);
      const rows = block && port.parts.module(block);
      if (rows?.kind !== "queries") return undefined;
      const count: Axis = { name: "queries", size: rows.count.value, from: rows.count.span };
      return outputOf(
        { kind: "adapter", module: module.name },
        [batch, count, wide(module.outputWidth)],
        span,
      );
    }
    default:
      return undefined;
  }
}

function outputOf(output: TensorOutput, axes: readonly Axis[], span: Span): TensorTerm {
  return { kind: "output", output, type: { axes, elements: "number" }, span };
}

function batchAxis(from: Span): Axis {
  return { name: "batch", size: "batch", from };
}

function tokenAxis({ name, maxLength }: CheckedText): Axis {
  return {
    name: "tokens",
    size: { tokensOf: name, most: maxLength.value },
    from: maxLength.span,
  };
}

function notOne(value: Value, port: Port, kind: string | undefined, name: string): undefined {
  const hint = hints[kind ?? ""]?.(name);
  const notes: readonly Note[] = hint === undefined ? [] : [help(hint)];
  port.reader.isBroken = true;
  port.parts.context.sink.report(
    notATensor,
    { value: describe(value) },
    { primary: { span: value.span, text: "has no value in an expression" }, notes },
  );
  return undefined;
}

/** What to write instead, by what was written. */
const hints: Readonly<Record<string, (name: string) => string>> = {
  encoder: (name) => `write \`${name}.patches\` or \`${name}.cls\`; a tower of text has \`.cls\``,
  qformer: (name) => `call it with what it reads, such as \`${name}(q)\``,
  queries: (name) => `send them through a Q-Former: \`bridge(${name})\``,
  text: (name) => `send it through a Q-Former: \`bridge(${name})\`; \`${name}.mask\` is its mask`,
  adapter: (name) => `an adapter is a tensor by its bare name: \`${name}\``,
  call: (name) => `\`${name}\` takes its own queries, its own text, or both`,
  row: (name) => `\`.cls\` is the first word: \`${name}(caption).cls\``,
};
