/** Checked model -> warnings of what is allowed and hardly meant. */
import type { AnyNode, Expression } from "../../grammar/ast.ts";
import { migrationEdits, newestEdition } from "../../grammar/editions.ts";
import { help } from "../../grammar/message.ts";
import {
  editionMissing,
  highRate,
  saveBeyondRun,
  twoImagePipelines,
  unreadParam,
  zeroWeight,
} from "../../grammar/messages/lints.ts";
import type { Context } from "./context.ts";
import { checkFrozenFresh } from "./frozen-anew.ts";
import type { Amount, CheckedData, CheckedModel, CheckedStage } from "./model.ts";
import type { Parts } from "./parts/parts.ts";
import type { Sink } from "./sink.ts";

/** Above this AdamW hardly ever learns. */
const highestRate = 1e-2;

/** Runs the lints over a model without errors. */
export function checkLints(model: CheckedModel, parts: Parts): void {
  const { context } = parts;
  const { sink } = context;
  checkFrozenFresh(model, parts);
  for (const stage of model.stages.values()) {
    const data = model.data.get(stage.data.value);
    checkWeights(stage, sink);
    checkRate(stage, sink);
    checkSave(stage, data, sink);
    if (data !== undefined) checkImages(stage, data, sink);
  }
  if (model.stages.size > 0) checkParams(context);
  checkEdition(context);
}

function checkEdition({ root: { source, document }, sink }: Context): void {
  const [first] = document.statements;
  if (first === undefined || first.kind === "edition") return;
  const { start } = first.span;
  const length = /^\w*/.exec(source.text.slice(start))?.[0].length ?? 0;
  sink.report(
    editionMissing,
    { file: source.name, edition: newestEdition },
    {
      primary: { span: { source, start, end: start + length }, text: "the first statement" },
      notes: [help(`write \`blip ${newestEdition}\` in front  (fix available)`)],
      fixes: [
        {
          title: `write \`blip ${newestEdition}\` in front`,
          edits: migrationEdits(source, document, newestEdition),
          safe: true,
        },
      ],
    },
  );
}

function checkWeights({ name, minimize }: CheckedStage, sink: Sink): void {
  for (const { objective, weight, span } of minimize) {
    if (weight !== 0) continue;
    sink.report(
      zeroWeight,
      { objective, stage: name },
      {
        primary: { span, text: "computed, and then multiplied by 0" },
        notes: [help(`delete \`${objective}\` from \`minimize\`, or give it a weight`)],
      },
    );
  }
}

function checkRate({ optimizer: { name, lr } }: CheckedStage, sink: Sink): void {
  if (name !== "adamw" || lr.value <= highestRate) return;
  const notes = [help("AdamW is commonly used with rates from 1e-5 to 1e-3")];
  sink.report(highRate, { rate: lr.value }, { primary: { span: lr.span, text: "" }, notes });
}

function checkSave(stage: CheckedStage, data: CheckedData | undefined, sink: Sink): void {
  const { every } = stage.save;
  if (every.value === undefined) return;
  const { train } = stage;
  const distance = samplesOf(every.value, train.value, data);
  const end = samplesOf(train.value, every.value, data);
  if (distance === undefined || end === undefined || distance <= end) return;
  sink.report(
    saveBeyondRun,
    { stage: stage.name },
    {
      primary: { span: every.span, text: "longer than the run" },
      labels: [{ span: train.span, text: "the run ends here" }],
      notes: [help("shorten `every`, or delete it: the end of a run is always saved")],
    },
  );
}

/** An amount to compare with `other`: as it is when both count the same, else in records. */
function samplesOf(
  amount: Amount,
  other: Amount,
  data: CheckedData | undefined,
): number | undefined {
  if (amount.unit === other.unit) return amount.value;
  if (amount.unit === "epochs" || other.unit === "epochs" || data === undefined) return undefined;
  return amount.unit === "steps" ? amount.value * data.batch.value : amount.value;
}

function checkImages(stage: CheckedStage, data: CheckedData, sink: Sink): void {
  const { image } = data;
  const count = (test: (kind: string) => boolean) =>
    image.value.filter(({ kind }) => test(kind)).length;
  const sizes = count((kind) => kind === "resize" || kind === "random_resized_crop");
  const statistics = count((kind) => kind === "normalize");
  if (sizes < 2 && statistics < 2) return;
  const what = statistics > 1 ? "normalized" : "resized";
  sink.report(
    twoImagePipelines,
    { stage: stage.name, data: data.name, what },
    {
      primary: { span: image.span, text: `${what} twice` },
      labels: [{ span: stage.data.span, text: "read by this stage" }],
      notes: [help("keep one of the two; each stage can have a data set of its own")],
    },
  );
}

function checkParams({ root, sink }: Context): void {
  for (const declaration of root.names.values()) {
    if (declaration.declares !== "param" || declaration.name.startsWith("_")) continue;
    const { name, identifier, statement } = declaration;
    const others = root.document.statements.filter((each) => each !== statement);
    if (others.some((each) => reads(each, name))) continue;
    sink.report(
      unreadParam,
      { name },
      {
        primary: { span: identifier.span, text: "nothing reads it" },
        notes: [help(`use it, or delete it; name it \`_${name}\` to keep it on purpose`)],
      },
    );
  }
}

/** True when a value below the node names this. */
function reads(node: AnyNode | Expression, name: string): boolean {
  if (node.kind === "name") return node.text === name;
  return Object.entries(node).some(([key, part]) => {
    if (key === "span" || key === "header" || key === "operatorSpan") return false;
    const parts: readonly unknown[] = Array.isArray(part) ? part : [part];
    return parts.some((each) => isNode(each) && reads(each, name));
  });
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "kind" in value;
}
