/** Messages about the device (BLIP60xx to BLIP62xx). */
import { type AnyMessage, defineMessage } from "../message.ts";
import { stage1Example } from "./example-pipeline.ts";

/** A number format that shaders do not have. */
export const formatMissing = defineMessage({
  code: "BLIP6101",
  slug: "format-missing",
  severity: "error",
  title: ({ format }: { format: string }) => `no adapter has the number format \`${format}\``,
  explanation:
    "WGSL computes in f32, and on some adapters in f16. Weights stored as f16 are packed two to a word and unpacked by the shaders, so that `dtype = f16` works on every adapter, with or without the feature shader-f16. There is no bf16 in WGSL.",
  failing: { text: stage1Example.replace('"shapes-vit"', '"shapes-vit" {\n  dtype = bf16\n}') },
  working: { text: stage1Example.replace('"shapes-vit"', '"shapes-vit" {\n  dtype = f16\n}') },
});

/** A stage that needs more memory than the device offers. */
export const doesNotFit = defineMessage({
  code: "BLIP6201",
  slug: "does-not-fit",
  severity: "error",
  title: (facts: { stage: string; needed: string; offered: string }) =>
    `stage \`${facts.stage}\` needs ${facts.needed}; this adapter offers ${facts.offered}`,
  explanation:
    "The plan holds every buffer of a step, so its memory is what a run takes, to the byte. `blipc plan --memory 24GiB` compares it with what a device offers, and plans other batches until one fits.",
  failing: { text: stage1Example, device: { memory: "1 MiB" } },
  working: { text: stage1Example, device: { memory: "8 GiB" } },
});

/** A stage that cannot do with the memory that its own file grants it. */
export const limitNotReached = defineMessage({
  code: "BLIP6202",
  slug: "limit-not-reached",
  severity: "error",
  title: (facts: { stage: string; limit: string; least: string }) =>
    `stage \`${facts.stage}\` takes ${facts.least}, the least that was found; its limit is ${facts.limit}`,
  explanation:
    "`memory = 12 GiB` limits what a stage keeps on the device. To keep to it, activations are forgotten and computed again, the cheapest first; weights, gradients and moments cannot be. Where the limit is still below what is left, `plan` and `test` say so and `run` refuses before it reads weights. A smaller batch helps, `accumulate`, and `dtype = f16` of frozen modules.",
  failing: {
    text: stage1Example.replace("stage pretrain {", "stage pretrain {\n  memory = 1 MiB"),
  },
  working: {
    text: stage1Example.replace("stage pretrain {", "stage pretrain {\n  memory = 8 GiB"),
  },
});

/** Codes BLIP60xx to BLIP62xx, in order. */
export const deviceMessages: readonly AnyMessage[] = [formatMissing, doesNotFit, limitNotReached];
