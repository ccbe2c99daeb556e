/** `test` blocks and asserts -> conditions whose names are resolved. */
import type { Assert, Expression, Statement } from "../../../grammar/ast.ts";
import { didYouMean } from "../../../grammar/did-you-mean.ts";
import { note } from "../../../grammar/message.ts";
import { notYet } from "../../../grammar/messages/names.ts";
import { notAssertable } from "../../../grammar/messages/stages.ts";
import type { Span } from "../../../grammar/source.ts";
import { byteUnits } from "../byte-units.ts";
import { reportUnknownName, undeclaredRoot } from "../evaluate.ts";
import type { FileScope } from "../file-scope.ts";
import type { CheckedAssert, CheckedTest, ModuleState, Term } from "../model.ts";
import { describe, type Value } from "../value.ts";
import { moduleKinds, type Parts } from "./parts.ts";

/** What an assert can ask for. */
const functions = ["params", "memory", "flops"] as const;

/** Tests of one file; top-level asserts form a test without a name. */
export function checkedTests(scope: FileScope, parts: Parts): readonly CheckedTest[] {
  const { statements } = scope.document;
  const found: CheckedTest[] = [];
  const loose = statements.filter((each) => each.kind === "assert");
  if (loose.length > 0) found.push({ name: "", asserts: asserts(loose, scope, parts) });
  for (const statement of statements) {
    if (statement.kind !== "block" || statement.blockKind.kind === "missing") continue;
    if (statement.blockKind.text !== "test") continue;
    const { name, body } = statement;
    const title = name?.kind === "string" ? name.value : (name?.text ?? "");
    found.push({ name: title, asserts: asserts(body?.statements ?? [], scope, parts) });
  }
  return found;
}

function asserts(
  statements: readonly Statement[],
  scope: FileScope,
  parts: Parts,
): readonly CheckedAssert[] {
  return statements.flatMap((statement) => {
    if (statement.kind === "junk") return [];
    if (statement.kind === "assert") return checkedAssert(statement, scope, parts) ?? [];
    parts.context.sink.report(
      notYet,
      { what: "anything but `assert` in a test" },
      { primary: { span: statement.span, text: "not an assert" } },
    );
    return [];
  });
}

function checkedAssert(
  { condition, message, span }: Assert,
  scope: FileScope,
  parts: Parts,
): CheckedAssert | undefined {
  const term = termOf(condition, scope, parts);
  if (term === undefined) return undefined;
  return { condition: term, message: message?.kind === "string" ? message.value : undefined, span };
}

/** Undefined when something in it was reported. */
function termOf(expression: Expression, scope: FileScope, parts: Parts): Term | undefined {
  const { span } = expression;
  const inner = (part: Expression) => termOf(part, scope, parts);
  switch (expression.kind) {
    case "group":
      return inner(expression.inner);
    case "missing":
      return undefined;
    case "list": {
      const items = expression.items.map(inner);
      const known = items.filter((item) => item !== undefined);
      return known.length < items.length ? undefined : { kind: "list", items: known, span };
    }
    case "unary": {
      const operand = inner(expression.operand);
      return operand && { kind: "unary", operator: expression.operator, operand, span };
    }
    case "binary": {
      const { operator } = expression;
      const left = inner(expression.left);
      const right = inner(expression.right);
      return left && right && { kind: "binary", operator, left, right, span };
    }
    default:
      return termOfValue(parts.context.evaluator.value(expression, scope), span, scope, parts);
  }
}

function termOfValue(value: Value, span: Span, scope: FileScope, parts: Parts): Term | undefined {
  switch (value.kind) {
    case "missing":
      return undefined;
    case "number": {
      const size = value.unit === undefined ? 1 : byteUnits[value.unit.text];
      if (size !== undefined) return { kind: "value", value: value.value * size, span };
      break;
    }
    case "string":
    case "boolean":
      return { kind: "value", value: value.value, span };
    case "list": {
      const items = value.items.map((item) => termOfValue(item, item.span, scope, parts));
      const known = items.filter((item) => item !== undefined);
      return known.length < items.length ? undefined : { kind: "list", items: known, span };
    }
    case "word":
      // The batch, in shapes.
      if (value.text === "B") return { kind: "value", value: "B", span };
      break;
    case "call":
      return asked(value, span, parts);
    case "member":
      if (value.name.text === "shape") return shapeOf(value.of, span, parts);
      break;
    default:
  }
  return refuse(value, parts);
}

function asked(call: Extract<Value, { kind: "call" }>, span: Span, parts: Parts): Term | undefined {
  const { callee } = call;
  if (callee.kind !== "word") return refuse(call, parts);
  const argument = call.arguments[0]?.value;
  if (!functions.some((name) => name === callee.text)) {
    reportUnknownName(callee, parts.context.sink, functions);
    return undefined;
  }
  if (call.arguments.length > 1) return refuse(call, parts);
  if (callee.text === "params") {
    if (argument === undefined) return { kind: "params", of: "all", span };
    if (argument.kind === "state")
      return { kind: "params", of: { state: argument.state satisfies ModuleState }, span };
    const module = activeBlock(
      argument,
      parts,
      (kind) => moduleKinds.has(kind) || kind === "objective",
    );
    return module === undefined
      ? refuse(argument, parts)
      : { kind: "params", of: { module }, span };
  }
  const stage = argument && activeBlock(argument, parts, (kind) => kind === "stage");
  const kind = callee.text === "memory" ? "memory" : "flops";
  return stage === undefined ? refuse(argument ?? call, parts) : { kind, stage, span };
}

function shapeOf(of: Value, span: Span, parts: Parts): Term | undefined {
  const port = of.kind === "member" ? of.name.text : undefined;
  const module = activeBlock(of.kind === "member" ? of.of : of, parts, (kind) =>
    moduleKinds.has(kind),
  );
  return module === undefined ? refuse(of, parts) : { kind: "shape", module, port, span };
}

/** Name of a block of this pipeline; it then counts as used by nothing but the test. */
function activeBlock(
  value: Value,
  parts: Parts,
  fits: (kind: string) => boolean,
): string | undefined {
  if (value.kind !== "block" || !fits(value.block.kind)) return undefined;
  return parts.context.local(value.block)?.name;
}

function refuse(value: Value, parts: Parts): undefined {
  const word = undeclaredRoot(value);
  if (word !== undefined) {
    reportUnknownName(word, parts.context.sink);
    return undefined;
  }
  const near = value.kind === "member" ? didYouMean(value.name.text, ["shape"]) : undefined;
  parts.context.sink.report(
    notAssertable,
    { value: describe(value) },
    {
      primary: {
        span: value.span,
        text:
          value.kind === "number"
            ? `units here are ${Object.keys(byteUnits).join(", ")}; a count is written out: \`20e6\``
            : near === undefined
              ? "nothing that has a value here"
              : `did you mean \`.${near}\`?`,
      },
      notes: [
        note(
          "asserts know numbers, strings, params, `params(trainable)`, `params(bridge)`, `memory(stage)`, `flops(stage)` and `.shape`",
        ),
      ],
    },
  );
  return undefined;
}
