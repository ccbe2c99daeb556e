/** What stands behind `=` of a block whose kind is made from nothing -> a message: it would be left out in silence. */
import { wrongType } from "../../grammar/messages/types.ts";
import type { BlockKind } from "./kinds/block-kind.ts";
import type { Sink } from "./sink.ts";
import { describe, type Value } from "./value.ts";

/** `name` is that of the block. */
export function reportSource({ noun }: BlockKind, name: string, source: Value, sink: Sink): void {
  const wanted = `${noun} of an import behind \`=\`, such as \`s1.${name}\`, or nothing`;
  const facts = { setting: name, wanted, given: describe(source) };
  sink.report(wrongType, facts, { primary: { span: source.span, text: "" } });
}
