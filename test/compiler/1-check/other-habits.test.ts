/** What people write who come from Python, YAML or HCL, or who slip: the message says what is written here. */
import { describe, expect, test } from "vitest";
import { stage1Example } from "../../../grammar/messages/example-pipeline.ts";
import { checkExample, printed } from "../../support/check-example.ts";

const itc = /objective itc[\s\S]*?\n}/;
const siglip = `objective itc: expression {
  image = normalize(linear(bridge(q), width: 64), over: width)
  text = normalize(linear(bridge(caption).cls, width: 64), over: width)
  cosine = max(dot(image, rename(text, batch: texts), over: width), over: queries)
  t = learned(10)
  loss = -mean(sum(log_sigmoid((2 * eye(batch, texts) - 1) * cosine * t), over: texts))
}`;
const written = stage1Example.replace(itc, siglip).replace("hard(from: itc)", "random");

/** The file with one change. */
function changed(from: string | RegExp, to: string, text = stage1Example): string {
  const made = text.replace(from, () => to);
  expect(made, String(from)).not.toBe(text);
  return made;
}

const cases: readonly (readonly [habit: string, text: string, code: string, says: string])[] = [
  [
    "a list of objectives",
    changed("itc + itm + itg", "[itc, itm, itg]"),
    "BLIP2001",
    "did you mean `itc + itm + itg`?",
  ],
  [
    "an objective twice",
    changed("itc + itm + itg", "itc + itm + itc"),
    "BLIP4111",
    "`itc` stands twice in `minimize`",
  ],
  [
    "`=` before the variant of a block",
    changed("optimizer: adamw {", "optimizer = adamw {"),
    "BLIP0107",
    "write `optimizer: adamw { … }`",
  ],
  [
    "a variant as the name of a block",
    changed("optimizer: adamw {", "optimizer adamw {"),
    "BLIP1006",
    "write `optimizer: adamw`",
  ],
  [
    "a variant alone",
    changed("optimizer: adamw {", "adamw {"),
    "BLIP1001",
    "did you mean `optimizer: adamw`?",
  ],
  [
    "name and kind exchanged",
    changed("frozen encoder vision", "frozen vision encoder"),
    "BLIP1001",
    "the kind stands first: `encoder vision`",
  ],
  [
    "a source behind a colon",
    changed('vision = "shapes-vit"', 'vision: "shapes-vit"'),
    "BLIP0106",
    'write `= "shapes-vit"`',
  ],
  [
    "a tuple",
    changed("self = [q, caption]", "self = (q, caption)"),
    "BLIP0106",
    "a list stands in brackets: `[a, b]`",
  ],
  [
    "an argument named with `=`",
    changed("width: 64)", "width = 64)", written),
    "BLIP0106",
    "an argument is named with a colon: `width: …`",
  ],
  [
    "a function that is not called",
    changed("t = learned(10)", "t = learned", written),
    "BLIP4307",
    "it is called as `learned(",
  ],
  [
    "a misspelled member",
    changed("vision.patches", "vision.patchs"),
    "BLIP2001",
    "did you mean `vision.patches`?",
  ],
  [
    "a file in place of a source",
    changed("= shapes(seed: 1)", '= "train.json"'),
    "BLIP2001",
    'did you mean `captions("train.json")`?',
  ],
  [
    "a source that is misspelled as something else",
    changed("= shapes(seed: 1)", '= caption("train.json")'),
    "BLIP2001",
    'did you mean `captions("train.json")`?',
  ],
  [
    "a path without quotes",
    changed("= shapes(seed: 1)", "= captions(train.json)"),
    "BLIP2001",
    'did you mean `captions("train.json")`?',
  ],
  [
    "a second argument that would be left out",
    changed("= shapes(seed: 1)", '= captions("train.json", "val.json")'),
    "BLIP2001",
    'not `captions("train.json", "val.json")`',
  ],
  [
    "a value behind a block that is made from nothing",
    changed("queries q {", "queries q = 8 {"),
    "BLIP2001",
    "`q` takes queries of an import behind `=`, such as `s1.q`, or nothing, not the number 8",
  ],
  [
    "a stage that starts from itself",
    changed("train = 350 steps", "train = 350 steps\n  from = pretrain.last"),
    "BLIP5103",
    "stage `pretrain` continues from itself",
  ],
  [
    "a path of weights without quotes",
    changed('= "shapes-vit"', '= "shapes-vit" { weights = model.safetensors }'),
    "BLIP2001",
    'did you mean `"model.safetensors"`?',
  ],
  [
    "a picture as a call",
    changed('= "shapes-vit"', '= "shapes-vit" { input = image(48, 48, 3) }'),
    "BLIP2001",
    "did you mean `image[48, 48, 3]`?",
  ],
  [
    "a picture as a list",
    changed('= "shapes-vit"', '= "shapes-vit" { input = [48, 48, 3] }'),
    "BLIP2001",
    "did you mean `image[48, 48, 3]`?",
  ],
  [
    "links in a list",
    changed("  batch = 24\n", "  batch = 24\n  image = [resize(48), random_flip]\n"),
    "BLIP2001",
    "did you mean `resize(48) -> random_flip`?",
  ],
  [
    "a link by another name",
    changed("  batch = 24\n", "  batch = 24\n  image = resize(48) -> flip\n"),
    "BLIP1002",
    "did you mean `random_flip`?",
  ],
  [
    "a share where steps are counted",
    changed("warmup = 40 steps", "warmup = 0.1"),
    "BLIP2203",
    "help: write `0.1 epochs`",
  ],
  [
    "a let that needs itself",
    changed("count = 8\n}", "count = y\n}\nlet y = y + 1"),
    "BLIP1007",
    "`y` is made of itself",
  ],
  [
    "params that need each other",
    `${stage1Example}\nparam _y: int = _z\nparam _z: int = _y\n`,
    "BLIP1007",
    "`_y` is made of itself",
  ],
  [
    "a tokenizer without quotes",
    changed('caption = "shapes"', "caption = shapes"),
    "BLIP1002",
    'did you mean `"shapes"`?',
  ],
  [
    "a text of another tokenizer, in three objectives",
    changed('caption = "shapes"', 'caption = "bert-base-uncased"'),
    "BLIP4105",
    'write `text caption = "shapes"`, the tokenizer of `bridge`',
  ],
  [
    "no checkpoint to keep",
    changed("train = 350 steps", "train = 350 steps\n  save { keep = last(0) }"),
    "BLIP2001",
    "`keep` takes `all`, `last(3)` or `best(itc.accuracy)`, not `last(0)`",
  ],
  [
    "a metric of nothing",
    changed("train = 350 steps", "train = 350 steps\n  save { keep = best(itcc.accuracy) }"),
    "BLIP1002",
    "nothing is called `itcc`",
  ],
  [
    "too few numbers",
    changed("lr = 4e-3", "lr = 4e-3, betas = [0.9]"),
    "BLIP2001",
    "takes a list of 2 numbers, not a list of 1",
  ],
  [
    "a unit that is none in an assert",
    `${stage1Example}\nassert params(trainable) < 20 M\n`,
    "BLIP5301",
    "a count is written out: `20e6`",
  ],
  [
    "a metric that the objective could measure",
    changed("train = 350 steps", "train = 350 steps\n  save { keep = best(itc.recall1) }", written),
    "BLIP5102",
    "`itc` measures it when its setting `similarity`",
  ],
];

describe("habits of other languages", () => {
  test.each(cases)("%s", (_, text, code, says) => {
    const { diagnostics } = checkExample({ text });
    expect(diagnostics.map((each) => each.code)).toEqual([code]);
    expect(printed({ text }).replaceAll(/\s+/g, " ")).toContain(says);
  });

  test("queries that do not enter the Q-Former are told once, however many call with them", () => {
    const text = changed("self = [q, caption]", "self = [caption]");
    expect(checkExample({ text }).diagnostics.map(({ code }) => code)).toEqual(["BLIP4110"]);
  });

  test("one rate alone needs no list", () => {
    const text = changed("lr = 4e-3", "lr = 4e-3, lr_for = rate(bridge, 1e-3)");
    const { model, diagnostics } = checkExample({ text });
    expect(diagnostics).toEqual([]);
    expect(model?.stages.get("pretrain")?.optimizer.rates).toEqual([
      { module: "bridge", scale: 0.25 },
    ]);
  });

  test("stages that start from each other are told once", () => {
    const stage = (name: string, from: string) => `stage ${name} {
  from = ${from}.last
  minimize = itc
  data = pairs
  train = 1 steps
  optimizer: adamw { lr = 1e-3 }
  seed = 1
}
`;
    const text = stage1Example + stage("one", "two") + stage("two", "one");
    const { diagnostics } = checkExample({ text });
    expect(diagnostics.map(({ code, primary }) => [code, primary.text])).toEqual([
      ["BLIP5103", "by way of `two`"],
    ]);
  });

  test("a plain number of an expression counts as read", () => {
    const text = changed("t = learned(10)", "t = 10", written);
    expect(checkExample({ text }).diagnostics).toEqual([]);
    const unread = changed("  t = learned(10)", "  t = learned(10)\n  u = 3", written);
    expect(checkExample({ text: unread }).diagnostics.map(({ code }) => code)).toEqual([
      "BLIP4311",
    ]);
  });
});
