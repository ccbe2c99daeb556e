/** An `objective x: expression` block -> the terms of its loss and its metrics. */
import { isAboutText } from "../../../grammar/diagnostic.ts";
import { help } from "../../../grammar/message.ts";
import { lossWithAxes, unusedValue } from "../../../grammar/messages/expressions.ts";
import type { ExpressionObjective } from "../model.ts";
import type { Port } from "../parts/ports.ts";
import { namesText, shapeText } from "./axes.ts";
import { ExpressionChecker } from "./expression-checker.ts";
import { ExpressionReports } from "./expression-reports.ts";
import { similarityAxes } from "./similarity.ts";
import { type NamedTerm, termsIn } from "./term.ts";

type Common = Pick<ExpressionObjective, "name" | "header" | "variantSpan">;

/** Undefined when something in a setting was reported. */
export function expressionObjective(port: Port, common: Common): ExpressionObjective | undefined {
  if (isPartlyRead(port)) return undefined;
  const sink = new ExpressionReports(port.parts.context.sink);
  const checker = new ExpressionChecker(port, sink);
  const loss = checker.setting("loss");
  const settings = [...port.reader.view.entries.keys()].map((name) => checker.setting(name));
  const known = settings.filter((setting) => setting !== undefined);
  if (loss === undefined || known.length < settings.length) return undefined;
  const { axes } = loss.term.type;
  if (axes.length > 0) {
    const list = namesText(axes.map(({ name }) => name));
    sink.report(
      lossWithAxes,
      { objective: common.name, axes: `the ${axes.length > 1 ? "axes" : "axis"} ${list}` },
      {
        primary: { span: loss.term.span, text: `this is ${shapeText(loss.term.type)}` },
        notes: [help("`mean(…)` or `sum(…)` around it makes one number of all")],
      },
    );
    return undefined;
  }
  const { values, read: used } = checker;
  const metrics = known.filter(
    ({ name, term }) =>
      name !== "loss" && !used.has(name) && term.type.axes.length === 0 && term.kind !== "number",
  );
  const similarity = similarityAxes("similarity", values);
  for (const { name, span } of known) {
    if (name === "loss" || used.has(name) || name.startsWith("_")) continue;
    if (metrics.some((metric) => metric.name === name) || name === similarity?.setting) continue;
    sink.report(
      unusedValue,
      { name, objective: common.name },
      {
        primary: { span, text: "neither the loss nor a metric needs it" },
        notes: [help(`use it, or delete it; name it \`_${name}\` to keep it on purpose`)],
      },
    );
  }
  const read = ["loss", ...metrics.map(({ name }) => name)];
  if (similarity !== undefined) read.push(similarity.setting);
  const needed = neededBy(read, values);
  const kept = values.filter(({ name }) => needed.has(name));
  const isMeasured = similarity !== undefined && known.every(({ name }) => name !== "accuracy");
  return {
    ...common,
    variant: "expression",
    values: kept,
    metrics: [...metrics.map(({ name }) => name), ...(isMeasured ? ["accuracy"] : [])],
    similarity,
    outputs: outputsIn(kept),
  };
}

/** True when part of the block could not be read: what is said of the rest would mostly follow from that. */
function isPartlyRead({ block, parts }: Port): boolean {
  const { source, start, end } = block.statement.span;
  return parts.context.sink.diagnostics.some(
    (each) =>
      isAboutText(each) &&
      each.primary.span.source === source &&
      start <= each.primary.span.start &&
      each.primary.span.start <= end,
  );
}

/** What the terms read of the model, each once. */
function outputsIn(values: readonly NamedTerm[]): ExpressionObjective["outputs"] {
  const found = values.flatMap(({ term }) =>
    termsIn(term).flatMap((each) =>
      each.kind === "output" ? [{ output: each.output, shape: shapeText(each.type) }] : [],
    ),
  );
  return [...new Map(found.map((each) => [JSON.stringify(each.output), each])).values()];
}

/** The settings that a term names. */
function namesIn(term: NamedTerm["term"]): readonly string[] {
  return termsIn(term).flatMap((each) => (each.kind === "value" ? [each.name] : []));
}

/** Names, and all that they need. */
function neededBy(names: readonly string[], values: readonly NamedTerm[]): ReadonlySet<string> {
  const needed = new Set(names);
  for (const { name, term } of values.toReversed()) {
    if (needed.has(name)) for (const each of namesIn(term)) needed.add(each);
  }
  return needed;
}
