import { describe, expect, it } from "vitest";
import { buildStage } from "../../../compiler/2-build/build-stage.ts";
import { captionGraphs } from "../../../compiler/2-build/caption-graphs.ts";
import { retrievalGraphs } from "../../../compiler/2-build/retrieval-graphs.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { elements } from "../../../compiler/ir/tensor-type.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { stage1Example } from "../../../grammar/messages/example-pipeline.ts";
import { checkExample } from "../../support/check-example.ts";
import { modelOf } from "../../support/check-file.ts";

const wave = (size: number, scale: number) =>
  Float64Array.from({ length: size }, (_, i) => scale * Math.sin(1.7 * i + size));

describe("captionGraphs", () => {
  const model = modelOf("pipelines/shapes/stage2.blip");

  function logits(length: number, words: readonly number[]): Float64Array {
    const { next } = captionGraphs(model, "generate", { batch: 1, lengths: { prompt: length } })!;
    const given = new Map<string, ArrayLike<number>>();
    for (const { attributes, type } of next.parameters)
      given.set(attributes.path, wave(elements(type.shape), 0.3));
    const padded = Array.from({ length }, (_, i) => words[i] ?? 0);
    given.set("prefix", wave(8 * 64, 1));
    given.set("prompt.ids", padded);
    given.set(
      "prompt.mask",
      padded.map((_, i) => (i < words.length ? 1 : 0)),
    );
    return interpret(rules, [next.outputs.get("logits")!], given)[0]!;
  }

  it("gives the logits behind the last token, whatever the padding", () => {
    const short = logits(3, [6, 8, 20]);
    const long = logits(7, [6, 8, 20]);
    expect(short).toHaveLength(41);
    short.forEach((value, i) => {
      expect(long[i]).toBeCloseTo(value, 10);
    });
    expect(logits(3, [6, 8])[0]).not.toBeCloseTo(short[0]!, 6);
  });

  it("is computed in the precision of the stage", () => {
    const graphs = (sets: readonly string[]) => {
      const { prefix, next } = captionGraphs(
        modelOf("pipelines/shapes/stage2.blip", sets),
        "generate",
        { batch: 1 },
      )!;
      const stored = prefix.parameters.concat(next.parameters).map(({ type }) => type.dtype);
      return [prefix.precision, next.precision, new Set(stored).has("f16")];
    };
    expect(graphs([])).toEqual(["full", "full", false]);
    expect(graphs(["generate.precision=mixed"])).toEqual(["mixed", "mixed", true]);
  });

  it("is absent without a language model behind a prefix", () => {
    expect(
      captionGraphs(modelOf("pipelines/shapes/stage1.blip"), "pretrain", { batch: 1 }),
    ).toBeUndefined();
  });
});

describe("retrievalGraphs", () => {
  it("is computed in the precision of the stage", () => {
    const model = modelOf("pipelines/shapes/stage1.blip", ["pretrain.precision=mixed"]);
    const { image, texts, match } = retrievalGraphs(model, "pretrain", { batch: 1 })!;
    expect([image, texts, match!].map(({ precision }) => precision)).toEqual(
      Array.from({ length: 3 }, () => "mixed"),
    );
  });

  it("takes the projections of the contrast that the stage trains, also when another is declared before", () => {
    const second = stage1Example.replace(
      "objective itc: contrastive {",
      "objective other: contrastive {\n  image = bridge(q)\n  text = bridge(caption).cls\n}\n\nobjective itc: contrastive {",
    );
    const { model } = checkExample({ text: second });
    const { image, texts } = retrievalGraphs(model!, "pretrain", { batch: 1 })!;
    const trained = buildStage(model!, "pretrain", { batch: 2 }).trainable;
    const heads = (side: string, of: typeof trained) =>
      of.map(({ attributes }) => attributes.path).filter((path) => path.includes(side));
    expect(heads("vision_proj", image.parameters)).toEqual(heads("vision_proj", trained));
    expect(heads("text_proj", texts.parameters)).toEqual(heads("text_proj", trained));
    expect(heads("vision_proj", trained)).toEqual([
      "itc.vision_proj.bias",
      "itc.vision_proj.weight",
    ]);
  });

  it("gives features of pictures and texts and the score of pairs, without a seed", () => {
    const model = modelOf("pipelines/shapes/stage1.blip");
    const graphs = retrievalGraphs(model, "pretrain", { batch: 4 })!;
    const shape = (graph: typeof graphs.image | undefined, name: string) =>
      graph?.outputs.get(name)?.type.shape;
    expect(shape(graphs.image, "features")).toEqual([4, 8, 64]);
    expect(shape(graphs.image, "patches")).toEqual([4, 10, 64]);
    expect(shape(graphs.texts, "features")).toEqual([4, 64]);
    expect(shape(graphs.match, "score")).toEqual([4]);
    const names = [graphs.image, graphs.texts, graphs.match!].map(({ inputs }) =>
      inputs.map(({ name }) => name).toSorted(),
    );
    expect(names).toEqual([
      ["image"],
      ["caption.ids", "caption.mask"],
      ["caption.ids", "caption.mask", "patches"],
    ]);
  });
});
