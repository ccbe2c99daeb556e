/** What stands behind `=` of a block whose kind is made from nothing -> a message: it would be left out in silence. */
import { wrongType } from "../../grammar/messages/types.ts";
import type { BlockKind } from "./kinds/block-kind.ts";
import type { Sink } from "./sink.ts";
import { describe, type Value } from "./value.ts";

/** Kinds with a backbone, a tokenizer, a call or two ends behind `=`. */
const withSource: ReadonlySet<string> = new Set([
  "encoder",
  "text",
  "qformer",
  "adapter",
  "lm",
  "data",
]);

/** True when nothing but another block of the same kind can stand behind `=`. */
export function isSourceless({ kind }: BlockKind): boolean {
  return !withSource.has(kind);
}

/** `name` is that of the block. */
export function reportSource({ noun }: BlockKind, name: string, source: Value, sink: Sink): void {
  const wanted = `${noun} of an import behind \`=\`, such as \`s1.${name}\`, or nothing`;
  const facts = { setting: name, wanted, given: describe(source) };
  sink.report(wrongType, facts, { primary: { span: source.span, text: "" } });
}
