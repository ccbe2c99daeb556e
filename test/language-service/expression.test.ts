import { describe, expect, test } from "vitest";
import {
  completionsAt,
  definitionAt,
  hoverAt,
  inlayShapes,
  renameAt,
  semanticTokens,
} from "../../compiler/language-service/index.ts";
import { mark, marked, spanText, stage1 } from "./marked.ts";

/** The small pipeline with its contrast written out; the file has a param called as an axis is. */
const written = stage1.replace(
  /objective itc[\s\S]*?\n}\n/,
  `objective itc: expression {
  image = normalize(linear(bridge(q), width: 256, name: "vision_proj"), over: width)
  text = normalize(linear(bridge(caption).cls, width: 256), over: width)
  // Every picture with every text.
  cosine = max(dot(image, rename(text, batch: texts), over: width), over: queries)
  similarity = cosine / learned(0.07)
  loss = cross_entropy(similarity, over: texts, target: index(batch))
  accuracy = mean(argmax(similarity, over: texts) == index(batch))
}
`,
);
const at = (before: string, replacement = mark + before) => {
  expect(written).toContain(before);
  return written.replace(before, replacement);
};

test("the example has nothing wrong", () => {
  expect(marked(written).analysis.diagnostics).toEqual([]);
});

describe("hover", () => {
  const said = (text: string) => {
    const { analysis, offset } = marked(text);
    return hoverAt(analysis, offset)?.markdown ?? "";
  };

  test("a setting: its shape and what it learns", () => {
    expect(said(at("cosine ="))).toContain("gives `f32[batch B, texts B]`");
    const image = said(at("image, rename"));
    expect(image).toContain("gives `f32[batch B, queries 32, width 256]`");
    expect(image).toContain("learns `vision_proj.weight`, `vision_proj.bias`");
    expect(said(at("similarity ="))).toContain("learns `itc.similarity`");
  });

  test("a metric, and a setting while the text has errors", () => {
    expect(said(at("accuracy ="))).toContain("reported as `itc.accuracy`");
    expect(said(at("cosine / learned", `${mark}cosine / leaned`))).toContain("cosine = max(");
  });

  test("a function: its form and what it gives", () => {
    expect(said(at("dot("))).toContain("dot(x, y, over: axis)");
    expect(said(at("dot("))).toContain("products summed over the axis");
  });

  test("an axis, also where a param has the same name", () => {
    expect(said(at("batch))"))).toBe("the axis `batch`");
    expect(said(at("batch: texts"))).toBe("the axis `batch`");
  });

  test("parts of the model as everywhere", () => {
    expect(said(at("bridge(q)"))).toContain("trainable qformer bridge");
  });
});

test("shapes behind the settings", () => {
  const { analysis } = marked(written);
  const { text } = analysis.source;
  const start = text.indexOf("objective itc");
  const found = inlayShapes(analysis, start, text.indexOf("data pairs")).map(
    ({ offset, text: shape }) =>
      `${text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset).trim()}: ${shape}`,
  );
  expect(found).toEqual([
    "image: f32[batch B, queries 32, width 256]",
    "text: f32[batch B, width 256]",
    "cosine: f32[batch B, texts B]",
    "similarity: f32[batch B, texts B]",
    "loss: f32[]",
    "accuracy: f32[]",
  ]);
});

describe("names", () => {
  test("a setting is declared in its block", () => {
    const { analysis, offset } = marked(at("similarity, over: texts) =="));
    expect(spanText(definitionAt(analysis.scope, offset)!)).toBe("example.blip:30 similarity");
  });

  test("a renamed setting keeps the pipeline right", () => {
    const { analysis, offset } = marked(at("cosine ="));
    const renaming = renameAt(analysis.scope, offset, "closeness", []);
    expect(renaming.ok && renaming.edits.map(({ span }) => spanText(span))).toEqual([
      "example.blip:29 cosine",
      "example.blip:30 cosine",
    ]);
  });

  test("a renamed param leaves the axis of its name alone", () => {
    const { analysis, offset } = marked(at("batch: int"));
    const renaming = renameAt(analysis.scope, offset, "pairs_a_step", []);
    const lines = renaming.ok ? renaming.edits.map(({ span }) => spanText(span)) : [];
    expect(lines).toEqual(["example.blip:3 batch", "example.blip:36 batch"]);
  });

  test("a name that a setting has already is refused", () => {
    const reason = "the objective of line 25 has a setting `text` already";
    for (const before of ["cosine =", "bridge(q)"]) {
      const { analysis, offset } = marked(at(before));
      expect(renameAt(analysis.scope, offset, "text", [])).toEqual({ ok: false, reason });
    }
  });

  test("colors", () => {
    const { analysis } = marked(written);
    const { text } = analysis.source;
    const typeAt = (word: string) =>
      semanticTokens(analysis).find(({ start }) => start === text.indexOf(word))?.type;
    expect(typeAt("dot(")).toBe("function");
    expect(typeAt("image, rename")).toBe("variable");
    expect(typeAt("over: texts")).toBe("parameter");
    expect(typeAt("texts, target")).toBe("enumMember");
  });
});

describe("completion", () => {
  const labels = (text: string) => {
    const { analysis, offset } = marked(text);
    return completionsAt(analysis.scope, offset).choices.map(({ label }) => label);
  };

  test("a value: settings, parts of the model, functions", () => {
    const found = labels(at("cosine / learned(0.07)", mark));
    expect(found).toEqual(expect.arrayContaining(["cosine", "image", "bridge", "vision", "dot"]));
    expect(found).not.toContain("similarity");
  });

  test("an axis: those of outputs and those that `rename` made", () => {
    expect(labels(at("over: queries)", `over: ${mark})`))).toEqual([
      "batch",
      "queries",
      "tokens",
      "patches",
      "width",
      "texts",
    ]);
    expect(labels(at("index(batch))\n}", `index(${mark}))\n}`))).toContain("texts");
  });

  test("arguments: the names that the function has", () => {
    const found = labels(at("over: texts, target: index(batch)", `${mark}`));
    expect(found).toEqual(expect.arrayContaining(["over:", "target:", "smoothing:"]));
  });

  test("never throws while it is typed", () => {
    for (
      let length = written.indexOf("objective");
      length < written.indexOf("data pairs");
      length += 7
    ) {
      const text = written.slice(0, length) + mark;
      expect(() => labels(text)).not.toThrow();
    }
  });
});
