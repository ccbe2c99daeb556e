/** What stands behind `=` of a `data` block -> where its records come from. */
import { didYouMean } from "../../../grammar/did-you-mean.ts";
import { textOf } from "../../../grammar/source.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type { DataSource } from "../model.ts";
import type { SettingReader } from "../setting-reader.ts";
import { calledWord } from "../setting-values.ts";
import { shardNames } from "../shard-pattern.ts";
import type { Value } from "../value.ts";
import { readMix } from "./mix.ts";
import type { Parts } from "./parts.ts";

/** Pictures of the training list and documents when the call says nothing (shapes.md sections 2 and 4). */
const defaults = { pictures: 4096, pairs: 10_240, documents: 83_200 };

/** Named arguments by source. */
const sources: Readonly<Record<DataSource["kind"], readonly string[]>> = {
  captions: [],
  vqa: [],
  shards: [],
  folder: [],
  table: [],
  shapes: ["seed", "pictures", "twins"],
  documents: ["seed", "count"],
  mix: ["weights"],
};

/** How the files of a source end. */
const endings = { captions: /\.json$/i, shards: /\.tar$/i, table: /\.(parquet|csv|tsv|jsonl)$/i };

function isSource(name: string): name is DataSource["kind"] {
  return Object.hasOwn(sources, name);
}

/** A call with its arguments taken apart. */
type Call = NonNullable<ReturnType<typeof calledWord>>;

/** What every reading of a source needs. */
export interface Reading {
  readonly value: Value;
  readonly reader: SettingReader;
  readonly block: BlockDeclaration;
  readonly parts: Parts;
  /** Puts the folder that `root` names in front of a path. */
  readonly below: (path: string) => { readonly path: string; readonly base: string };
  /** Name of the source that paths are relative to. */
  readonly base: string;
}

/** Undefined when the call was reported. */
export function readSource(reading: Reading): DataSource | undefined {
  const { value, reader, block, base } = reading;
  const refuse = (): undefined => {
    const wanted =
      'a call such as `captions("train.json")`, `shapes(seed: 1)` or `documents(seed: 1)`';
    reader.wrongType(block.name, wanted, value, Object.keys(sources), meantSource(value));
    return undefined;
  };
  const call = value.kind === "call" ? calledWord(value) : undefined;
  if (call === undefined || !isSource(call.name)) return refuse();
  if (call.positional.length > 1) return refuse();
  const known = sources[call.name];
  if ([...call.named.keys()].some((argument) => !known.includes(argument))) return refuse();
  if (call.name === "mix") return readMix(call.positional[0], call.named.get("weights"), reading);
  if (call.name === "shapes" || call.name === "documents") return drawn(call, reading, refuse);
  const file = call.positional[0];
  if (file?.kind !== "string") return refuse();
  switch (call.name) {
    case "captions":
    case "vqa":
      return { kind: call.name, path: file.value, base };
    case "folder":
      return { kind: "folder", ...reading.below(file.value) };
    case "table": {
      if (endings.table.test(file.value)) return { kind: "table", path: file.value, base };
      reader.wrongType("table", "the path of a .parquet, .csv, .tsv or .jsonl file", file);
      return undefined;
    }
    case "shards": {
      const paths = shardNames(file.value);
      if (paths?.every((each) => each.endsWith(".tar"))) {
        const below = paths.map((each) => reading.below(each).path);
        return { kind: "shards", ...reading.below(file.value), paths: below };
      }
      const wanted = 'the path of .tar files such as "pairs-{000..099}.tar"';
      reader.wrongType("shards", wanted, file);
      return undefined;
    }
  }
}

/** The call that a file name alone, a name without quotes or a misspelled source stands for. */
function meantSource(value: Value): string | undefined {
  if (value.kind === "string") {
    const [source] = Object.entries(endings).find(([, ending]) => ending.test(value.value)) ?? [];
    return source && `${source}(${JSON.stringify(value.value)})`;
  }
  if (value.kind !== "call") return undefined;
  const text = textOf(value.callee.span);
  const name = isSource(text) ? text : didYouMean(text, Object.keys(sources));
  const given = value.arguments.map(({ value: argument }) => textOf(argument.span)).join(", ");
  if (name === undefined) return undefined;
  if (name !== text) return `${name}(${given})`;
  return /^[\w./-]+$/.test(given) ? `${name}("${given}")` : undefined;
}

/** Pictures with captions, or text, that are made and not read. */
function drawn(call: Call, { reader }: Reading, refuse: () => undefined): DataSource | undefined {
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
  const twinsValue = call.named.get("twins");
  if (twinsValue !== undefined && twinsValue.kind !== "boolean") return refuse();
  const twins = twinsValue?.value ?? false;
  const seed = whole("seed", 1, 0);
  const source: DataSource =
    call.name === "documents"
      ? { kind: "documents", seed, count: whole("count", defaults.documents, 1) }
      : {
          kind: "shapes",
          seed,
          pictures: whole("pictures", twins ? defaults.pairs : defaults.pictures, 1),
          twins,
        };
  return isWrong ? undefined : source;
}
