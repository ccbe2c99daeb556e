/** The `save { … }` and `validate { … }` of a stage -> which checkpoints stay, and what is measured on held data. */
import { didYouMean } from "../../../grammar/did-you-mean.ts";
import { help, note } from "../../../grammar/message.ts";
import { notMeasured, stageCircle } from "../../../grammar/messages/stages.ts";
import { undeclaredRoot } from "../evaluate.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type { CheckedModel, CheckedObjective, CheckedStage, Keep } from "../model.ts";
import { ownMetrics } from "../own-metrics.ts";
import type { SettingReader } from "../setting-reader.ts";
import { calledWord } from "../setting-values.ts";
import type { Sink } from "../sink.ts";
import type { Value } from "../value.ts";
import type { Parts } from "./parts.ts";
import { readData } from "./references.ts";

/** The `save { … }` block of a stage. */
export function readSave(
  reader: SettingReader | undefined,
  stage: SettingReader,
  parts: Parts,
): CheckedStage["save"] {
  const last: Keep = { kind: "last", count: 1 };
  if (reader === undefined) return { every: stage.default(undefined), keep: stage.default(last) };
  const every = reader.amount("every", undefined);
  const value = reader.value("keep");
  if (value === undefined) return { every, keep: reader.default(last) };
  const keep = keepOf(value, parts);
  if (keep === undefined) {
    const call = calledWord(value);
    const [measured] = call?.name === "best" ? call.positional : [];
    const unknown = measured && undeclaredRoot(measured);
    const wanted = "`all`, `last(3)` or `best(itc.accuracy)`";
    if (unknown !== undefined) reader.unknownName(unknown);
    else reader.wrongType("keep", wanted, value, ["all", "last", "best"]);
  }
  return { every, keep: keep === undefined ? reader.default(last) : reader.placed(keep, value) };
}

function keepOf(value: Value, parts: Parts): Keep | undefined {
  const call = calledWord(value);
  const argument = call?.positional[0];
  switch (call?.name) {
    case "all":
      return { kind: "all" };
    case "last": {
      if (argument === undefined) return { kind: "last", count: 1 };
      const isCount =
        argument.kind === "number" && Number.isInteger(argument.value) && argument.value > 0;
      return isCount ? { kind: "last", count: argument.value } : undefined;
    }
    case "best": {
      if (argument?.kind === "word" && argument.text === "loss")
        return { kind: "best", metric: "loss" };
      if (argument?.kind === "block") return { kind: "best", metric: argument.block.name };
      if (argument?.kind !== "member" || argument.of.kind !== "block") return undefined;
      parts.referenced.add(argument.of.block);
      return { kind: "best", metric: `${argument.of.block.name}.${metricName(argument, parts)}` };
    }
    default:
      return undefined;
  }
}

/** Recall at 1 within the batch is what contrasts call their accuracy. */
function metricName({ of, name }: Extract<Value, { kind: "member" }>, parts: Parts): string {
  const objective = of.kind === "block" ? parts.objective(of.block) : undefined;
  const measures = objective === undefined ? [] : measuredBy(objective);
  const isRecall = name.text === "recall1" && measures.includes(`${objective?.name}.recall1`);
  return isRecall ? "accuracy" : name.text;
}

/** The `validate { … }` block; undefined when there is none or it was reported. */
export function readValidate(
  reader: SettingReader | undefined,
  parts: Parts,
  block: BlockDeclaration,
): CheckedStage["validate"] {
  const data = reader && readData(reader, parts, block);
  if (reader === undefined || data === undefined) return undefined;
  return { span: reader.view.header, data, every: reader.amount("every", undefined) };
}

/** Reports a `best(…)` that no objective of the stage measures; of those in `reported` it is said already that they are missing. */
export function checkMetric(
  stage: CheckedStage,
  model: CheckedModel,
  reported: readonly string[],
  sink: Sink,
): void {
  const { keep } = stage.save;
  if (keep.value.kind !== "best") return;
  const { metric } = keep.value;
  const measured = stage.minimize.flatMap(({ objective: name }) => {
    const objective = model.objectives.get(name);
    return objective === undefined ? [] : measuredBy(objective);
  });
  const names = ["loss", ...measured];
  if (names.includes(metric) || reported.includes(metric.split(".")[0] ?? "")) return;
  const near = didYouMean(metric, names);
  const [of, what] = metric.split(".");
  const isWritten = model.objectives.get(of ?? "")?.variant === "expression";
  const wanted =
    isWritten && (what === "recall1" || what === "accuracy")
      ? [
          help(
            `\`${of}\` measures it when its setting \`similarity\` compares each picture with each text`,
          ),
        ]
      : [];
  sink.report(
    notMeasured,
    { stage: stage.name, metric },
    {
      primary: {
        span: keep.span,
        text: near === undefined ? "measured nowhere" : `did you mean \`best(${near})\`?`,
      },
      labels: [{ span: stage.minimizeSpan, text: "what is computed", apart: true }],
      notes: [note(`what it measures: ${names.join(", ")}`), ...wanted],
    },
  );
}

/**
 * Reports a stage whose `from` leads back to it, at the stage that is declared first. What `extend` or `--set` says from
 * outside is a run of the file as it stood.
 */
export function checkStageCircle(stage: CheckedStage, model: CheckedModel, sink: Sink): void {
  const { from } = stage;
  let at: CheckedStage | undefined = stage;
  const passed: string[] = [];
  while (at !== undefined && startsWithin(at) && !passed.includes(at.name)) {
    passed.push(at.name);
    at = at.from && model.stages.get(at.from.value.stage);
  }
  const isBack = from !== undefined && at === stage && passed.length > 0;
  if (!isBack || !sink.isFirst(`stages in a circle ${passed.toSorted().join()}`)) return;
  const others = passed.slice(1).map((name) => `\`${name}\``);
  sink.report(
    stageCircle,
    { stage: stage.name },
    {
      primary: {
        span: from.span,
        text: others.length === 0 ? "this stage" : `by way of ${others.join(" and ")}`,
      },
      notes: [help("`blipc run --resume` goes on with a run that was ended")],
    },
  );
}

/** True when `from` names a stage of the pipeline where the stage itself is written. */
function startsWithin({ from, header }: CheckedStage): boolean {
  return from?.value.isWithin === true && from.span.source === header.source;
}

/** Its loss and its metrics, as `best(…)` names them. */
function measuredBy(objective: CheckedObjective): readonly string[] {
  const { name } = objective;
  return [name, ...metricsOf(objective).map((metric) => `${name}.${metric}`)];
}

function metricsOf(objective: CheckedObjective): readonly string[] {
  if (objective.variant !== "expression") return ownMetrics[objective.variant];
  const { metrics, similarity } = objective;
  const isOwn = metrics.includes("recall1") || !metrics.includes("accuracy");
  return similarity === undefined || isOwn ? metrics : [...metrics, "recall1"];
}
