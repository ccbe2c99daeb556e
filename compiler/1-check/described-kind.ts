/** A block -> the description of its kind; what is no kind, or stands in the wrong place, is reported. */
import type { Block } from "../../grammar/ast.ts";
import { didYouMean } from "../../grammar/did-you-mean.ts";
import { note } from "../../grammar/message.ts";
import { misplacedBlock, unknownKind } from "../../grammar/messages/names.ts";
import type { BlockKind } from "./kinds/block-kind.ts";
import { kinds } from "./kinds/index.ts";
import type { Sink } from "./sink.ts";

/** Description of a kind; undefined, and reported, when the word is no kind or cannot stand there. */
export function describedKind(
  block: Block,
  parent: BlockKind | undefined,
  sink: Sink,
): BlockKind | undefined {
  const { blockKind } = block;
  if (blockKind.kind === "missing") return undefined;
  const description = kinds.get(blockKind.text);
  const allowed = [...kinds.values()].filter((kind) =>
    parent === undefined ? kind.isNamed : parent.children?.includes(kind.kind),
  );
  if (description === undefined) {
    const words = allowed.map((kind) => kind.kind);
    const near =
      variantForm(blockKind.text, allowed) ??
      (words.length === 0 ? undefined : didYouMean(blockKind.text, words));
    const swapped = block.name?.kind === "identifier" && words.includes(block.name.text);
    sink.report(
      unknownKind,
      { kind: blockKind.text },
      {
        primary: {
          span: blockKind.span,
          text: swapped
            ? `the kind stands first: \`${block.name.text} ${blockKind.text}\``
            : near === undefined
              ? "not a kind"
              : `did you mean \`${near}\`?`,
        },
        notes: words.length === 0 ? [] : [note(`kinds that can stand here: ${words.join(", ")}`)],
        fixes:
          near === undefined || swapped
            ? []
            : [
                {
                  title: `write \`${near}\``,
                  edits: [{ span: blockKind.span, text: near }],
                  safe: true,
                },
              ],
      },
    );
    return undefined;
  }
  const what = !allowed.includes(description)
    ? parent === undefined
      ? `${description.noun} stands inside of a stage, not at the top of a file`
      : `${description.noun} cannot stand inside of ${parent.noun}`
    : description.isNamed && block.name === undefined
      ? `${description.noun} needs a name`
      : !description.isNamed && block.name !== undefined
        ? `${description.noun} has no name`
        : undefined;
  if (what === undefined) return description;
  const { name } = block;
  const isVariant = name?.kind === "identifier" && name.text in (description.variants ?? {});
  const text =
    allowed.includes(description) && !description.isNamed
      ? isVariant
        ? `write \`${description.kind}: ${name.text}\``
        : "delete the name"
      : "";
  sink.report(misplacedBlock, { what }, { primary: { span: block.header, text } });
  return undefined;
}

/** `optimizer: adamw` for `adamw`, where a block of that kind can stand. */
function variantForm(word: string, allowed: readonly BlockKind[]): string | undefined {
  const kind = allowed.find((each) => !each.isNamed && word in (each.variants ?? {}));
  return kind && `${kind.kind}: ${word}`;
}
