/** `mix([a, b], weights: [0.7, 0.3])` -> the data sets that records are drawn from, and how often. */
import { help } from "../../../grammar/message.ts";
import { mixDiffers } from "../../../grammar/messages/objectives.ts";
import type { CheckedData, DataSource, ImageStep, MixedData } from "../model.ts";
import { numbersOf } from "../setting-values.ts";
import type { Value } from "../value.ts";
import type { Reading } from "./data-source.ts";
import { referredBlock } from "./references.ts";

/** Undefined when something in the call was reported. */
export function readMix(
  list: Value | undefined,
  weightList: Value | undefined,
  { value, reader, block, parts }: Reading,
): DataSource | undefined {
  if (list?.kind !== "list" || list.items.length === 0) {
    reader.wrongType("mix", "a list of data sets, such as `mix([a, b])`", list ?? value);
    return undefined;
  }
  const found: CheckedData[] = [];
  for (const item of list.items) {
    const named = referredBlock(item, parts, block.name);
    if (named === "reported") return undefined;
    if (named?.kind !== "data" || named === block) {
      reader.wrongType("mix", "data sets", item);
      return undefined;
    }
    const data = parts.data(named);
    if (data === undefined) return undefined;
    const { value: source } = data.source;
    if (source.kind === "mix") {
      reader.wrongType("mix", "data sets that are no mix themselves", item);
      return undefined;
    }
    if (source.kind === "shapes" && source.twins) {
      reader.notYet("a mix of pictures with their twins", item.span);
      return undefined;
    }
    found.push(data);
  }
  const weights = weightList === undefined ? undefined : readWeights(weightList, found, reader);
  if (weightList !== undefined && weights === undefined) return undefined;
  const of: readonly MixedData[] = found.map((data, index) => ({ data, weight: weights?.[index] }));
  return { kind: "mix", of };
}

/** A weight above 0 for each; they count by their ratios. */
function readWeights(
  value: Value,
  found: readonly CheckedData[],
  reader: Reading["reader"],
): readonly number[] | undefined {
  const weights = numbersOf(value);
  if (weights?.length === found.length && weights.every((weight) => weight > 0)) return weights;
  reader.wrongType("weights", `a list of ${found.length} numbers above 0`, value);
  return undefined;
}

/** The image chain that all parts of a mix have, for a mix that writes none; reports parts that differ. */
export function sharedChain(
  of: readonly MixedData[],
  { reader, block, parts }: Omit<Reading, "below" | "base" | "value">,
): readonly ImageStep[] {
  const [first, ...others] = of.flatMap(({ data }) =>
    data.source.value.kind === "documents" ? [] : [data],
  );
  const chain = first?.image.value ?? [];
  const other = others.find(({ image }) => JSON.stringify(image.value) !== JSON.stringify(chain));
  if (first === undefined || other === undefined) return chain;
  reader.isBroken = true;
  parts.context.sink.report(
    mixDiffers,
    { mix: block.name, first: first.name, second: other.name },
    {
      primary: { span: reader.view.header, text: "which of the two?" },
      labels: [
        { span: first.image.span, text: `of \`${first.name}\`` },
        { span: other.image.span, text: `of \`${other.name}\`` },
      ],
      notes: [help(`write \`image = …\` in \`${block.name}\`; it holds for all of them`)],
    },
  );
  return chain;
}
