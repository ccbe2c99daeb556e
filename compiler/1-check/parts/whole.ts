/** `whole = [itc]` of a stage -> the objectives that see all micro-batches of a step. */
import { help } from "../../../grammar/message.ts";
import { wholeOfRecords } from "../../../grammar/messages/objectives.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type { CheckedObjective, CheckedStage, Placed } from "../model.ts";
import type { SettingReader } from "../setting-reader.ts";
import type { Value } from "../value.ts";
import type { Parts } from "./parts.ts";
import { referredBlock } from "./references.ts";

/** Names of objectives of `minimize` that compare records; what is none of these was reported. */
export function readWhole(
  reader: SettingReader,
  minimize: CheckedStage["minimize"],
  parts: Parts,
  stage: BlockDeclaration,
): CheckedStage["whole"] {
  const value = reader.value("whole");
  if (value === undefined) return [];
  const found: Placed<string>[] = [];
  for (const item of value.kind === "list" ? value.items : [value]) {
    const name = nameOf(item, reader, minimize, parts, stage);
    if (name === undefined) continue;
    if (found.some((each) => each.value === name)) {
      reader.wrongType("whole", "each objective once", item);
      continue;
    }
    found.push({ value: name, span: item.span, isDefault: false });
  }
  return found;
}

function nameOf(
  item: Value,
  reader: SettingReader,
  minimize: CheckedStage["minimize"],
  parts: Parts,
  stage: BlockDeclaration,
): string | undefined {
  const block = referredBlock(item, parts, stage.name);
  if (block === "reported") return undefined;
  const term = minimize.find(({ objective }) => objective === block?.name);
  if (block?.kind !== "objective" || term === undefined) {
    reader.wrongType("whole", "objectives of `minimize`, such as `[itc]`", item);
    return undefined;
  }
  const objective = parts.objective(block);
  const reason = objective && reasonAgainst(objective);
  if (reason === undefined) return objective?.name;
  parts.context.sink.report(
    wholeOfRecords,
    { objective: block.name, variant: objective!.variant },
    {
      primary: { span: item.span, text: reason },
      labels: [{ span: objective!.variantSpan, text: "", apart: true }],
      notes: [help(`leave \`${block.name}\` out of \`whole\``)],
    },
  );
  return undefined;
}

/** Why an objective cannot see a whole step at once. */
function reasonAgainst({ variant }: CheckedObjective): string | undefined {
  switch (variant) {
    case "matching":
      return "its negatives are pictures and texts of the micro-batch, which go through the bridge again";
    case "captioning":
    case "language":
      return "it looks at each record alone: the mean over micro-batches is all there is";
    case "contrastive":
    case "tower-contrastive":
    case "expression":
      return undefined;
  }
}
