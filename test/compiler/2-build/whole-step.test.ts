/** What a stage keeps of each micro-batch for objectives that see the whole step, and what stays with the micro-batch. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildStage } from "../../../compiler/2-build/build-stage.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { reachable } from "../../../compiler/ir/node.ts";
import { elements } from "../../../compiler/ir/tensor-type.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { checkExample, printed } from "../../support/check-example.ts";
import { seeded } from "../../support/random.ts";

const tiny = readFileSync(new URL("../../end-to-end/tiny.blip", import.meta.url), "utf8");

function build(text: string, set: readonly string[]) {
  const { model } = checkExample({ text, set });
  expect(model, printed({ text, set })).toBeDefined();
  return buildStage(model!, "learn", { batch: 2 });
}

const inThree = ["pairs.batch=6", "learn.accumulate=3", "learn.whole=[itc]"];

const heldIn = (graphs: ReturnType<typeof build>) =>
  graphs.whole?.held.map(({ place: { attributes } }) => [attributes.path, attributes.shape]);

test("a contrast keeps its unit vectors, three micro-batches of two", () => {
  const graphs = build(tiny, inThree);
  expect(heldIn(graphs)).toEqual([
    ["whole step.itc.images", [3, 2, 2, 16]],
    ["whole step.itc.texts", [3, 2, 16]],
  ]);
  expect([...graphs.whole!.losses.keys()]).toEqual(["itc"]);
  expect([...graphs.whole!.metrics.keys()]).toEqual(["itc.accuracy"]);
  expect([...graphs.losses.keys()]).toEqual(["itm", "itg"]);
  const owners = graphs.modules.map(({ owner }) => owner);
  expect(owners).toEqual(["vision", "q", "bridge", "itc", "itm"]);
  expect(graphs.trainable.map(({ attributes }) => attributes.path)).toEqual(
    build(tiny, []).trainable.map(({ attributes }) => attributes.path),
  );
});

test("a step of one micro-batch keeps nothing", () => {
  expect(build(tiny, ["learn.whole=[itc]"]).whole).toBeUndefined();
});

test("an expression keeps the largest terms that are of single records", () => {
  const settings = `objective itc: expression {
  wide = linear(bridge(q), width: 8)
  image = normalize(wide * learned(2), over: width)
  best = argmax(sum(image, over: width), over: queries)
  text = linear(bridge(caption).cls, width: 8)
  cosine = max(dot(image, rename(text * 2, batch: texts), over: width), over: queries)
  loss = mean(log_sigmoid((2 * eye(batch, texts) - 1) * cosine * learned(1))) + mean(best * 0.1)
}`;
  const text = tiny
    .replace(/objective itc: contrastive \{[^}]*\}/, settings)
    .replace("from: itc", "from: itc.cosine");
  expect(heldIn(build(text, inThree))).toEqual([
    ["whole step.itc.cosine", [3, 2, 2, 8]],
    ["whole step.itc.cosine.2", [3, 2, 8]],
    ["whole step.itc.loss", [3, 2]],
  ]);
});

test("hard negatives stay those of the micro-batch", () => {
  const [whole, micro] = [inThree, inThree.slice(0, 2)].map((sets) => build(tiny, sets));
  const given = new Map<string, ArrayLike<number>>();
  const random = seeded(4);
  for (const node of reachable([whole!.losses.get("itm")!])) {
    const size = elements(node.type.shape);
    if (node.op === "parameter") given.set(node.attributes.path, random.floats(size));
    if (node.op === "input")
      given.set(
        node.attributes.name,
        node.type.dtype === "f32"
          ? random.floats(size)
          : Array.from({ length: size }, () => random.integer(0, 9)),
      );
  }
  const [own, other] = [whole!, micro!].map(
    ({ losses }) => interpret(rules, [losses.get("itm")!], given)[0]![0],
  );
  expect(own).toBe(other);
});

test.each([
  ["[itc, itc]", "BLIP2001"],
  ["caption", "BLIP2001"],
  ["[itc, itm]", "BLIP4109"],
  ["itg", "BLIP4109"],
  ["[later]", "BLIP1002"],
])("`whole = %s` is refused", (whole, code) => {
  const example = { text: tiny, set: ["learn.accumulate=2", `learn.whole=${whole}`] };
  expect(checkExample(example).diagnostics.map((each) => each.code)).toEqual([code]);
});
