/** The losses of BLIP-2 on small cases. */
import { describe, expect, it } from "vitest";
import { bertEmbeddings, bertLayers } from "../../../compiler/backbones/bert.ts";
import { optPresets } from "../../../compiler/backbones/opt.ts";
import {
  captionPass,
  imageMemory,
  type QformerConfig,
  qformerPresets,
  queryPass,
} from "../../../compiler/backbones/qformer.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { type Node, reachable } from "../../../compiler/ir/node.ts";
import { crossEntropy } from "../../../compiler/layers/cross-entropy.ts";
import { both, causal, keyMask, maskBias, onesMask } from "../../../compiler/layers/mask.ts";
import { layerNorm } from "../../../compiler/layers/norm.ts";
import { rootScope, type Scope } from "../../../compiler/layers/scope.ts";
import { contrastive, contrastiveSides } from "../../../compiler/objectives/contrastive.ts";
import { language } from "../../../compiler/objectives/language.ts";
import { matching, negativeWeights } from "../../../compiler/objectives/matching.ts";
import { towerContrastive, towerSides } from "../../../compiler/objectives/tower-contrastive.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { randomValues } from "./fixture.ts";

const tiny: QformerConfig = {
  ...qformerPresets["shapes-bert"],
  width: 12,
  heads: 3,
  mlpWidth: 20,
  queries: 3,
  layers: 3,
};

function root(): Scope {
  return rootScope(new Builder(rules));
}

function evaluated(
  roots: readonly Node[],
  given: ReadonlyMap<string, ArrayLike<number>>,
): Float64Array[] {
  return interpret(rules, roots, randomValues(roots, given));
}

describe("contrastive", () => {
  const half = Math.SQRT1_2;
  const given = new Map<string, ArrayLike<number>>([
    ["vision_proj.weight", [1, 0, 0, 1]],
    ["text_proj.weight", [1, 0, 0, 1]],
    ["vision_proj.bias", [0, 0]],
    ["text_proj.bias", [0, 0]],
    ["temp", [0.07]],
    ["queries", [1, 0, 0, 1, half, half, half, -half]],
    ["text", [1, 0.2, -0.3, 1]],
  ]);
  const options = { width: 2, smoothing: 0.1, temperature: 0.07 };
  const sides = (s: Scope) =>
    contrastiveSides(s, s.b.input("queries", [2, 2, 2]), s.b.input("text", [2, 2]), options);

  it("has the loss, similarities and negatives of the two-picture case", () => {
    const s = root();
    const x = sides(s);
    const { loss, imageToText, textToImage } = contrastive(s, x, options);
    const roots = [loss, imageToText, textToImage, negativeWeights(s, imageToText)];
    const [found, forward, backward, chances] = interpret(rules, roots, given);
    expect(found![0]).toBeCloseTo(3.05225545, 8);
    [14.008295367, 13.683232646, 11.886432776, 6.772854615].forEach((value, i) => {
      expect(forward![i]).toBeCloseTo(value, 8);
    });
    expect(backward![1]).toBeCloseTo(11.886432776, 8);
    expect([...chances!]).toEqual([0, 1, 1, 0]);
  });

  it("takes texts of the same picture as positives", () => {
    const s = root();
    const x = sides(s);
    const ids = s.b.input("image_ids", [2], "i32");
    const plain = contrastive(s, x, options).loss;
    const { loss } = contrastive(s, { ...x, imageIds: ids }, options);
    const loose = contrastive(s, x, { ...options, smoothing: 1 }).loss;
    const alone = interpret(rules, [plain, loss], new Map([...given, ["image_ids", [4, 9]]]));
    expect(alone[1]![0]).toBeCloseTo(alone[0]![0]!, 10);
    const equal = interpret(rules, [loose, loss], new Map([...given, ["image_ids", [4, 4]]]));
    expect(equal[1]![0]).toBeCloseTo(equal[0]![0]!, 10);
  });
});

describe("tower contrast", () => {
  it("holds its factor to the greatest", () => {
    const s = root();
    const options = { width: 64, logScale: 2.66, greatestScale: 100, epsilon: 1e-6 };
    const sides = towerSides(s, s.b.input("a", [3, 5]), s.b.input("c", [3, 5]), options);
    const { similarity } = towerContrastive(s, sides, options);
    const roots = [similarity];
    const at = (scale: number) => evaluated(roots, new Map([["logit_scale", [scale]]]))[0]!;
    const unit = at(0);
    expect(at(2)[0]! / unit[0]!).toBeCloseTo(Math.exp(2), 8);
    expect(at(9)[0]! / unit[0]!).toBeCloseTo(100, 8);
  });
});

describe("matching", () => {
  function graph(seeded: boolean) {
    const b = new Builder(rules);
    const s = rootScope(b, "", seeded ? { seed: b.input("seed", [2], "i32") } : {});
    const image = imageMemory(s, b.input("image", [3, 4, 7]), tiny);
    const ids = b.input("ids", [3, 5], "i32");
    const mask = b.input("mask", [3, 5], "i32");
    const imageToText = b.input("forward", [3, 3]);
    return { b, s, x: { image, ids, mask, imageToText, textToImage: b.swap(imageToText) } };
  }
  const given = new Map<string, ArrayLike<number>>([
    ["ids", [2, 9, 8, 3, 0, 2, 11, 3, 0, 0, 2, 12, 13, 14, 3]],
    ["mask", [1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]],
  ]);

  it("stands own pairs first, then other pictures, then other texts", () => {
    const { b, s, x } = graph(false);
    const negatives = { images: b.input("i", [3], "i32"), texts: b.input("t", [3], "i32") };
    const { logits } = matching(s, { ...x, negatives }, tiny);
    const run = (i: number[], t: number[]) =>
      [...evaluated([logits], new Map([...given, ["i", i], ["t", t]]))[0]!].map((v) =>
        v.toFixed(9),
      );
    const own = run([0, 1, 2], [0, 1, 2]);
    expect(own.slice(6, 12)).toEqual(own.slice(0, 6));
    expect(own.slice(12)).toEqual(own.slice(0, 6));
    const other = run([1, 2, 0], [0, 1, 2]);
    expect(other.slice(12)).toEqual(own.slice(0, 6));
    expect(other.slice(6, 12)).not.toEqual(own.slice(0, 6));
  });

  it("draws every other record as often without similarities, never the own partner", () => {
    const { s, x } = graph(true);
    const { image, ids, mask } = x;
    const { logits } = matching(s, { image, ids, mask }, tiny);
    const draws = reachable([logits]).filter(({ op }) => op === "argmax");
    const shares = new Map<string, number>();
    for (let seed = 0; seed < 600; seed++) {
      const found = interpret(rules, draws, new Map([["seed", [seed, 0]]]));
      for (const columns of found)
        columns.forEach((column, row) => {
          const key = `${row}>${column}`;
          shares.set(key, (shares.get(key) ?? 0) + 1 / 1200);
        });
    }
    expect([...shares.keys()].toSorted()).toEqual(["0>1", "0>2", "1>0", "1>2", "2>0", "2>1"]);
    // Three standard deviations of 1200 draws at one half.
    for (const share of shares.values()) expect(Math.abs(share - 0.5)).toBeLessThan(0.044);
  });

  it("draws negatives in the shares of the softmax, never the own partner", () => {
    const { s, x } = graph(true);
    const { logits } = matching(s, x, tiny);
    const draws: Node[] = [];
    const seen = new Set<Node>();
    const walk = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (node.op === "argmax") draws.push(node);
      for (const input of node.inputs) walk(input);
    };
    walk(logits);
    expect(draws).toHaveLength(2);
    const counts = new Map<string, number>();
    const similarities = [9, 1, 0, 2, 9, 2, 0, Math.log(3), 9];
    for (let seed = 0; seed < 600; seed++) {
      const values = new Map<string, ArrayLike<number>>([
        ["seed", [seed, 0]],
        ["forward", similarities],
      ]);
      for (const [k, found] of interpret(rules, draws, values).entries())
        found.forEach((column, row) => {
          const key = `${k}:${row}>${column}`;
          counts.set(key, (counts.get(key) ?? 0) + 1);
        });
    }
    for (const key of counts.keys()) {
      const [row, column] = key.slice(2).split(">");
      expect(row).not.toBe(column);
    }
    const rowThirds = ["0", "1"].map((k) => counts.get(`${k}:2>1`)! / 600);
    expect(
      Math.max(
        ...rowThirds.map((share) => Math.min(Math.abs(share - 0.75), Math.abs(share - 0.8808))),
      ),
    ).toBeLessThan(0.06);
  });
});

describe("captioning", () => {
  it("reading cached queries equals one pass under the mask of queries before causal text", () => {
    const s = root();
    const { b } = s;
    const image = imageMemory(s, b.input("image", [2, 4, 7]), tiny);
    const ids = b.constant([5, 9, 8, 3, 5, 11, 3, 0], [2, 4], "i32");
    const mask = b.constant([1, 1, 1, 1, 1, 1, 1, 0], [2, 4], "i32");
    const queries = queryPass(s, image, tiny);
    const cached = captionPass(s, ids, mask, queries.keysValues, tiny).hidden;
    const model = s.at("Qformer.bert");
    const tokens = s.parameter("query_tokens", [1, 3, 12], { kind: "normal", std: tiny.queryStd });
    const normal = layerNorm(model.at("embeddings.LayerNorm"), tokens, tiny.epsilon);
    const text = bertEmbeddings(model.at("embeddings"), ids, tiny);
    const x = b.concat([b.broadcastTo(normal, [2, 3, 12]), text], 1);
    const keys = keyMask(b, b.concat([onesMask(b, 2, 3), mask], 1));
    const row = b.iota([7, 7], 0);
    const isQuery = b.less(b.iota([7, 7], 1), 3);
    const visible = both(b, b.select(b.less(row, 3), isQuery, causal(b, 7, 7)), keys);
    const view = { queries: 3, bias: maskBias(b, visible), image };
    const joint = b.slice(bertLayers(model, x, view, tiny).hidden, 1, 3, 7);
    const [first, second] = evaluated([cached, joint], new Map());
    first!.forEach((value, i) => {
      expect(value).toBeCloseTo(second![i]!, 10);
    });
  });
});

describe("language", () => {
  const c = {
    ...optPresets["shapes-opt"],
    width: 8,
    embeddingWidth: 8,
    heads: 2,
    mlpWidth: 12,
    layers: 2,
  };
  const given = new Map<string, ArrayLike<number>>([
    ["ids", [6, 9, 10, 7, 6, 12, 7, 0]],
    ["mask", [1, 1, 1, 1, 1, 1, 1, 0]],
  ]);

  it("`full` adds the first token to the targets of `text`", () => {
    const s = root();
    const { b } = s;
    const x = {
      prefix: b.input("prefix", [2, 3, 8]),
      ids: b.input("ids", [2, 4], "i32"),
      mask: b.input("mask", [2, 4], "i32"),
    };
    const full = language(s, x, c, "full");
    const text = language(s, x, c, "text");
    const first = b.reshape(b.slice(full.logits, 1, 0, 1), [2, c.vocabulary]);
    const extra = crossEntropy(b, first, b.reshape(b.slice(x.ids, 1, 0, 1), [2]));
    const [whole, rest, begin] = evaluated([full.loss, text.loss, extra], given);
    expect(whole![0]! * 7).toBeCloseTo(rest![0]! * 5 + begin![0]! * 2, 10);
  });

  it("smoothing spreads a share of each target over all words", () => {
    const s = root();
    const { b } = s;
    const x = { ids: b.input("ids", [2, 4], "i32"), mask: b.input("mask", [2, 4], "i32") };
    const plain = language(s, x, c, "full");
    const smooth = language(s, x, c, "full", 0.25);
    const [loss, smoothed, logits] = evaluated([plain.loss, smooth.loss, plain.logits], given);
    // Rows in front of the targets: three of the first text, two of the second.
    const even = [0, 1, 2, 3, 4].map((row) => {
      const values = [...logits!.subarray(row * c.vocabulary, (row + 1) * c.vocabulary)];
      const total = Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0));
      return values.reduce((sum, value) => sum + (total - value) / c.vocabulary, 0);
    });
    const mean = even.reduce((sum, value) => sum + value / even.length, 0);
    expect(smoothed![0]).toBeCloseTo(0.75 * loss![0]! + 0.25 * mean, 10);
    expect(smoothed![0]).not.toBeCloseTo(loss![0]!, 3);
  });

  it("padding on the left changes nothing that follows", () => {
    const s = root();
    const { b } = s;
    const pass = (ids: number[], mask: number[]) =>
      language(
        s,
        {
          ids: b.constant(ids, [1, ids.length], "i32"),
          mask: b.constant(mask, [1, mask.length], "i32"),
        },
        c,
      ).logits;
    const roots = [pass([6, 9, 7], [1, 1, 1]), pass([0, 0, 6, 9, 7], [0, 0, 1, 1, 1])];
    const [plain, padded] = evaluated(roots, new Map());
    plain!.forEach((value, i) => {
      expect(value).toBeCloseTo(padded![2 * c.vocabulary + i]!, 10);
    });
  });
});
