/** Sentences of the language's meaning, each as a small change of a pipeline that checks. */
import { describe, expect, it } from "vitest";
import { standardFiles, standardSource } from "../../../compiler/1-check/standard-library.ts";
import { whyValue } from "../../../compiler/1-check/why-value.ts";
import { stage1Example, stage2Example } from "../../../grammar/messages/example-pipeline.ts";
import { createSource } from "../../../grammar/source.ts";
import { checkExample, printed } from "../../support/check-example.ts";

type Change = readonly [from: string, to: string];

function changed(text: string, changes: readonly Change[]): string {
  return changes.reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`the example has no ${from}`);
    return now.replace(from, to);
  }, text);
}

/** The model of stage 1 after changes; throws with the messages when there is none. */
function stage1(...changes: readonly Change[]) {
  const text = changed(stage1Example, changes);
  const { model } = checkExample({ text });
  if (model === undefined) throw new Error(printed({ text }));
  return model;
}

/** All that is printed of stage 1 after changes. */
function said(...changes: readonly Change[]): string {
  return printed({ text: changed(stage1Example, changes) });
}

/** The model of stage 2 after changes; throws with the messages when there is none. */
function stage2(...changes: readonly Change[]) {
  const example = {
    text: changed(stage2Example, changes),
    files: { "stage1.blip": stage1Example },
  };
  const { model } = checkExample(example);
  if (model === undefined) throw new Error(printed(example));
  return model;
}

describe("params", () => {
  const edition = "blip 1\n";
  it("may be lists, of a size or of a size with a name", () => {
    const model = stage1(
      [edition, `${edition}param betas: float[2] = [0.9, 0.98]\n`],
      ["lr = 4e-3", "lr = 4e-3, betas = betas"],
    );
    expect(model.stages.get("pretrain")?.optimizer).toMatchObject({
      betas: { value: [0.9, 0.98] },
    });
    expect(model.parameters.get("betas")?.value).toEqual([0.9, 0.98]);
    const table = "param _t: int[2, N] = [[1, 2, 3], [4, 5, 6]]\n";
    expect(stage1([edition, edition + table]).parameters.get("_t")?.value).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const other = "param _u: int[N] = [1, 2]\n";
    expect(said([edition, edition + table + other])).toContain("`_u` has 2 values where `N` is 3");
    expect(said([edition, `${edition}param _a: float[2] = [1, true]\n`])).toContain(
      "`_a` takes a number, not true",
    );
  });

  it("hold no tensors", () => {
    expect(said([edition, `${edition}param _a: f16[B, 257, 1408]\n`])).toContain(
      "there is no type called `f16[B, 257, 1408]`",
    );
  });

  it("hold one backbone each", () => {
    expect(said([edition, `${edition}param _a: backbone<lm>[2] = "shapes-opt"\n`])).toContain(
      "there is no type called `backbone<lm>[2]`",
    );
  });

  it("are the only values at the top of a file", () => {
    const loose = said([edition, `${edition}batch = 3\n`]);
    expect(loose).toContain("the setting `batch` stands outside of every block");
  });
});

describe("the standard library", () => {
  it("checks without a message", () => {
    expect(standardFiles.length).toBeGreaterThan(2);
    for (const name of standardFiles) {
      const { text } = standardSource(name)!;
      const { model, diagnostics } = checkExample({ text }, name);
      expect([name, diagnostics]).toEqual([name, []]);
      expect(model).toBeDefined();
    }
  });

  it("gives data whose paths are those of the pipeline, and yields to a file of its name", () => {
    const use: readonly Change[] = [
      ["blip 1\n", 'blip 1\n\nimport "std/datasets.blip" as ds\n'],
      ["shapes(seed: 1)", "ds.coco_captions"],
    ];
    const pairs = stage1(...use).data.get("pairs");
    expect(pairs?.source.value).toEqual({
      kind: "captions",
      path: "coco_karpathy_train.json",
      base: "example.blip",
    });
    expect(pairs?.root.value).toEqual({ path: "images", base: "example.blip" });
    const own = {
      text: changed(stage1Example, use),
      files: {
        "std/datasets.blip": 'blip 1\ndata coco_captions = captions("mine.json") { batch = 2 }\n',
      },
    };
    expect(checkExample(own).model?.data.get("pairs")?.source.value).toMatchObject({
      path: "mine.json",
    });
  });

  it("names its files where another one is asked for", () => {
    const wrong: Change = ["blip 1\n", 'blip 1\nimport "std/dataset.blip" as ds\n'];
    expect(said(wrong)).toContain("files of the standard library: std/augmentations.blip");
  });

  it("says where its values come from, and what sets them from outside", () => {
    const importing = createSource("a.blip", 'blip 1\nimport "std/augmentations.blip" as aug\n');
    const set = createSource("--set", "aug.size=384");
    expect(whyValue(importing, [set], () => undefined, "aug.size")).toEqual({
      setters: [
        { how: "file", place: "std/augmentations.blip:4:19", text: "224" },
        { how: "--set", place: "--set:1:10", text: "384" },
      ],
    });
  });
});

describe("modules", () => {
  const tower: Change = ['frozen encoder vision = "shapes-vit"', ""];
  const trained = (settings: string): Change => [
    tower[0],
    `trainable encoder vision = "shapes-vit" {\n  ${settings}\n}`,
  ];

  it("may freeze some of their parts", () => {
    const parts = (text: string) =>
      stage1(trained(`freeze = ${text}`)).modules.get("vision")?.freeze.value;
    expect(parts("blocks[0..2]")).toEqual([{ kind: "blocks", from: 0, to: 2 }]);
    expect(parts("blocks[1]")).toEqual([{ kind: "blocks", from: 1, to: 2 }]);
    expect(parts("blocks")).toEqual([{ kind: "blocks", from: 0, to: 3 }]);
    expect(parts("[embeddings, blocks[0..1]]")).toEqual([
      { kind: "embeddings" },
      { kind: "blocks", from: 0, to: 1 },
    ]);
  });

  it("are told when they freeze what is not there", () => {
    expect(said(trained("freeze = blocks[2..1]"))).toContain("names no block of `vision`");
    expect(said(trained("freeze = blocks[0..60]"))).toContain("blocks are numbered 0 to 2");
    expect(said(trained("freeze = block[0..1]"))).toContain("did you mean `blocks`?");
    expect(said(trained("freeze = 2"))).toContain("`vision` has no part called `2`");
  });

  it("forget what was frozen of them where they are frozen as a whole", () => {
    const { model } = checkExample({
      text: stage2Example,
      files: { "stage1.blip": changed(stage1Example, [trained("freeze = blocks[0..2]")]) },
    });
    expect(model?.modules.get("vision")?.freeze.value).toEqual([]);
  });

  it("may leave out parts of what they take over", () => {
    const model = stage2(
      ["= s1.bridge {", "= s1.bridge.except(cross, bridge.blocks[1]) {"],
      ["s1.pretrain.last", "s1.pretrain.last.except(q, vision.blocks[0..2])"],
    );
    expect(model.modules.get("bridge")?.except).toEqual([
      { kind: "cross" },
      { kind: "blocks", from: 1, to: 2 },
    ]);
    expect(model.stages.get("generate")?.from?.value.except).toEqual([
      { owner: "q", part: "all" },
      { owner: "vision", part: { kind: "blocks", from: 0, to: 2 } },
    ]);
  });

  it("are told when what they leave out is frozen, in whole or in part", () => {
    const left = (part: string): Change => ["s1.pretrain.last", `s1.pretrain.last.except(${part})`];
    const saying = (...changes: readonly Change[]) => {
      const text = changed(stage2Example, changes);
      return printed({ text, files: { "stage1.blip": stage1Example } });
    };
    expect(saying(["trainable queries", "frozen queries"], left("q"))).toContain(
      "`q` is frozen and starts anew",
    );
    expect(saying(left("q"))).toBe("");
    // A file gives the values of a published backbone.
    expect(saying(left("vision"))).toBe("");
    const vision = (part: string): readonly Change[] => [
      ["frozen encoder", "trainable encoder"],
      ["= s1.vision", `= s1.vision.except(${part}) {\n  freeze = blocks[0..2]\n}`],
    ];
    expect(saying(...vision("blocks[1]"))).toContain(
      "blocks[1] of `vision` is frozen and starts anew",
    );
    expect(saying(...vision("blocks[2]"))).toBe("");
  });

  it("may be another tower below cross-attention that starts anew", () => {
    const other: Change = ["= s1.vision", '= "clip-vit-b/16"'];
    expect(stage2(other, ["= s1.bridge {", "= s1.bridge.except(cross) {"]).file).toBe(
      "example.blip",
    );
    expect(() => stage2(other)).toThrow("was trained for width 64, but `vision` now gives 768");
  });

  it("may pool patches, and map in two steps", () => {
    const vision = stage1([tower[0], `${tower[0]} {\n  pool = mean\n}`]).modules.get("vision");
    expect(vision?.kind === "encoder" && vision.pool.value).toBe("mean");
    const adapter = stage2(["to_lm: linear", "to_lm: mlp"]).modules.get("to_lm");
    expect(adapter?.kind === "adapter" && [adapter.variant, adapter.hidden.value]).toEqual([
      "mlp",
      64,
    ]);
  });
});

describe("stages", () => {
  const save = (keep: string): Change => [
    "train = 350 steps",
    `train = 350 steps\n  save { every = 50 steps, keep = ${keep} }`,
  ];

  it("keep the best by something that they measure", () => {
    const keep = (text: string) => stage1(save(text)).stages.get("pretrain")?.save.keep.value;
    expect(keep("best(loss)")).toEqual({ kind: "best", metric: "loss" });
    expect(keep("best(itg)")).toEqual({ kind: "best", metric: "itg" });
    expect(keep("best(itc.recall1)")).toEqual({ kind: "best", metric: "itc.accuracy" });
    expect(said(save("best(itc.acuracy)"))).toContain("did you mean `best(itc.accuracy)`?");
    expect(said(save("best(itg)"), ["+ itg", ""])).toContain("does not measure `itg`");
  });

  it("may measure on held data, which must suit the objectives", () => {
    const validate: Change = [
      "train = 350 steps",
      "train = 350 steps\n  validate { data = held, every = 50 steps }",
    ];
    const held = (text: string): Change => ["stage pretrain", `${text}\n\nstage pretrain`];
    const model = stage1(validate, held('data held = pairs {\n  split = "held"\n}'));
    expect(model.stages.get("pretrain")?.validate).toMatchObject({
      data: { value: "held" },
      every: { value: { value: 50, unit: "steps" } },
    });
    expect(model.data.get("held")?.split.value).toBe("held");
    expect(said(validate, held("data held = documents(seed: 1) {\n  batch = 8\n}"))).toContain(
      "documents are text alone",
    );
    expect(said(validate, held("data held = pairs {\n  batch = 1\n}"))).toContain("BLIP4102");
    expect(said(validate, held('data held = pairs {\n  split = "hell"\n}'))).toContain(
      'did you mean `"held"`?',
    );
  });
});

describe("objectives", () => {
  it("may draw negatives at random, and then need no contrast", () => {
    const model = stage1(
      ["negatives = hard(from: itc)", "negatives = random"],
      ["minimize = itc + itm + itg", "minimize = itm + itg"],
    );
    const itm = model.objectives.get("itm");
    expect(itm?.variant === "matching" && itm.negatives.value).toEqual({ kind: "random" });
  });

  it("may state their mask, which gives no answer away", () => {
    const contrast = (mask: string): Change => ["(caption).cls", `(caption).cls\n  mask = ${mask}`];
    const caption = (mask: string): Change => [
      "  predict = caption",
      `  predict = caption\n  mask = ${mask}`,
    ];
    expect(stage1(contrast("unimodal"), caption("causal")).objectives.size).toBe(3);
    expect(said(contrast("bidirectional"))).toContain("queries and text see each other");
    expect(said(contrast("causal"))).toContain("one side of a contrast can read the other");
    expect(said(caption("bidirectional"))).toContain("captioning can read the words");
  });

  it("may let only the side of a row learn from it", () => {
    const gradient = (model: ReturnType<typeof stage1>) => {
      const itc = model.objectives.get("itc");
      return itc?.variant === "contrastive" ? itc.gradient.value : undefined;
    };
    expect(gradient(stage1())).toBe("both");
    const cls: Change = ["(caption).cls", "(caption).cls\n  gradient = row"];
    expect(gradient(stage1(cls))).toBe("row");
    expect(printed({ text: changed(stage1Example, [[cls[0], `${cls[1]}s`]]) })).toContain(
      "did you mean `row`?",
    );
  });
});
