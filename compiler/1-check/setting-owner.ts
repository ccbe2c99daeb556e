/** A setting in the wrong block -> the kind that has it, and the block it could be moved to. */
import type { Note } from "../../grammar/diagnostic.ts";
import { help } from "../../grammar/message.ts";
import { positionAt, textOf } from "../../grammar/source.ts";
import { type FileScope, isBlock } from "./file-scope.ts";
import type { BlockKind } from "./kinds/block-kind.ts";
import { kinds } from "./kinds/index.ts";

/** Where a setting could have been meant for. */
export interface Owner {
  readonly noun: string;
  /** Kind and variant of the blocks that have it. */
  readonly kind: string;
  readonly variant: string | undefined;
}

/** The block of the same file that the setting could be moved to. */
export function ownersHelp(name: string, owner: Owner, scope: FileScope): readonly Note[] {
  const blocks = [...scope.names.values()].filter(isBlock).filter(({ kind, statement }) => {
    const { variant } = statement;
    const word = variant?.kind === "identifier" ? variant.text : undefined;
    return kind === owner.kind && (owner.variant === undefined || owner.variant === word);
  });
  const [block, ...others] = blocks;
  if (block === undefined || others.length > 0) return [];
  const { line } = positionAt(scope.source, block.statement.span.start);
  const set = block.statement.body?.statements.find(
    (each) => each.kind === "setting" && textOf(each.path.span) === name,
  );
  const already =
    set === undefined ? "" : `, which already sets ${textOf(set.span).replace(/\s+/g, " ")}`;
  return [help(`move this line to \`${block.name}\` (${scope.source.name}:${line})${already}`)];
}

/** The first kind or variant, other than this one, that has a setting of this name. */
export function ownerOf(
  name: string,
  description: BlockKind,
  variantWord: string | undefined,
): Owner | undefined {
  const others = Object.entries(description.variants ?? {}).filter(
    ([word, variant]) => word !== variantWord && name in variant.settings,
  );
  const sibling = others[0];
  if (sibling !== undefined)
    return { noun: sibling[1].noun, kind: description.kind, variant: sibling[0] };
  for (const kind of kinds.values()) {
    if (kind === description) continue;
    if (name in kind.settings) return { noun: kind.noun, kind: kind.kind, variant: undefined };
    const found = Object.entries(kind.variants ?? {}).find(([, { settings }]) => name in settings);
    if (found !== undefined) return { noun: found[1].noun, kind: kind.kind, variant: found[0] };
  }
  return undefined;
}
