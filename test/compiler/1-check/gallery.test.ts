import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Example } from "../../../grammar/message.ts";
import { checkExample, codesOf, printed } from "../../support/check-example.ts";

const stage1 = readFileSync("pipelines/blip2/stage1.blip", "utf8");
const stage2 = readFileSync("pipelines/blip2/stage2-opt.blip", "utf8");

function inStage1(from: string, to: string, set: readonly string[] = []): Example {
  expect(stage1).toContain(from);
  return { text: stage1.replace(from, to), set };
}

function inStage2(from: string, to: string): Example {
  expect(stage2).toContain(from);
  return { text: stage2.replaceAll(from, to), files: { "stage1.blip": stage1 } };
}

describe("printed messages", () => {
  it("unknown backbone", () => {
    expect(printed(inStage1('"eva-clip-g/14"', '"eva-clip-g14"'))).toBe(
      `error[BLIP1101]: no backbone is called "eva-clip-g14"
 --> example.blip:9:25
  |
9 | frozen encoder vision = "eva-clip-g14" {
  |                         ^^^^^^^^^^^^^^ not in the registry
  |
  = help: did you mean "eva-clip-g/14"?  (fix available: blipc fix)
  = note: image encoders available: clip-vit-b/16, clip-vit-l/14, eva-clip-g/14, shapes-vit`,
    );
  });

  it("backbone of the wrong kind", () => {
    expect(printed(inStage1('"eva-clip-g/14"', '"facebook/opt-2.7b"'))).toBe(
      `error[BLIP1102]: "facebook/opt-2.7b" is a language model, not an image encoder
 --> example.blip:9:25
  |
9 | frozen encoder vision = "facebook/opt-2.7b" {
  |        -------          ^^^^^^^^^^^^^^^^^^^ takes tokens, gives logits
  |        |
  |        this block needs an image encoder
  |
  = help: declare it as \`frozen lm opt = "facebook/opt-2.7b"\` and keep an image backbone here`,
    );
  });

  it("queries against Q-Former: both places", () => {
    expect(printed(inStage1("width = 768", "width = 512"))).toBe(
      `error[BLIP2102]: queries \`q\` are 512 wide, but \`bridge\` attends over 768
  --> example.blip:25:11
   |
20 |   width = 512
   |           --- q: f32[32, 512]
...
25 |   self = [q, caption] // shared self-attention
   |           ^ shared self-attention needs f32[_, 768]
   |
   = help: delete \`width\` and let it be inferred (768), or choose a 512-wide init for bridge`,
    );
  });

  it("encoder against trained cross-attention: both places", () => {
    expect(printed(inStage2("= s1.vision", '= "clip-vit-l/14"'))).toBe(
      `error[BLIP2101]: cross-attention of \`bridge\` was trained for width 1408, but \`vision\` now gives 1024
  --> example.blip:8:25
   |
 8 | frozen encoder vision = "clip-vit-l/14"
   |                         ^^^^^^^^^^^^^^^ patches: f32[B, 257, 1024]
...
10 | trainable qformer bridge = s1.bridge {
   |                            --------- its weights accept f32[B, _, 1408]
   |
   = why: a checkpoint fixes the shape of its weights; swapping the tower changes what they must accept
   = help: keep the tower of \`vision\` (eva-clip-g/14), or train stage 1 again with the new one`,
    );
  });

  it("image size from the command line, with the rule of the param", () => {
    expect(printed({ text: stage1, set: ["image_size=230"] })).toBe(
      `error[BLIP2104]: image size 230 is not a multiple of the 14-pixel patch of "eva-clip-g/14"
 --> --set:1:12
  |
1 | image_size=230
  |            ^^^ from the command line
  |
  ::: example.blip:4:35
  |
4 | param image_size: int = 224 where image_size % 14 == 0
  |                                   -------------------- this rule fails: 230 % 14 = 6
  |
  = help: nearest sizes: 224 (257 tokens) and 238 (290 tokens)`,
    );
  });

  it("warm-up longer than the run", () => {
    expect(printed(inStage1("250_000 steps", "2_000 steps"))).toBe(
      `error[BLIP4201]: the learning rate would still be warming up when training ends
  --> example.blip:61:31
   |
59 |   train = 2_000 steps
   |           ----------- the run ends here
...
61 |   schedule: cosine { warmup = 5_000 steps, start_lr = 1e-6, min_lr = 1e-5 }
   |                               ^^^^^^^^^^^ peak lr is first reached here
   |
   = help: shorten the warm-up, for example \`warmup = 200 steps\``,
    );
  });

  it("override of something that is not there", () => {
    expect(printed({ text: stage1, set: ["pretrain.optimiser.lr=2e-4"] })).toBe(
      `error[BLIP1206]: \`pretrain\` has no \`optimiser\`
 --> --set:1:10
  |
1 | pretrain.optimiser.lr=2e-4
  |          ^^^^^^^^^ did you mean \`optimizer\`?
  |
  = note: an override may only change what exists; to add a setting, edit the file or use \`extend\``,
    );
  });

  it("one pair per batch", () => {
    expect(printed({ text: stage1, set: ["batch=1"] })).toBe(
      `error[BLIP4102]: a contrastive objective has no negatives at batch 1
  --> --set:1:7
   |
 1 | batch=1
   |       ^ from the command line
   |
   ::: example.blip:31:16
   |
31 | objective itc: contrastive {
   |                ----------- the loss is 0 for every input
   |
   = help: use 32 or more`,
    );
  });
});

describe("errors and what follows from them", () => {
  it("reports all errors of a file in one run", () => {
    const text = stage1
      .replace('"eva-clip-g/14"', '"eva-clip-g14"')
      .replace("max_len = 32 tokens", "max_len = 32 px")
      .replace("count = 32", 'count = "many"')
      .replace("hard(from: itc)", "hard(from: itx)")
      .replace("250_000 steps", "250_000")
      .replace("lr = 1e-4", "lrr = 1e-4");
    expect(codesOf({ text }).toSorted()).toEqual(
      [
        "BLIP1101",
        "BLIP2202",
        "BLIP2001",
        "BLIP1002",
        "BLIP2203",
        "BLIP1201",
        "BLIP1203",
      ].toSorted(),
    );
  });

  it("says nothing of parts whose backbone is unknown", () => {
    expect(
      codesOf({ text: stage2, files: { "stage1.blip": stage1 }, set: ["llm=opt-27b"] }),
    ).toEqual(["BLIP1101"]);
  });

  it("says nothing of names whose file is not there", () => {
    expect(codesOf({ text: stage2 })).toEqual(["BLIP1302"]);
  });

  it("frozen everything: nothing to train, and no second message", () => {
    expect(codesOf(inStage2("trainable", "frozen"))).toEqual(["BLIP3101"]);
  });

  it("names both files that import each other", () => {
    const text = 'blip 1\nimport "./other.blip" as o\n';
    const [diagnostic] = checkExample({
      text,
      files: { "other.blip": text.replace("other", "example") },
    }).diagnostics;
    const sources = [diagnostic!.primary, ...diagnostic!.labels].map(
      ({ span }) => span.source.name,
    );
    expect(sources).toEqual(["example.blip", "other.blip"]);
  });

  it("points at the file or the option that set a value", () => {
    const { model } = checkExample({ text: stage1, set: ["batch=32"] });
    const batch = model!.data.get("pairs")!.batch;
    expect(batch.value).toBe(32);
    expect(batch.span.source.name).toBe("--set");
    expect(model!.modules.get("q")!.state.span.source.name).toBe("example.blip");
  });

  it("lets the later override win, and extend lose against --set", () => {
    const text = 'blip 1\nimport "./stage1.blip" as base\nextend base {\n  batch = 16\n}\n';
    const files = { "stage1.blip": stage1 };
    const batchOf = (set: readonly string[]) =>
      checkExample({ text, files, set }).model!.data.get("pairs")!.batch.value;
    expect([batchOf([]), batchOf(["batch=8"]), batchOf(["batch=8", "batch=4"])]).toEqual([
      16, 8, 4,
    ]);
  });
});
