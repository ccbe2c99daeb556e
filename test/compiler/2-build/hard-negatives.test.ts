/** Negatives by a contrast that is written out: the same graph as by the built-in one, and which axis is whose. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { buildStage } from "../../../compiler/2-build/build-stage.ts";
import { type Node, reachable } from "../../../compiler/ir/node.ts";
import { nodeText } from "../../../compiler/ir/print.ts";
import { stage1Example } from "../../../grammar/messages/example-pipeline.ts";
import { checkExample, printed } from "../../support/check-example.ts";

const similarity = `
  cosine = max(dot(image, rename(text, batch: texts), over: width), over: queries)
  similarity = cosine / learned(0.07, name: "temp")`;

const loss = `
  to_text = cross_entropy(similarity, over: texts, target: index(batch), smoothing: 0.1)
  to_image = cross_entropy(similarity, over: batch, target: index(texts), smoothing: 0.1)
  loss = (to_text + to_image) * 0.5
  accuracy = mean(argmax(similarity, over: texts) == index(batch))`;

/** Stage 1 with the contrast of docs/objectives.md, these lines in it, and these negatives. */
function written(lines = similarity + loss, negatives = "hard(from: itc)"): string {
  return stage1Example
    .replace(
      /objective itc[\s\S]*?\n}/,
      `objective itc: expression {
  image = normalize(linear(bridge(q), width: 64, name: "vision_proj"), over: width)
  text = normalize(linear(bridge(caption).cls, width: 64, name: "text_proj"), over: width)${lines}
}`,
    )
    .replace("hard(from: itc)", negatives);
}

function modelOf(text: string) {
  const { model } = checkExample({ text });
  expect(model, printed({ text })).toBeDefined();
  return model!;
}

/** The losses as text in which a node stands for all that it is made of, whatever the order and the origins. */
function graphOf(text: string): Readonly<Record<string, string>> {
  const graphs = buildStage(modelOf(text), "pretrain", { batch: 4 });
  const digests = new Map<Node, string>();
  const digest = (node: Node): string => digests.get(node) ?? "";
  for (const node of reachable(graphs.losses.values())) {
    const own = nodeText(node, digest).replace(/ +# .*/, "");
    digests.set(node, createHash("sha256").update(own).digest("hex"));
  }
  return Object.fromEntries([...graphs.losses].map(([name, node]) => [name, digest(node)]));
}

const negativesOf = (text: string) => {
  const objective = modelOf(text).objectives.get("itm");
  return objective?.variant === "matching" ? objective.negatives.value : undefined;
};

describe("hard negatives of a written contrast", () => {
  const builtIn = graphOf(stage1Example);

  test("make node by node the graph of the built-in contrast", () => {
    expect(graphOf(written())).toEqual(builtIn);
    expect(graphOf(written(undefined, "hard(from: itc.similarity)"))).toEqual(builtIn);
  });

  test("another setting gives another graph", () => {
    expect(graphOf(written(undefined, "hard(from: itc.cosine)"))).not.toEqual(builtIn);
  });

  test("pictures and texts are told apart whichever was renamed", () => {
    expect(negativesOf(written())).toEqual({
      kind: "hard",
      from: "itc",
      similarity: { setting: "similarity", pictures: "batch", texts: "texts" },
    });
    const turned = (similarity + loss)
      .replace("dot(image, rename(text, batch: texts)", "dot(text, rename(image, batch: pictures)")
      .replaceAll("texts", "pictures");
    expect(negativesOf(written(turned))).toMatchObject({
      similarity: { pictures: "pictures", texts: "batch" },
    });
  });

  test.each([
    ["no setting of that name", "hard(from: itc.likeness)"],
    ["a setting without both axes", "hard(from: itc.to_text)"],
    ["a setting with other axes", "hard(from: itc.image)"],
  ])("%s is refused", (_, negatives) => {
    const text = written(undefined, negatives);
    expect(printed({ text })).toMatch(/BLIP4106[\s\S]*is no tensor of each picture with each text/);
  });

  test("pictures against pictures are no contrast", () => {
    const text = written(
      `${similarity.replace("rename(text, batch: texts)", "rename(image, batch: texts, queries: others)").replace("max(", "max(max(").replace("over: queries)", "over: queries), over: others)")}${loss}\n  _text = sum(text)`,
    );
    expect(printed({ text })).toMatch(/is no tensor of each picture with each text/);
  });
});
