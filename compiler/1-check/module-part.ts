/** Parts of a module that the language has words for, and how they are written. */
import { withUnderscores } from "./value.ts";

/**
 * `embeddings` is what stands before the blocks; `blocks` runs from `from` up to, not including, `to`; `cross` is what
 * takes the width of the patches in a Q-Former: keys and values of its cross-attention, and the norm of the picture.
 */
export type ModulePart =
  | { readonly kind: "embeddings" }
  | { readonly kind: "blocks"; readonly from: number; readonly to: number }
  | { readonly kind: "cross" };

/** Words for the parts of a kind of block; none for kinds that are one piece. */
export function partWords(kind: string): readonly ModulePart["kind"][] {
  switch (kind) {
    case "encoder":
    case "text-encoder":
    case "lm":
      return ["blocks", "embeddings"];
    case "qformer":
      return ["blocks", "cross", "embeddings"];
    default:
      return [];
  }
}

/** As it is written: `blocks[0..20]`, `embeddings`. */
export function partText(part: ModulePart): string {
  if (part.kind !== "blocks") return part.kind;
  const { from, to } = part;
  const last = to === from + 1 ? "" : `..${withUnderscores(to)}`;
  return `blocks[${withUnderscores(from)}${last}]`;
}

/** True when the parts name the block of this index. */
export function coversBlock(parts: readonly ModulePart[], index: number): boolean {
  return parts.some((part) => part.kind === "blocks" && index >= part.from && index < part.to);
}

/** True when the parts name everything of a module with this many blocks. */
export function coversAll(parts: readonly ModulePart[], blocks: number): boolean {
  const indices = Array.from({ length: blocks }, (_, index) => index);
  return (
    parts.some(({ kind }) => kind === "embeddings") &&
    indices.every((index) => coversBlock(parts, index))
  );
}
