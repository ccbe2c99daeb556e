/** Whatever a written loss is changed into: what the check lets through can be built, and something is learned. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CheckedModel } from "../../../compiler/1-check/model.ts";
import { buildStage } from "../../../compiler/2-build/build-stage.ts";
import { gradients } from "../../../compiler/3-differentiate/gradients.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { checkExample } from "../../support/check-example.ts";

const text = readFileSync("pipelines/objectives/siglip-shapes.blip", "utf8");
const files = { "../shapes/stage1.blip": readFileSync("pipelines/shapes/stage1.blip", "utf8") };
const words = ["batch", "queries", "width", "texts", "image", "text", "cosine", "0", "2", "sum"];
const more = ["max", "index", "bridge(q)", "==", "-", "over", "b", "loss"];

/** The file with one word of the objective written differently. */
function* mutants(): Generator<string> {
  const from = text.indexOf("objective");
  const to = text.indexOf("stage pretrain");
  for (const token of text.matchAll(/"[^"\n]*"|[A-Za-z_]\w*|\d[\d.]*|[^\s\w/]/g)) {
    if (token.index < from || token.index >= to) continue;
    for (const word of [...words, ...more])
      yield `${text.slice(0, token.index)}${word}${text.slice(token.index + token[0].length)}`;
  }
}

function trained(model: CheckedModel): number {
  const { builder, total, trainable } = buildStage(model, "pretrain", { batch: 3 });
  return gradients(builder, rules, total, [...trainable]).filter((each) => each !== null).length;
}

describe("mutants of a written loss", () => {
  it("that check without an error build and learn", () => {
    const all = [...new Set(mutants())].filter((_, index) => index % 9 === 0);
    let built = 0;
    for (const each of all) {
      const { model } = checkExample({ text: each, files });
      if (model === undefined) continue;
      expect(trained(model), each).toBeGreaterThan(0);
      built += 1;
    }
    expect(all.length).toBeGreaterThan(200);
    expect(built).toBeGreaterThan(30);
  }, 300_000);
});
