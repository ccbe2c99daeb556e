/** `blocks[0..20]`, `embeddings`, `cross` -> parts of a module, for `freeze` and `.except(…)`. */
import { didYouMean } from "../../../grammar/did-you-mean.ts";
import { help, note } from "../../../grammar/message.ts";
import { freezeOfFrozen, freezesAll } from "../../../grammar/messages/freezing.ts";
import { unknownPart } from "../../../grammar/messages/names.ts";
import { blocksBeyond } from "../../../grammar/messages/types.ts";
import { textOf } from "../../../grammar/source.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type { CheckedModule, Placed } from "../model.ts";
import { coversAll, type ModulePart, partText, partWords } from "../module-part.ts";
import type { SettingReader } from "../setting-reader.ts";
import type { Value } from "../value.ts";
import type { Parts } from "./parts.ts";

/** The module whose parts are named. */
export interface PartOwner {
  readonly name: string;
  /** Of its block, or as in `CheckedModule`. */
  readonly kind: string;
  /** Blocks that it has. */
  readonly blocks: number;
}

/**
 * What a module freezes of itself by `freeze`, and what it leaves out of the weights it takes over by `.except(…)`.
 * `blocks` is how many it has: none when it is one piece.
 */
export function namedParts(
  block: BlockDeclaration,
  reader: SettingReader,
  state: CheckedModule["state"],
  blocks: number,
  parts: Parts,
): Pick<CheckedModule, "freeze" | "except"> {
  const owner: PartOwner = { name: block.name, kind: block.kind, blocks };
  const except = (parts.context.exceptOf(block) ?? []).flatMap(
    (value) => readPart(value, owner, parts) ?? [],
  );
  return { freeze: readFreeze(reader, state, owner, parts), except };
}

function readFreeze(
  reader: SettingReader,
  state: CheckedModule["state"],
  owner: PartOwner,
  parts: Parts,
): Placed<readonly ModulePart[]> {
  const none = reader.default<readonly ModulePart[]>([]);
  const entry = reader.view.entries.get("freeze");
  const value = reader.value("freeze");
  if (entry === undefined || value === undefined) return none;
  // A module that is taken over and frozen as a whole needs nothing of what its stage froze.
  if (state.value === "frozen" && entry.isInherited) return none;
  const items = value.kind === "list" ? value.items : [value];
  const found = items.map((item) => readPart(item, owner, parts));
  const known = found.filter((part) => part !== undefined);
  if (known.length < found.length || known.length === 0) return none;
  const { sink } = parts.context;
  if (state.value === "frozen") {
    sink.report(
      freezeOfFrozen,
      { name: owner.name },
      {
        primary: { span: entry.span, text: "names a part of what is frozen already" },
        labels: [{ span: state.span, text: "no weight in here is updated" }],
        notes: [
          help(
            `delete \`freeze\`, or write \`trainable\` in front of \`${owner.name}\`: all but this part then trains`,
          ),
        ],
      },
    );
    return none;
  }
  if (coversAll(known, owner.blocks)) {
    sink.report(
      freezesAll,
      { name: owner.name },
      {
        primary: { span: value.span, text: "all of it" },
        labels: [{ span: state.span, text: "nothing is left to train" }],
        notes: [help(`write \`frozen\` in front of \`${owner.name}\` and delete \`freeze\``)],
      },
    );
    return none;
  }
  return reader.placed(known, value);
}

/** One part; reports what names none, and gives undefined for it. */
export function readPart(value: Value, owner: PartOwner, parts: Parts): ModulePart | undefined {
  if (value.kind === "missing") return undefined;
  const named = value.kind === "index" ? value.of : value;
  const word = wordOf(named, owner, parts);
  const words = partWords(owner.kind);
  if (word === undefined || !words.some((each) => each === word)) {
    reportUnknown(named, word, owner, parts);
    return undefined;
  }
  if (word !== "blocks") {
    if (value.kind !== "index") return { kind: word as "cross" | "embeddings" };
    reportUnknown(value, undefined, owner, parts);
    return undefined;
  }
  if (value.kind !== "index") return { kind: "blocks", from: 0, to: owner.blocks };
  return range(value, owner, parts);
}

/** `cross`, `bridge.cross`, `s1.bridge.cross`: the word, when what stands before it is the module. */
function wordOf(value: Value, owner: PartOwner, parts: Parts): string | undefined {
  if (value.kind === "word") return value.text;
  if (value.kind !== "member" || value.of.kind !== "block") return undefined;
  const block = parts.context.local(value.of.block);
  return block?.name === owner.name ? value.name.text : undefined;
}

function reportUnknown(
  value: Value,
  word: string | undefined,
  owner: PartOwner,
  parts: Parts,
): void {
  const words = partWords(owner.kind);
  const near = word === undefined || words.length === 0 ? undefined : didYouMean(word, words);
  const written = words.map((each) => (each === "blocks" ? `blocks[0..${owner.blocks}]` : each));
  parts.context.sink.report(
    unknownPart,
    { name: owner.name, part: word ?? textOf(value.span).replace(/\s+/g, " ") },
    {
      primary: {
        span: value.span,
        text: near === undefined ? "names no part of it" : `did you mean \`${near}\`?`,
      },
      notes: [
        note(
          words.length === 0
            ? `\`${owner.name}\` is one piece`
            : `parts of \`${owner.name}\`: ${written.join(", ")}`,
        ),
      ],
    },
  );
}

function range(
  value: Extract<Value, { kind: "index" }>,
  owner: PartOwner,
  parts: Parts,
): ModulePart | undefined {
  const [start] = value.items;
  const [end] = value.ends;
  const isWhole = (each: Value | undefined): each is Extract<Value, { kind: "number" }> =>
    each?.kind === "number" && each.unit === undefined && Number.isInteger(each.value);
  if (value.items.length !== 1 || !isWhole(start) || (end !== undefined && !isWhole(end))) {
    reportUnknown(value, undefined, owner, parts);
    return undefined;
  }
  const part = {
    kind: "blocks",
    from: start.value,
    to: end === undefined ? start.value + 1 : end.value,
  } as const;
  const fits = part.from >= 0 && part.to <= owner.blocks && part.from < part.to;
  if (fits) return part;
  const isEmpty = part.from >= part.to;
  const beyond = !isEmpty && part.from < owner.blocks && end !== undefined ? end : start;
  parts.context.sink.report(
    blocksBeyond,
    { name: owner.name, part: partText(part), blocks: owner.blocks, isEmpty },
    {
      primary: {
        span: beyond.span,
        text: isEmpty
          ? "the end is not among them: `blocks[0..2]` are the blocks 0 and 1"
          : `blocks are numbered 0 to ${owner.blocks - 1}`,
      },
      notes: [help(`write \`blocks[0..${owner.blocks}]\` for all of them`)],
    },
  );
  return undefined;
}
