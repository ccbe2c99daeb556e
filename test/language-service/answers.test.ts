import { describe, expect, test } from "vitest";
import {
  definitionAt,
  documentSymbols,
  hoverAt,
  inlayShapes,
  quickFixes,
  referencesAt,
  renameAt,
  renameableAt,
  semanticTokens,
} from "../../compiler/language-service/index.ts";
import { mark, marked, spanText, stage1, stage1At } from "./marked.ts";

const other = { "stage1.blip": stage1 };
const stage2 = `blip 1
import "./stage1.blip" as s1
frozen encoder vision = s1.vision
trainable queries q = s1.q
trainable qformer bridge = s1.bridge {
  drop = [s1.caption]
}
frozen lm opt = "opt-125m"
text prompt = opt.tokenizer {
  max_len = 32 tokens
}
trainable adapter to_lm: linear = bridge(q) -> opt.embed
objective say: language {
  model = opt
  prefix = to_lm
  predict = prompt
}
stage generate {
  from = s1.pretrain.last
  minimize = say
  data = s1.pairs
  train = 10 epochs
  optimizer: adamw { lr = 1e-4 }
  schedule: cosine { warmup = 100 steps }
  seed = 1
}
`;
const at2 = (before: string) => stage2.replace(before, mark + before);

test("the examples have nothing wrong", () => {
  expect(marked(stage1).analysis.diagnostics).toEqual([]);
  expect(
    marked(stage2, other).analysis.diagnostics.filter(({ severity }) => severity === "error"),
  ).toEqual([]);
});

describe("hover", () => {
  const said = (text: string, files = {}) => {
    const { analysis, offset } = marked(text, files);
    return hoverAt(analysis, offset)?.markdown ?? "";
  };

  test("a frozen tower: shape, dtype, parameters, gradient, where it comes from", () => {
    const text = said(stage1At("vision ="));
    expect(text).toContain('frozen encoder vision = "eva-clip-g/14"');
    expect(text).toContain("The tower.");
    expect(text).toContain("f16[B, 257, 1408]");
    expect(text).toContain("`f16`, set at example.blip:8");
    expect(text).toContain("986 M (985,894,528) parameters, **frozen**");
    expect(text).toContain("no gradient enters");
    expect(text).toContain("`eva-clip-g/14`");
  });

  test("what is trained", () => {
    expect(said(stage1At("q {"))).toContain("24.6 k (24,576) parameters, **trainable**");
    expect(said(stage1At("q {"))).toContain("updated by itc");
    expect(said(stage1At("q {"))).toContain("f32[32, 768]");
    expect(said(stage1At("itc: "))).toContain("weighs 1 in stage pretrain");
  });

  test("a frozen module that gradients pass through", () => {
    expect(said(at2("opt ="), other)).toContain("gradients pass through to q, bridge, to_lm");
    expect(said(at2("to_lm:"), other)).toContain("f32[768, 768]");
    expect(said(at2("to_lm:"), other)).toContain("591 k (590,592)");
  });

  test("a part of another file", () => {
    const text = said(at2("caption]"), other);
    expect(text).toContain("tokens[B, 32]");
    expect(text).toContain("stage1.blip");
  });

  test("members, settings, params, kinds and variants", () => {
    expect(said(stage1At("patches"))).toContain("f16[B, 257, 1408]");
    expect(said(stage1At("cls"))).toContain("f32[B, 768]");
    expect(said(stage1At("every"))).toContain("is `2`, set at example.blip:22");
    expect(said(stage1At("batch: int"))).toContain("is `64`, set at example.blip:3");
    expect(said(stage1At("objective itc"))).toContain("**objective**");
    expect(said(stage1At("contrastive"))).toContain("compares every image with every text");
    expect(said(stage1At("eva-clip-g"))).toContain("BAAI");
  });

  test("values from before stand in while there are errors", () => {
    const { analysis } = marked(stage1);
    const broken = stage1At("q {").replace("minimize = itc", "minimize = ");
    const { analysis: now, offset } = marked(broken, {}, analysis);
    expect(now.isCurrent).toBe(false);
    expect(hoverAt(now, offset)?.markdown).toContain("f32[32, 768]");
    expect(hoverAt(now, offset)?.markdown).toContain("as it was before the errors");
  });

  test("a value that an `extend` changed points there", () => {
    const text = `blip 1\nimport "./stage1.blip" as base\nextend base {\n  ${mark}batch = 8\n}\n`;
    const { analysis } = marked(text, other);
    expect(analysis.model?.parameters.get("batch")?.value).toBe(8);
    expect(said(text, other)).toContain("param batch: int = 64");
  });
});

describe("names", () => {
  const places = (text: string, files = {}) => {
    const { analysis, offset } = marked(text, files);
    return referencesAt(analysis.scope, offset, []).map(({ span }) => spanText(span));
  };

  test("definition, in this file, in another, and of an import", () => {
    const definition = (text: string) => {
      const { analysis, offset } = marked(text, other);
      const span = definitionAt(analysis.scope, offset);
      return span && spanText(span);
    };
    expect(definition(stage1At("vision.patches"))).toBe("example.blip:6 vision");
    expect(definition(at2("bridge {"))).toBe("stage1.blip:19 bridge");
    expect(definition(at2("./stage1"))).toBe("stage1.blip:1");
    expect(definition(at2("opt.embed"))).toBe("example.blip:8 opt");
    expect(definition(stage1At("f16"))).toBeUndefined();
    expect(definition(stage1At("batch\n", `${mark}batch\n`))).toBe("example.blip:3 batch");
  });

  test("references across files, and none of a setting of the same name", () => {
    expect(places(stage1At("caption ="))).toEqual([
      "example.blip:11 caption",
      "example.blip:20 caption",
      "example.blip:27 caption",
    ]);
    expect(places(stage1At("batch: int"))).toEqual([
      "example.blip:3 batch",
      "example.blip:32 batch",
    ]);
    expect(places(at2("caption]"), other)).toContain("example.blip:6 caption");
    expect(places(at2("caption]"), other)).toContain("stage1.blip:27 caption");
  });

  test("a rename gives a text that means the same", () => {
    const { analysis, offset } = marked(stage1At("bridge ="));
    const renaming = renameAt(analysis.scope, offset, "former", []);
    expect(renaming.ok).toBe(true);
    const edits = renaming.ok ? renaming.edits.toSorted((a, b) => b.span.start - a.span.start) : [];
    let text = analysis.source.text;
    for (const { span, text: to } of edits)
      text = text.slice(0, span.start) + to + text.slice(span.end);
    expect(text).not.toMatch(/\bbridge\b/);
    expect(marked(text).analysis.diagnostics).toEqual([]);
  });

  test("a rename in one file reaches the declaration in another", () => {
    const { analysis, offset } = marked(at2("caption]"), other);
    const renaming = renameAt(analysis.scope, offset, "words", []);
    const files = renaming.ok ? renaming.edits.map(({ span }) => span.source.name) : [];
    expect(new Set(files)).toEqual(new Set(["example.blip", "stage1.blip"]));
  });

  test("a rename that cannot be is refused with its reason", () => {
    const { analysis, offset } = marked(stage1At("bridge ="));
    const refused = (to: string) => renameAt(analysis.scope, offset, to, []);
    expect(refused("vision")).toEqual({
      ok: false,
      reason: "example.blip declares `vision` already",
    });
    expect(refused("frozen")).toMatchObject({ ok: false });
    expect(refused("two words")).toMatchObject({ ok: false });
    expect(renameAt(analysis.scope, 0, "x", [])).toMatchObject({ ok: false });
  });

  test("names of the standard library are not renamed, those of a file in its place are", () => {
    const text = `blip 1\nimport "std/blip2.blip" as recipe\nlet rate = recipe.${mark}lr\n`;
    const own = { "std/blip2.blip": "blip 1\nlet lr = 1\n" };
    const renamed = (files: Readonly<Record<string, string>>) => {
      const { analysis, offset } = marked(text, files);
      const place = renameableAt(analysis.scope, offset);
      return { place, renaming: renameAt(analysis.scope, offset, "speed", []) };
    };
    expect(renamed({})).toEqual({
      place: undefined,
      renaming: {
        ok: false,
        reason: "std/blip2.blip ships with the compiler: its names stay as they are",
      },
    });
    expect(renamed(own)).toMatchObject({ place: {}, renaming: { ok: true } });
    const alias = marked(
      `blip 1\nimport "std/blip2.blip" as ${mark}recipe\nlet rate = recipe.lr\n`,
    );
    expect(renameAt(alias.analysis.scope, alias.offset, "paper", []).ok).toBe(true);
  });

  test("names brought in one by one are those of their file", () => {
    const text = `blip 1\nimport { q } from "./stage1.blip"\ntrainable queries mine = ${mark}q\n`;
    expect(places(text, other)).toEqual(
      expect.arrayContaining(["example.blip:2 q", "example.blip:3 q", "stage1.blip:15 q"]),
    );
  });
});

test("outline", () => {
  const symbols = documentSymbols(marked(stage1).analysis.scope.document.statements);
  expect(symbols.map(({ name, detail }) => `${detail} ${name}`)).toEqual([
    "param int batch",
    "frozen encoder vision",
    "text caption",
    "trainable queries q",
    "trainable qformer bridge",
    "objective contrastive itc",
    "data pairs",
    "stage pretrain",
  ]);
  const stage = symbols.at(-1)?.children.map(({ name }) => name);
  expect(stage).toEqual(["minimize", "data", "train", "optimizer", "schedule", "seed"]);
  for (const { span, nameSpan } of symbols) {
    expect(span.start <= nameSpan.start && nameSpan.end <= span.end).toBe(true);
  }
});

test("shapes behind names and values", () => {
  const { analysis } = marked(stage1);
  const { text } = analysis.source;
  const found = inlayShapes(analysis, 0, text.length).map(
    ({ offset, text: shape }) =>
      `${text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset).trim()} ${shape}`,
  );
  expect(found).toEqual([
    "text caption tokens[B, 32]",
    "trainable queries q f32[32, 768]",
    "cross = vision.patches f16[B, 257, 1408]",
    "image = bridge(q) f32[B, 32, 768]",
    "text = bridge(caption).cls f32[B, 768]",
  ]);
});

test("colors: every word once, in order, by what it means", () => {
  const { analysis } = marked(stage1);
  const tokens = semanticTokens(analysis);
  const { text } = analysis.source;
  const typeAt = (word: string, from = 0) =>
    tokens.find(({ start }) => start === text.indexOf(word, from))?.type;
  expect(typeAt("frozen")).toBe("keyword");
  expect(typeAt("encoder")).toBe("type");
  expect(typeAt("vision")).toBe("class");
  expect(typeAt("vision.patches")).toBe("class");
  expect(typeAt("dtype")).toBe("property");
  expect(typeAt("f16")).toBe("enumMember");
  expect(typeAt("learned")).toBe("function");
  expect(typeAt("/// The")).toBe("comment");
  expect(typeAt("batch: int")).toBe("parameter");
  for (const [index, { start }] of tokens.entries()) {
    const before = tokens[index - 1];
    if (before !== undefined) expect(before.start + before.length).toBeLessThanOrEqual(start);
  }
});

test("fixes of the messages at the cursor", () => {
  const { analysis, offset } = marked(stage1At("dtype = f16", `dty${mark}p = f16`));
  const fixes = quickFixes(analysis, offset, offset);
  expect(fixes.map(({ fix }) => fix.title)).toEqual(["write `dtype`"]);
  expect(quickFixes(analysis, 0, 0)).toEqual([]);
});
