/** Arguments as written -> by the names of the function's own, each once. */
import type { Argument, Call } from "../../../grammar/ast.ts";
import { didYouMean } from "../../../grammar/did-you-mean.ts";
import { help } from "../../../grammar/message.ts";
import { wrongArguments } from "../../../grammar/messages/expressions.ts";
import type { Span } from "../../../grammar/source.ts";
import type { ExpressionReports } from "./expression-reports.ts";
import type { TensorFunction } from "./functions.ts";

/** Arguments by name; those of `renames` are left as they are. */
export interface BoundArguments {
  readonly given: ReadonlyMap<string, Argument>;
  readonly renames: readonly Argument[];
}

/** Says what is wrong with a call. */
export function reportArguments(
  sink: ExpressionReports,
  name: string,
  what: string,
  span: Span,
  text: string,
  form?: string,
): undefined {
  sink.report(
    wrongArguments,
    { name, what },
    {
      primary: { span, text },
      notes: form === undefined ? [] : [help(`it is written \`${form}\``)],
    },
  );
}

/** Undefined when an argument is missing, unknown, given twice or not named; the first of these is reported. */
export function boundArguments(
  call: Call,
  name: string,
  description: TensorFunction,
  sink: ExpressionReports,
): BoundArguments | undefined {
  const refuse = (what: string, span: Span, text: string): undefined =>
    reportArguments(sink, name, what, span, text, description.form);
  const known = description.arguments.filter(({ takes }) => takes !== "renames");
  const hasRenames = known.length < description.arguments.length;
  const byPosition = known.filter(({ isNamed }) => isNamed !== true);
  const given = new Map<string, Argument>();
  const renames: Argument[] = [];
  let position = 0;
  for (const argument of call.arguments) {
    if (argument.value.kind === "missing") return undefined;
    const own =
      argument.name === undefined
        ? byPosition[position++]
        : known.find((each) => each.name === argument.name?.text);
    if (own === undefined && argument.name !== undefined && hasRenames) {
      renames.push(argument);
      continue;
    }
    if (own === undefined) {
      const word = argument.name;
      if (word === undefined) {
        const named = known.filter(({ isNamed }) => isNamed);
        const hint = named.length === 0 ? "one too many" : `write its name: \`${named[0]!.name}:\``;
        return refuse(`takes ${countText(byPosition.length)} by position`, argument.span, hint);
      }
      const names = known.map((each) => each.name);
      const near = didYouMean(word.text, names);
      const text = near === undefined ? "not one of its own" : `did you mean \`${near}\`?`;
      return refuse(`has no argument \`${word.text}\``, word.span, text);
    }
    if (given.has(own.name)) return refuse(`takes \`${own.name}\` once`, argument.span, "again");
    given.set(own.name, argument);
  }
  const missing = known.find(({ name: each, isOptional }) => !isOptional && !given.has(each));
  const callee = call.callee.span;
  if (missing !== undefined) {
    const written = missing.isNamed ? `${missing.name}: …` : missing.name;
    return refuse(`needs \`${written}\``, callee, `add \`${written}\``);
  }
  if (hasRenames && renames.length === 0)
    return refuse("needs an axis and its new name", callee, "add `batch: texts`, for example");
  return { given, renames };
}

function countText(count: number): string {
  return count === 1 ? "one argument" : `${["no", "one", "two", "three"][count]} arguments`;
}
