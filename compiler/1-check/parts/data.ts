/** A `data` block -> source of records and how they become batches. */
import { didYouMean } from "../../../grammar/did-you-mean.ts";
import { help, note } from "../../../grammar/message.ts";
import { misplacedSetting, missingSetting } from "../../../grammar/messages/names.ts";
import { unknownWord } from "../../../grammar/messages/types.ts";
import { titleSpan } from "../block-view.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type { CheckedData, DataSource, ImageStep } from "../model.ts";
import type { SettingReader } from "../setting-reader.ts";
import { pathBase } from "../standard-library.ts";
import { readSource } from "./data-source.ts";
import { sharedChain } from "./mix.ts";
import type { Parts } from "./parts.ts";
import { partName } from "./references.ts";

/** Undefined when the source is none. */
export function checkedData(block: BlockDeclaration, parts: Parts): CheckedData | undefined {
  const { context } = parts;
  const reader = context.reader(block);
  if (reader === undefined) return undefined;
  context.refuseState(block);
  reader.requireAll();
  const root = context.chain(block).at(-1) ?? block;
  const value = context.source(root);
  const header = titleSpan(block.statement);
  const based = (name: string) => pathBase(name, context.root.source.name);
  const base = based(root.scope.source.name);
  if (value === undefined) {
    context.sink.report(
      missingSetting,
      { owner: `data \`${block.name}\``, name: '= captions("…")' },
      { primary: { span: header, text: "which records?" } },
    );
    return undefined;
  }
  const path = reader.string("root", "");
  const rootEntry = reader.view.entries.get("root");
  const rootBase = rootEntry === undefined ? base : based(rootEntry.scope.source.name);
  const below = (written: string) =>
    path.isDefault ? { path: written, base } : { path: `${path.value}/${written}`, base: rootBase };
  const source = readSource({ value, reader, block, parts, below, base });
  if (source === undefined) return undefined;
  if (!path.isDefault) refuseRoot(source, reader, parts);
  const chain = usualChain(source, reader, block, parts);
  const batch = reader.number("batch", 1);
  if (source.kind === "shapes" && source.twins && batch.value % 2 !== 0) {
    reader.outOfRange("batch", "even, because half of it are twins", batch.value, batch.span);
  }
  const split = readSplit(source, reader, parts);
  return {
    name: partName(block, parts),
    header,
    source: { value: source, span: value.origin, isDefault: false },
    root: { ...path, value: path.isDefault ? undefined : { path: path.value, base: rootBase } },
    image: reader.imageChain("image", chain),
    batch,
    split,
    shuffle: reader.boolean("shuffle", true),
    workers: reader.number("workers", 2),
  };
}

/** Where nothing is read from a folder, or each part of a mix has its own, `root` would say nothing. */
function refuseRoot({ kind }: DataSource, reader: SettingReader, parts: Parts): void {
  if (kind !== "shapes" && kind !== "documents" && kind !== "mix") return;
  parts.context.sink.report(
    misplacedSetting,
    { name: "root", owner: "sources that read files", here: `\`${kind}\`` },
    {
      primary: {
        span: reader.spanOf("root"),
        text: kind === "mix" ? "each part has its own" : "nothing is read from a folder",
      },
      notes: [help("delete this line")],
    },
  );
}

/** What happens to pictures when nothing is written. */
function usualChain(
  source: DataSource,
  reader: SettingReader,
  block: BlockDeclaration,
  parts: Parts,
): readonly ImageStep[] {
  if (source.kind === "documents") return [];
  if (source.kind === "mix" && !reader.has("image"))
    return sharedChain(source.of, { reader, block, parts });
  return [{ kind: "normalize", statistics: "clip" }];
}

/** Parts of the drawn data set: what is trained on, and pictures kept apart. */
const shapesSplits = ["train", "seen", "held", "held-1", "held-2"];

/** Drawn data has splits of its own; annotation files say theirs in each record. */
function readSplit(source: DataSource, reader: SettingReader, parts: Parts): CheckedData["split"] {
  const split = reader.string("split", "train");
  const isRead = "path" in source && source.kind !== "shards";
  if (isRead || split.isDefault) return split;
  const known = source.kind === "shapes" && !source.twins ? shapesSplits : ["train"];
  if (known.includes(split.value)) return split;
  const near = didYouMean(split.value, known);
  parts.context.sink.report(
    unknownWord,
    { setting: "split", word: split.value },
    {
      primary: {
        span: split.span,
        text: near === undefined ? "not a split of it" : `did you mean \`"${near}"\`?`,
      },
      notes: [note(`splits: ${known.join(", ")}`)],
    },
  );
  return split;
}

/** Where the records come from: of a mix, the source of each part. */
export function sourcesOf({ source: { value } }: CheckedData): readonly DataSource[] {
  return value.kind === "mix" ? value.of.flatMap(({ data }) => sourcesOf(data)) : [value];
}

/** Records of a data set, when the pipeline alone tells. */
export function recordsOf({
  source: { value },
  split,
}: Pick<CheckedData, "source" | "split">): number | undefined {
  if (value.kind === "documents") return value.count;
  if (value.kind === "mix") return sum(value.of.map(({ data }) => recordsOf(data)));
  if (value.kind !== "shapes") return undefined;
  if (value.twins) return 2 * value.pictures;
  return split.value === "train" ? value.pictures : undefined;
}

/** Undefined when one of them is. */
function sum(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length < counts.length ? undefined : known.reduce((all, each) => all + each, 0);
}
