/** Messages about lints and information (BLIP90xx to BLIP93xx). */
import { type AnyMessage, defineMessage } from "../message.ts";
import { stage1Example } from "./example-pipeline.ts";

/** A module that nothing reads. */
export const unusedModule = defineMessage({
  code: "BLIP9101",
  slug: "unused-module",
  severity: "warning",
  title: ({ kind, name }: { kind: string; name: string }) => `${kind} \`${name}\` is never used`,
  explanation:
    "No objective or stage reads the module. A name that starts with `_` says that this is meant.",
  failing: { text: `${stage1Example}\nfrozen lm opt = "shapes-opt"\n` },
  working: { text: `${stage1Example}\nfrozen lm _opt = "shapes-opt"\n` },
});

/** Codes BLIP90xx to BLIP93xx, in order. */
export const lintMessages: readonly AnyMessage[] = [unusedModule];
