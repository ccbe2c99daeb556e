/** Retrieval by a contrast that is written out: the scores of the built-in one, and what cannot be compared pair by pair. */
import { describe, expect, test } from "vitest";
import { buildStage } from "../../../compiler/2-build/build-stage.ts";
import { retrievalGraphs } from "../../../compiler/2-build/retrieval-graphs.ts";
import type { InferenceGraph } from "../../../compiler/2-build/stage-graphs.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { elements } from "../../../compiler/ir/tensor-type.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { stage1Example } from "../../../grammar/messages/example-pipeline.ts";
import { checkExample, printed } from "../../support/check-example.ts";
import { writtenLoss } from "./written-loss.ts";

const sides = `
  image = normalize(linear(bridge(q), width: 64, name: "vision_proj"), over: width)
  text = normalize(linear(bridge(caption).cls, width: 64, name: "text_proj"), over: width)
  cosine = max(dot(image, rename(text, batch: texts), over: width), over: queries)`;
const similarity = `
  similarity = cosine / learned(0.07, name: "temp")`;
const loss = `
  to_text = cross_entropy(similarity, over: texts, target: index(batch), smoothing: 0.1)
  to_image = cross_entropy(similarity, over: batch, target: index(texts), smoothing: 0.1)
  loss = (to_text + to_image) * 0.5`;

function written(lines: string): string {
  return stage1Example.replace(
    /objective itc[\s\S]*?\n}/,
    `objective itc: expression {${lines}\n}`,
  );
}

function modelOf(text: string) {
  const { model } = checkExample({ text });
  expect(model, printed({ text })).toBeDefined();
  return model!;
}

const graphsOf = (text: string) => retrievalGraphs(modelOf(text), "pretrain", { batch: 3 });
const wave = (size: number, seed: number) =>
  Float64Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + seed));

/** Outputs by name, of weights and inputs that follow from their names alone. */
function run(
  graph: InferenceGraph,
  given: ReadonlyMap<string, ArrayLike<number>>,
): ReadonlyMap<string, Float64Array> {
  const values = new Map(given);
  for (const { attributes, type } of graph.parameters)
    values.set(
      attributes.path,
      attributes.path === "temp" ? [0.07] : wave(elements(type.shape), attributes.path.length),
    );
  const found = interpret(rules, [...graph.outputs.values()], values);
  return new Map([...graph.outputs.keys()].map((name, at) => [name, found[at]!]));
}

const pictures = new Map([["image", wave(3 * 3 * 48 * 48, 1)]]);
const ids = Array.from({ length: 3 * 14 }, (_, at) => 1 + ((at * 7) % 31));
const captions = new Map([
  ["caption.ids", ids],
  ["caption.mask", ids.map((_, at) => (at % 14 < 6 ? 1 : 0))],
]);

describe("retrieval by a written contrast", () => {
  test("scores pictures with texts by its similarity, and keeps the patches that pairs are matched by", () => {
    const plain = graphsOf(stage1Example)!;
    expect(plain.compare).toBeUndefined();
    const [seen, read] = [run(plain.image, pictures), run(plain.texts, captions)];
    const own = graphsOf(written(sides + similarity + loss))!;
    const [ownSeen, ownRead] = [run(own.image, pictures), run(own.texts, captions)];
    expect(ownSeen.get("patches")).toEqual(seen.get("patches"));
    expect([own.text, own.match?.inputs.length]).toEqual([plain.text, plain.match?.inputs.length]);
    const score = run(own.compare!, new Map([...ownSeen, ...ownRead])).get("score")!;
    const [images, texts] = [seen.get("features")!, read.get("features")!];
    expect(images).toHaveLength(3 * 8 * 64);
    for (let row = 0; row < 3; row += 1) {
      for (let column = 0; column < 3; column += 1) {
        const cosines = Array.from({ length: 8 }, (_, query) => {
          const at = (row * 8 + query) * 64;
          const text = texts.subarray(column * 64, column * 64 + 64);
          return text.reduce((sum, value, i) => sum + value * images[at + i]!, 0);
        });
        expect(score[row * 3 + column]).toBeCloseTo(Math.max(...cosines) / 0.07, 6);
      }
    }
  });

  test.each([
    ["reads all words of a text", "bridge(caption).cls", "mean(bridge(caption), over: tokens)"],
    ["has the texts as its rows", "rename(text, batch: texts)", "text"],
  ])("%s", (_, from, to) => {
    const turned = (sides + similarity + loss)
      .replace(from, to)
      .replace("dot(image, text,", "dot(rename(image, batch: pictures), text,");
    const lines = turned.includes("pictures")
      ? turned
          .replaceAll("over: texts, target: index(batch)", "over: batch, target: index(pictures)")
          .replace("over: batch, target: index(texts)", "over: pictures, target: index(batch)")
      : turned;
    const graphs = graphsOf(written(lines))!;
    const kept = [...graphs.image.outputs, ...graphs.texts.outputs].map(([name]) => name);
    expect(kept.toSorted()).toEqual(["kept 1", "kept 2", "patches"]);
    expect(graphs.compare!.outputs.get("score")!.type.shape).toEqual([3, 3]);
  });

  test.each([
    ["when a score depends on the other texts", "softmax(cosine, over: texts)"],
    ["when a score depends on the place in the batch", "cosine + eye(batch, texts)"],
    ["when a score depends on the mean of all", "cosine - mean(cosine)"],
  ])("is absent %s", (_, expression) => {
    expect(graphsOf(written(`${sides}\n  similarity = ${expression}${loss}`))).toBeUndefined();
  });

  test("is absent without a setting `similarity`", () => {
    const lines = (sides + similarity + loss).replaceAll("similarity", "logits");
    expect(graphsOf(written(lines).replace("hard(from: itc)", "random"))).toBeUndefined();
  });
});

describe("accuracy of a written contrast", () => {
  const metrics = (lines: string) => {
    const text = written(lines).replace("hard(from: itc)", "random");
    const graphs = buildStage(modelOf(text), "pretrain", { batch: 3 });
    return [...graphs.metrics.keys()];
  };

  test("is measured without being written, also when the loss does not need the similarity", () => {
    const siglip = `${sides}
  similarity = cosine
  loss = -mean(sum(log_sigmoid((2 * eye(batch, texts) - 1) * cosine), over: texts))`;
    expect(metrics(siglip)).toEqual(["itc.accuracy", "itm.accuracy"]);
    expect(checkExample({ text: written(siglip) }).diagnostics).toEqual([]);
    expect(metrics(siglip.replace("similarity = cosine", ""))).toEqual(["itm.accuracy"]);
  });

  test("is the mean of both ways, and gives way to one that is written", () => {
    // Pictures [1, 0] and [0, 1] with texts [2, 3] and [1, 4]: all rows right, one column of two.
    const given = new Map<string, ArrayLike<number>>([
      ["queries", [1, 0, 1, 0, 0, 1, 0, 1]],
      ["first", [2, 3, 1, 4]],
    ]);
    const lines = `x = mean(bridge(q), over: queries)
y = bridge(caption).cls
similarity = dot(x, rename(y, batch: texts), over: width)
loss = mean(similarity)`;
    const accuracy = (more: string) =>
      interpret(rules, [writtenLoss(lines + more).metrics.get("accuracy")!], given)[0]![0];
    expect(accuracy("")).toBe(0.75);
    expect(accuracy("\naccuracy = mean(argmax(similarity, over: texts) == index(batch))")).toBe(1);
  });

  test("can choose the best checkpoint as `recall1`", () => {
    const at = (keep: string) => {
      const text = written(sides + similarity + loss).replace(
        "train = 350 steps",
        `train = 350 steps\n  save { keep = ${keep} }`,
      );
      const { model, diagnostics } = checkExample({ text });
      const kept = model?.stages.get("pretrain")?.save.keep.value;
      return kept?.kind === "best" ? kept.metric : diagnostics.map(({ code }) => code).join();
    };
    expect(at("best(itc.recall1)")).toBe("itc.accuracy");
    expect(at("best(itc.accuracy)")).toBe("itc.accuracy");
    expect(at("best(itc.similarity)")).not.toBe("itc.similarity");
  });
});
