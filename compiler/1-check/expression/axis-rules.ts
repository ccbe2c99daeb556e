/** Do axes fit? What does not is reported with both places. */
import type { Note } from "../../../grammar/diagnostic.ts";
import { didYouMean } from "../../../grammar/did-you-mean.ts";
import { help } from "../../../grammar/message.ts";
import { axisMismatch, unknownAxis } from "../../../grammar/messages/expressions.ts";
import { type Span, startTogether, textOf } from "../../../grammar/source.ts";
import { axisOf, joinedAxes, shapeText, sizeText } from "./axes.ts";
import type { ExpressionReports } from "./expression-reports.ts";
import type { Axis, TensorTerm } from "./term.ts";

/** Axes of both; undefined when one has two sizes, which is reported. */
export function fittingAxes(
  left: TensorTerm,
  right: TensorTerm,
  span: Span,
  sink: ExpressionReports,
): readonly Axis[] | undefined {
  const { axes, conflict } = joinedAxes(left.type, right.type);
  if (conflict === undefined) return axes;
  const [first, second] = conflict;
  const facts = { axis: first.name, left: sizeText(first.size), right: sizeText(second.size) };
  sink.report(axisMismatch, facts, {
    primary: { span, text: `${shapeText(left.type)} meets ${shapeText(right.type)}` },
    labels: startTogether(first.from, second.from)
      ? []
      : [
          { span: first.from, text: `${facts.left} here` },
          { span: second.from, text: `${facts.right} here` },
        ],
    notes: [help(`\`rename(…, ${first.name}: other)\` when they are two different axes`)],
  });
  return undefined;
}

/** False when the tensor lacks the axis, which is reported at `span`. */
export function hasAxis(x: TensorTerm, axis: string, span: Span, sink: ExpressionReports): boolean {
  if (axisOf(x.type, axis) !== undefined) return true;
  const text = textOf(x.span);
  const of = /^[\w.()]{1,24}$/.test(text) ? `\`${text}\`` : "this tensor";
  const names = x.type.axes.map(({ name }) => name);
  const labels = [{ span: x.span, text: `this is ${shapeText(x.type)}` }];
  reportUnknownAxis({ axis, of, span, names, labels }, sink);
  return false;
}

/** Says that nothing here has an axis of this name. */
export function reportUnknownAxis(
  unknown: {
    readonly axis: string;
    readonly of: string;
    readonly span: Span;
    readonly names: readonly string[];
    readonly labels?: readonly { readonly span: Span; readonly text: string }[];
    readonly notes?: readonly Note[];
  },
  sink: ExpressionReports,
): void {
  const { axis, of, span, names, labels = [], notes = [] } = unknown;
  const near = names.length < 2 ? undefined : didYouMean(axis, names);
  sink.report(
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
