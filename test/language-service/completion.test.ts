import { expect, test } from "vitest";
import { completionsAt, loadScope } from "../../compiler/language-service/index.ts";
import { createSource } from "../../grammar/source.ts";
import { mark, marked, stage1, stage1At } from "./marked.ts";

function labels(text: string, files: Readonly<Record<string, string>> = {}): readonly string[] {
  const { analysis, offset } = marked(text, files);
  const paths = () => Object.keys(files).map((name) => `./${name}`);
  return completionsAt(analysis.scope, offset, paths).choices.map(({ label }) => label);
}

const inStage = (line: string) => stage1.replace("  seed = 1", `  ${line}`);
const other = { "stage1.blip": stage1 };
const imported = (rest: string) => `blip 1\nimport "./stage1.blip" as s1\n${rest}`;

test("top of a file: words and kinds, with their state where it must be said", () => {
  const found = labels(`${mark}`);
  expect(found).toEqual(expect.arrayContaining(["blip", "import", "param", "extend", "stage"]));
  expect(found).toEqual(expect.arrayContaining(["frozen encoder", "trainable encoder", "text"]));
  expect(found).not.toContain("encoder");
  expect(labels(`blip 1\n\npa${mark}`)).not.toContain("blip");
});

test("behind `frozen`: kinds with weights", () => {
  expect(labels(`blip 1\nfrozen ${mark}`)).toEqual([
    "encoder",
    "queries",
    "qformer",
    "adapter",
    "lm",
  ]);
  expect(labels(`blip 1\nfrozen enc${mark}`)).toContain("encoder");
});

test("variant, also while it is being typed", () => {
  const variants = ["contrastive", "matching", "captioning", "language", "expression"];
  expect(labels(`blip 1\nobjective x: ${mark}`)).toEqual(variants);
  expect(labels(`blip 1\nobjective x: con${mark} {\n}`)).toEqual(variants);
  expect(labels(inStage(`optimizer: ${mark}`))).toEqual(["adamw", "sgd"]);
  expect(labels(inStage(`schedule: ${mark}`))).toContain("cosine");
});

test("settings of the block, without those that are there", () => {
  const found = labels(stage1At("  dtype = f16", `  ${mark}`));
  expect(found).toContain("dtype");
  expect(found).not.toContain("input");
  expect(found).not.toContain("max_len");
  expect(labels(stage1At("  dtype = f16", `  dt${mark}`))).toContain("dtype");
  expect(labels(inStage(mark))).toEqual([
    "from",
    "accumulate",
    "whole",
    "memory",
    "precision",
    "seed",
    "save",
    "validate",
  ]);
  expect(labels(inStage(`precision = ${mark}`))).toEqual(["full", "mixed"]);
  expect(labels(inStage(`whole = ${mark}`))).toEqual(["itc"]);
  expect(labels(inStage(`optimizer: adamw { lr = 1e-4, ${mark} }`))).toContain("betas");
});

test("settings in a block that is still open at the end of the file", () => {
  expect(labels(`blip 1\ntext caption = "bert-base-uncased" {\n  ${mark}`)).toContain("max_len");
  expect(labels(`blip 1\nobjective x: matching {\n  ${mark}`)).toEqual([
    "pair",
    "negatives",
    "mask",
  ]);
});

test("values by the type of the setting", () => {
  expect(labels(stage1At("f16", mark))).toEqual(["f16", "f32"]);
  expect(labels(stage1At("vision.patches", mark))).toEqual(["vision.patches"]);
  expect(labels(stage1At("[q, caption]", `[${mark}]`))).toEqual(["q", "caption"]);
  expect(labels(stage1At("[q, caption]", `[q, ${mark}]`))).toEqual(["q", "caption"]);
  expect(labels(stage1At("bridge(q)", mark))).toContain("bridge(q)");
  expect(labels(stage1At("bridge(caption).cls", mark))).toContain("bridge(caption).cls");
  expect(labels(inStage(`minimize = ${mark}`))).toContain("itc");
  expect(labels(inStage(`minimize = 1.0 * ${mark}`))).toContain("itc");
  expect(labels(inStage(`data = ${mark}`))).toContain("pairs");
  expect(labels(stage1At("  count = 32", `  init = ${mark}`))).toContain("normal");
});

test("sources: backbones of the kind, inside and outside of quotes", () => {
  expect(labels(stage1At('"eva-clip-g/14"', mark))).toContain('"clip-vit-l/14"');
  expect(labels(stage1At('"eva-clip-g/14"', `"${mark}"`))).toContain("clip-vit-l/14");
  expect(labels(stage1At('"eva-clip-g/14"', `"${mark}`))).toContain("clip-vit-l/14");
  const sources = labels(stage1At("shapes(seed: 1)", mark));
  expect(sources).toEqual(expect.arrayContaining(["captions", "vqa", "mix"]));
  expect(labels(`blip 1\nfrozen lm opt = ${mark}`)).toContain('"opt-2.7b"');
  expect(labels(imported(`frozen encoder vision = ${mark}`), other)).toContain("s1.vision");
});

test("members of blocks, of calls and of files", () => {
  expect(labels(stage1At("vision.patches", `vision.${mark}`))).toEqual(["patches", "cls"]);
  expect(labels(stage1At("bridge(caption).cls", `bridge(caption).${mark}`))).toEqual(["cls"]);
  const file = labels(imported(`let x = s1.${mark}`), other);
  expect(file).toEqual(expect.arrayContaining(["vision", "bridge", "pretrain", "batch"]));
  expect(labels(imported(`let x = s1.pretrain.${mark}`), other)).toEqual(["last", "best"]);
});

test("arguments of functions and of Q-Formers", () => {
  expect(labels(stage1At("shapes(seed: 1)", `shapes(${mark})`))).toContain("seed:");
  expect(labels(stage1At("bridge(caption).cls", `bridge(${mark})`))).toEqual(["q", "caption"]);
  expect(
    labels(stage1At("  text = bridge", `  negatives = hard(${mark})\n  text = bridge`)),
  ).toContain("from:");
});

test("units", () => {
  expect(labels(stage1At("10 epochs", `10 ${mark}`))).toEqual(["steps", "epochs", "samples"]);
  expect(labels(stage1At("32 tokens", `32 to${mark}`))).toEqual(["tokens"]);
  expect(labels(stage1At("count = 32", `count = 32 ${mark}`))).toEqual([]);
});

test("imports: paths, words, names", () => {
  expect(labels(`blip 1\nimport "${mark}"`, other)).toContain("./stage1.blip");
  expect(labels(`blip 1\nimport "./stage1.blip" ${mark}`, other)).toEqual(["as"]);
  const names = labels(`blip 1\nimport { q, ${mark} } from "./stage1.blip"`, other);
  expect(names).toContain("bridge");
  expect(names).not.toContain("q");
  expect(labels(`blip 1\nimport { br${mark} } from "./stage1.blip"`, other)).toContain("bridge");
});

test("paths in `extend`", () => {
  expect(labels(imported(`extend ${mark}`), other)).toEqual(["s1"]);
  expect(labels(imported(`extend s1 {\n  ${mark}\n}`), other)).toContain("vision");
  expect(labels(imported(`extend s1 {\n  batch = 3\n  ${mark}\n}`), other)).not.toContain("batch");
  expect(labels(imported(`extend s1 {\n  vision.${mark}\n}`), other)).toContain("dtype");
  expect(labels(imported(`extend s1 {\n  pretrain.${mark}\n}`), other)).toContain("optimizer");
  expect(labels(imported(`extend s1 {\n  pretrain.optimizer.${mark}\n}`), other)).toContain("lr");
});

test("paths in `extend` of a block, of an import and of this file", () => {
  const inStage = labels(imported(`extend s1.pretrain {\n  seed = 2\n  ${mark}\n}`), other);
  expect(inStage).toEqual(expect.arrayContaining(["minimize", "precision", "optimizer"]));
  expect(inStage).not.toContain("seed");
  expect(inStage).not.toContain("vision");
  expect(labels(imported(`extend s1.pretrain.optimizer {\n  ${mark}\n}`), other)).toContain("lr");
  expect(labels(`${stage1}\nextend pretrain {\n  optimizer.${mark}\n}\n`)).toContain("lr");
});

test("what is taken over is of the same kind, and no block is made of itself", () => {
  const bridges = labels(imported(`trainable qformer b = s1.${mark}`), other);
  expect(bridges).toContain("bridge");
  expect(bridges).not.toContain("vision");
  expect(labels(inStage(`from = ${mark}`))).toEqual([]);
  const second = "stage again {\n  from = ▮\n}\n".replace("▮", mark);
  expect(labels(`${stage1}\n${second}`)).toEqual(["pretrain.last", "pretrain.best"]);
});

test("metrics of objectives, modules with rates, parts of a mix, bytes in an assert", () => {
  const best = (text: string) =>
    labels(inStage(`save { keep = best(itc.${mark}) }`).replace(...objective(text)));
  const objective = (text: string) => [/objective itc: contrastive \{[^}]*\}/, text] as const;
  const contrast = stage1.match(objective("")[0])?.[0];
  expect(contrast).toBeDefined();
  expect(best(contrast!)).toEqual(["accuracy", "recall1"]);
  const written = "objective itc: expression {\n  similarity = 1\n  loss = similarity\n}";
  expect(best(written)).toEqual(["similarity", "accuracy", "recall1"]);
  expect(best(written.replaceAll("similarity", "spread"))).toEqual(["spread"]);
  expect(labels(inStage(`optimizer: adamw { lr_for = [rate(${mark})] }`))).toEqual(["q", "bridge"]);
  expect(labels(`${stage1}\ndata both = mix([${mark}])\n`)).toEqual(["pairs"]);
  const asserted = `${stage1}\ntest "a" {\n  assert memory(pretrain) < 24 ${mark}\n}\n`;
  expect(labels(asserted)).toEqual(["B", "KiB", "MiB", "GiB"]);
});

test("types and roles of params", () => {
  expect(labels(`blip 1\nparam x: ${mark}`)).toContain("int");
  expect(labels(`blip 1\nparam x: backbone<${mark}`)).toContain("lm");
  expect(labels(`blip 1\nparam x: backbone<lm> = ${mark}`)).toContain('"opt-2.7b"');
  expect(labels(`blip 1\nparam x: int = 3 ${mark}`)).toEqual(["where"]);
});

test("asserts: what they can ask for, and of what", () => {
  const inTest = (text: string) => labels(`${stage1}\ntest "a" {\n  assert ${text}\n}\n`);
  expect(inTest(mark)).toEqual(expect.arrayContaining(["params", "memory", "flops", "bridge"]));
  expect(inTest(`params(${mark})`)).toEqual(expect.arrayContaining(["trainable", "vision"]));
  expect(inTest(`memory(${mark})`)).toEqual(["pretrain"]);
  expect(inTest(`q.${mark}`)).toContain("shape");
});

test("parts that are frozen or left out, features that are kept", () => {
  expect(labels(stage1At("dtype = f16", `freeze = [${mark}]`))).toEqual(["blocks", "embeddings"]);
  expect(labels(stage1At("dtype = f16", `cache = features(dtype: ${mark})`))).toEqual([
    "f16",
    "f32",
  ]);
  const bridge = (end: string) => labels(imported(`trainable qformer b = s1.bridge${end}`), other);
  expect(bridge(`.${mark}`)).toContain("except");
  expect(bridge(`.except(${mark})`)).toEqual(["blocks", "embeddings", "cross"]);
  const from = imported(
    `trainable queries q = s1.q\nstage a {\n  from = s1.pretrain.last.except(${mark})\n}`,
  );
  expect(labels(from, other)).toEqual(["q"]);
});

test("files that ship with the compiler, and their names", () => {
  expect(labels(`blip 1\nimport "${mark}"`)).toContain("std/datasets.blip");
  const names = labels(`blip 1\nimport "std/blip2.blip" as b\nlet x = b.${mark}`);
  expect(names.length).toBeGreaterThan(0);
});

test("nothing in comments, in names and behind whole values", () => {
  expect(labels(`blip 1\n// fro${mark}`)).toEqual([]);
  expect(labels(`blip 1\nparam ${mark}`)).toEqual([]);
  expect(labels(`blip 1\nfrozen encoder vi${mark}`)).toEqual([]);
  expect(labels(inStage(`data = pairs ${mark}`))).toEqual([]);
});

test("what is chosen replaces the word under the cursor", () => {
  const { analysis, offset } = marked(stage1At("f16", `f${mark}16`));
  const { span } = completionsAt(analysis.scope, offset);
  expect(analysis.source.text.slice(span.start, span.end)).toBe("f16");
});

test("no place of a pipeline makes it throw, whole or cut there", () => {
  const none = () => undefined;
  const whole = loadScope(createSource("example.blip", stage1), none);
  let found = 0;
  for (let at = 0; at <= stage1.length; at += 1) {
    found += completionsAt(whole, at).choices.length;
    if (at % 8 !== 0) continue;
    const cut = loadScope(createSource("example.blip", stage1.slice(0, at)), none);
    found += completionsAt(cut, at).choices.length;
  }
  expect(found).toBeGreaterThan(stage1.length);
});
