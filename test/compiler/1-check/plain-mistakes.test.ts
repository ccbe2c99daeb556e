/** Mistakes that people make in their first week: each is told once, at its place, with what to write instead. */
import { describe, expect, test } from "vitest";
import { stage1Example, stage2Example } from "../../../grammar/messages/example-pipeline.ts";
import { diagnosticsOf, printed } from "../../support/check-example.ts";

type Mistake = readonly [from: string, to: string, code: string, hint: string];

const inStage1: readonly Mistake[] = [
  ["trainable queries", "trainabel queries", "BLIP0107", "did you mean `trainable`?"],
  ["minimize = itc + itm", "minimize = itc, itm", "BLIP0108", "a sum takes `+`"],
  ["count = 8", "count = 8 tokens", "BLIP2001", "did you mean `8`?"],
  ["lr = 4e-3", 'lr = "4e-3"', "BLIP2001", "did you mean `4e-3`?"],
  ["cross = vision.patches", "cross = vision", "BLIP2001", "did you mean `vision.patches`?"],
  ["batch = 24", "batch = 24\n  root = pictures", "BLIP1002", 'did you mean `"pictures"`?'],
  ["batch = 24", "batch_size = 24", "BLIP1201", "did you mean `batch`?"],
  ["lr = 4e-3", "learning_rate = 4e-3", "BLIP1201", "did you mean `lr`?"],
  ["optimizer: adamw { lr = 4e-3 }", "optimizer = adamw", "BLIP1201", "`optimizer: adamw { … }`"],
  ["train = 350 steps", "train = 0 steps", "BLIP2002", "`train` must be above 0"],
  ["hard(from: itc)", "hard(from: itm)", "BLIP4106", "of a contrastive objective, or `random`"],
  ["count = 8", "count = -8", "BLIP2002", "at least 1"],
  ["max_len = 14 tokens", "max_len = 14 px", "BLIP2202", "write `tokens`"],
  ["image = bridge(q)", "image = bridge(caption)", "BLIP4106", "did you mean `bridge(q)`?"],
  ["trainable qformer", "qformer", "BLIP3001", "write `trainable qformer bridge"],
  ['"shapes-vit"', "eva-clip-g/14", "BLIP1002", 'stand in quotes: `"eva-clip-g/14"`'],
  [
    "batch = 24",
    'batch = 24\n  image = resize(48).normalize("clip")',
    "BLIP2001",
    'did you mean `resize(48) -> normalize("clip")`?',
  ],
  [
    "batch = 24",
    'batch = 24\n  image = resize(48) -> normalize("imagenet")',
    "BLIP2001",
    'takes `normalize("clip")` and no other statistics',
  ],
];

const inStage2: readonly Mistake[] = [
  ['"shapes-opt"', '"facebook/opt-27b"', "BLIP1101", 'did you mean "opt-2.7b"?'],
  ["bridge(q) -> opt.embed", "bridge -> opt.embed", "BLIP2001", "did you mean `bridge(q)`?"],
  ["bridge(q) -> opt.embed", "bridge(q) -> opt", "BLIP2001", "did you mean `opt.embed`?"],
  ["s1.pretrain.last", "s1.pretrain", "BLIP2001", "did you mean `s1.pretrain.last`?"],
  ["frozen lm opt", "lm opt", "BLIP3001", "write `frozen lm opt"],
  ["trainable queries q = s1.q\n", "", "BLIP1207", "`bridge` reads `s1.q`"],
];

describe.each([
  ["stage 1", stage1Example, inStage1],
  ["stage 2", stage2Example, inStage2],
] as const)("%s", (_, text, mistakes) => {
  test.each(mistakes)("%j written as %j", (from, to, code, hint) => {
    expect(text).toContain(from);
    const example = { text: text.replace(from, to), files: { "stage1.blip": stage1Example } };
    expect(diagnosticsOf(example).map((each) => each.code)).toEqual([code]);
    expect(printed(example)).toContain(hint);
  });
});
