/** Values of parts: what `pool` makes of patches, and what the variants of an adapter compute. */
import { describe, expect, it } from "vitest";
import type {
  AdapterModule,
  EncoderModule,
  TextEncoderModule,
} from "../../../compiler/1-check/model.ts";
import { buildStage } from "../../../compiler/2-build/build-stage.ts";
import { StageParts } from "../../../compiler/2-build/stage-parts.ts";
import { type BertConfig, bert } from "../../../compiler/backbones/bert.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { type Node, reachable } from "../../../compiler/ir/node.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { stage1Example } from "../../../grammar/messages/example-pipeline.ts";
import { checkExample, printed } from "../../support/check-example.ts";
import { modelOf } from "../../support/check-file.ts";
import { randomValues } from "../objectives/fixture.ts";

const none = new Map<string, ArrayLike<number>>();

describe("pool", () => {
  const evaluated = (pool: string) => {
    const model = modelOf("pipelines/shapes/stage1.blip", [`vision.pool=${pool}`]);
    const parts = new StageParts(model, { batch: 2 }, false);
    const vision = model.modules.get("vision") as EncoderModule;
    const roots: readonly Node[] = [parts.patches(vision), parts.classToken(vision)];
    return interpret(rules, roots, randomValues(roots, none));
  };

  it("gives the class token, or the mean of the patches behind it", () => {
    const [patches, first] = evaluated("cls");
    expect([...first!]).toEqual([...patches!.slice(0, 64), ...patches!.slice(10 * 64, 11 * 64)]);
    const [same, mean] = evaluated("mean");
    expect([...same!]).toEqual([...patches!]);
    const channel = (record: number, at: number) =>
      Array.from({ length: 9 }, (_, row) => same![(record * 10 + 1 + row) * 64 + at]!).reduce(
        (sum, value) => sum + value / 9,
        0,
      );
    expect(mean!).toHaveLength(2 * 64);
    expect(mean![5]).toBeCloseTo(channel(0, 5), 10);
    expect(mean![64 + 63]).toBeCloseTo(channel(1, 63), 10);
  });
});

describe("pool of a text encoder", () => {
  it("gives the first row, or the mean of the words that the mask shows", () => {
    const text = `blip 1
frozen encoder vision = "shapes-vit"
text caption = "shapes" { max_len = 4 tokens }
trainable encoder words: text = "shapes-bert" {
  input = caption
  pool = mean
}
objective itc: contrastive { image = vision.cls, text = words.cls }
data pairs = shapes(seed: 1) { batch = 2 }
stage learn {
  minimize = itc
  data = pairs
  train = 1 steps
  optimizer: adamw { lr = 1e-3 }
  seed = 1
}
`;
    const vectors = (pipeline: string) => {
      const { model } = checkExample({ text: pipeline });
      expect(model, printed({ text: pipeline })).toBeDefined();
      const parts = new StageParts(model!, { batch: 2 }, false);
      const words = model!.modules.get("words") as TextEncoderModule;
      const pooled = parts.textVector(words);
      const given = new Map([
        ["caption.ids", [1, 5, 6, 2, 1, 2, 0, 0]],
        ["caption.mask", [1, 1, 1, 1, 1, 1, 0, 0]],
      ]);
      const rows = bert(
        parts.place(words, "Qformer.bert"),
        parts.tokens("caption").ids,
        parts.tokens("caption").mask,
        words.config as unknown as BertConfig,
      ).hidden;
      const [vector, all] = interpret(rules, [pooled, rows], randomValues([pooled, rows], given));
      return { vector: vector!, all: all!, width: words.width };
    };
    const { vector, all, width } = vectors(text);
    const mean = (record: number, count: number, at: number) =>
      Array.from({ length: count }, (_, row) => all[(record * 4 + row) * width + at]!).reduce(
        (sum, value) => sum + value / count,
        0,
      );
    expect(vector[3]).toBeCloseTo(mean(0, 4, 3), 10);
    expect(vector[width + 3]).toBeCloseTo(mean(1, 2, 3), 10);
    const first = vectors(text.replace("  pool = mean\n", ""));
    expect(first.vector[width + 3]).toBe(first.all[4 * width + 3]);
  });
});

describe("validation", () => {
  it("draws negatives and drops nothing, at the batch of its data", () => {
    const text = stage1Example
      .replace("cross = vision.patches", "cross = vision.patches\n  dropout = 0.1")
      .replace("stage pretrain", "data held = pairs {\n  batch = 6\n}\n\nstage pretrain")
      .replace("train = 350 steps", "train = 350 steps\n  validate { data = held }");
    const { model } = checkExample({ text });
    const { validation, losses } = buildStage(model!, "pretrain", { batch: 4 });
    const draws = (roots: Iterable<Node>) =>
      reachable(roots).filter(({ op }) => op === "random").length;
    expect(draws(validation!.outputs.values())).toBe(2);
    expect(draws(losses.values())).toBeGreaterThan(2);
    expect(validation!.inputs.find(({ name }) => name === "image")?.type.shape[0]).toBe(6);
    expect([...validation!.outputs.keys()]).toEqual([
      ...["loss", "itc", "itm", "itg"],
      ...["itc.accuracy", "itm.accuracy"],
    ]);
  });
});

describe("an mlp adapter", () => {
  it("is two matrices with GELU between them", () => {
    const model = modelOf("test/compiler/2-build/mlp.blip");
    const parts = new StageParts(model, { batch: 2 }, false);
    const prefix = parts.prefix(model.modules.get("to_lm") as AdapterModule);
    expect(prefix.type.shape).toEqual([2, 2, 64]);
    const own = reachable([prefix]).flatMap((node) =>
      node.op === "parameter" && node.attributes.path.startsWith("opt_proj.")
        ? [[node.attributes.path, node.type.shape]]
        : [],
    );
    expect(Object.fromEntries(own)).toEqual({
      "opt_proj.0.weight": [3, 64],
      "opt_proj.0.bias": [3],
      "opt_proj.2.weight": [64, 3],
      "opt_proj.2.bias": [64],
    });
    // Whatever it reads: 0, 1 and -1 in the middle, of which GELU leaves 0, 0.841345 and -0.158655.
    const given = new Map<string, ArrayLike<number>>([
      ["opt_proj.0.weight", new Float64Array(3 * 64)],
      ["opt_proj.0.bias", [0, 1, -1]],
      ["opt_proj.2.weight", new Float64Array(3 * 64).fill(2)],
      ["opt_proj.2.bias", new Float64Array(64).fill(0.5)],
    ]);
    const [values] = interpret(rules, [prefix], randomValues([prefix], given));
    expect(values![0]).toBeCloseTo(0.5 + 2 * (0.841345 - 0.158655), 5);
  });
});
