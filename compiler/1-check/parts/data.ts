/** A `data` block -> source of records and how they become batches. */
import { didYouMean } from "../../../grammar/did-you-mean.ts";
import { note } from "../../../grammar/message.ts";
import { missingSetting } from "../../../grammar/messages/names.ts";
import { unknownWord } from "../../../grammar/messages/types.ts";
import { titleSpan } from "../block-view.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type { CheckedData, DataSource, ImageStep } from "../model.ts";
import type { SettingReader } from "../setting-reader.ts";
import { calledWord } from "../setting-values.ts";
import { shardNames } from "../shard-pattern.ts";
import { pathBase } from "../standard-library.ts";
import type { Value } from "../value.ts";
import type { Parts } from "./parts.ts";
import { partName } from "./references.ts";

/** Pictures of the training list and documents when the call says nothing (shapes.md sections 2 and 4). */
const defaults = { pictures: 4096, pairs: 10_240, documents: 83_200 };

/** Call arguments by source; further sources are part of the language, without meaning yet. */
const later = new Set(["vqa", "mix"]);

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
  const source = readSource(value, base, reader, block.name);
  if (source === undefined) return undefined;
  const chain: readonly ImageStep[] =
    source.kind === "documents" ? [] : [{ kind: "normalize", statistics: "clip" }];
  const batch = reader.number("batch", 1);
  if (source.kind === "shapes" && source.twins && batch.value % 2 !== 0) {
    reader.outOfRange("batch", "even, because half of it are twins", batch.value, batch.span);
  }
  const split = readSplit(source, reader, parts);
  const path = reader.string("root", "");
  const rootEntry = reader.view.entries.get("root");
  const rootBase = rootEntry === undefined ? base : based(rootEntry.scope.source.name);
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

function readSource(
  value: Value,
  base: string,
  reader: SettingReader,
  name: string,
): DataSource | undefined {
  const known: Readonly<Record<string, readonly string[]>> = {
    captions: [],
    shards: [],
    folder: [],
    table: [],
    shapes: ["seed", "pictures", "twins"],
    documents: ["seed", "count"],
  };
  const call = value.kind === "call" ? calledWord(value) : undefined;
  const refuse = (): undefined => {
    reader.wrongType(
      name,
      'a call such as `captions("train.json")`, `shapes(seed: 1)` or `documents(seed: 1)`',
      value,
      [...Object.keys(known), ...later],
    );
    return undefined;
  };
  if (call === undefined) return refuse();
  if (later.has(call.name)) {
    reader.notYet(`\`${call.name}(…)\``, value.span);
    return undefined;
  }
  const names = known[call.name];
  if (names === undefined) return refuse();
  for (const argument of call.named.keys()) {
    if (!names.includes(argument)) return refuse();
  }
  let isWrong = false;
  const whole = (argument: string, fallback: number, least: number): number => {
    const given =
      call.named.get(argument) ?? (argument === "seed" ? call.positional[0] : undefined);
    if (given === undefined) return fallback;
    if (given.kind !== "number") reader.wrongType(argument, "a whole number", given);
    else if (Number.isInteger(given.value) && given.value >= least) return given.value;
    else
      reader.outOfRange(argument, `a whole number of at least ${least}`, given.value, given.origin);
    isWrong = true;
    return fallback;
  };
  const first = call.positional[0];
  const file = first?.kind === "string" ? first : undefined;
  const twinsValue = call.named.get("twins");
  const source = ((): DataSource | undefined => {
    switch (call.name) {
      case "captions":
      case "folder":
        return file === undefined ? refuse() : { kind: call.name, path: file.value, base };
      case "table":
        if (file === undefined) return refuse();
        if (/\.(parquet|csv|tsv|jsonl)$/i.test(file.value))
          return { kind: "table", path: file.value, base };
        reader.wrongType("table", "the path of a .parquet, .csv, .tsv or .jsonl file", file);
        return undefined;
      case "shards": {
        if (file === undefined) return refuse();
        const paths = shardNames(file.value);
        if (paths?.every((each) => each.endsWith(".tar"))) {
          return { kind: "shards", path: file.value, paths, base };
        }
        const wanted = 'the path of .tar files such as "pairs-{000..099}.tar"';
        reader.wrongType("shards", wanted, file);
        return undefined;
      }
      case "shapes": {
        if (twinsValue !== undefined && twinsValue.kind !== "boolean") return refuse();
        const twins = twinsValue?.value ?? false;
        const pictures = whole("pictures", twins ? defaults.pairs : defaults.pictures, 1);
        return { kind: "shapes", seed: whole("seed", 1, 0), pictures, twins };
      }
      default:
        return {
          kind: "documents",
          seed: whole("seed", 1, 0),
          count: whole("count", defaults.documents, 1),
        };
    }
  })();
  return isWrong ? undefined : source;
}

/** Records of a data set, when the pipeline alone tells. */
export function recordsOf({
  source: { value },
  split,
}: Pick<CheckedData, "source" | "split">): number | undefined {
  if (value.kind === "documents") return value.count;
  if (value.kind !== "shapes") return undefined;
  if (value.twins) return 2 * value.pictures;
  return split.value === "train" ? value.pictures : undefined;
}
