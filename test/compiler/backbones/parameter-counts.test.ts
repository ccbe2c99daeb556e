/** Sizes of the backbones equal the published ones. */
import { describe, expect, it } from "vitest";
import { type BertConfig, bert, bertPresets } from "../../../compiler/backbones/bert.ts";
import { backbone } from "../../../compiler/backbones/index.ts";
import {
  type OptConfig,
  opt,
  optEmbeddings,
  optLogits,
  optPresets,
} from "../../../compiler/backbones/opt.ts";
import {
  captionLogits,
  imageMemory,
  jointPass,
  type QformerConfig,
  qformerPresets,
  queryPass,
  visionNorm,
} from "../../../compiler/backbones/qformer.ts";
import { type VitConfig, vit, vitPresets, vitTokens } from "../../../compiler/backbones/vit.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { linear } from "../../../compiler/layers/linear.ts";
import { rootScope, type Scope } from "../../../compiler/layers/scope.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { parameterCount, parameters } from "./parameters.ts";

function root(): Scope {
  return rootScope(new Builder(rules));
}

function vitNodes(c: VitConfig): Node {
  const s = root();
  return vit(s.at("visual_encoder"), s.b.input("pixels", [1, 3, c.imageSize, c.imageSize]), c);
}

function optNodes(c: OptConfig): Node {
  const s = root();
  const ids = s.b.input("ids", [1, 4], "i32");
  const mask = s.b.input("mask", [1, 4], "i32");
  const { hidden } = opt(s, optEmbeddings(s, ids, c), mask, c);
  return optLogits(s, hidden, c);
}

function stage1(c: QformerConfig, vision: VitConfig): Node[] {
  const s = root();
  const image = visionNorm(s, s.b.input("image", [1, vitTokens(vision), vision.width]), c);
  const ids = s.b.input("ids", [1, 4], "i32");
  const mask = s.b.input("mask", [1, 4], "i32");
  const { hidden } = jointPass(s, ids, mask, imageMemory(s, image, c), c);
  return [
    captionLogits(s, hidden, c),
    linear(s.at("vision_proj"), hidden, c.embedding),
    linear(s.at("text_proj"), hidden, c.embedding),
    linear(s.at("itm_head"), hidden, 2),
    s.parameter("temp", []),
  ];
}

function stage2(c: QformerConfig, vision: VitConfig, decoder: OptConfig): Node[] {
  const s = root();
  const image = visionNorm(s, s.b.input("image", [1, vitTokens(vision), vision.width]), c);
  const { hidden } = queryPass(s, imageMemory(s, image, c), c);
  return [linear(s.at("opt_proj"), hidden, decoder.embeddingWidth)];
}

describe("parameter counts", () => {
  it.each([
    ["eva-clip-g/14", 985_894_528],
    ["clip-vit-l/14", 290_581_504],
    ["shapes-vit", 199_872],
  ] as const)("%s has %i", (name, count) => {
    expect(parameterCount([vitNodes(vitPresets[name])])).toBe(count);
  });

  it("the whole shapes ViT, before its last block is dropped", () => {
    const head = 2 * 64 + 64 * 64;
    expect(parameterCount([vitNodes({ ...vitPresets["shapes-vit"], layers: 4 })]) + head).toBe(
      254_080,
    );
  });

  it.each([
    ["opt-125m", 125_239_296],
    ["opt-350m", 331_196_416],
    ["opt-1.3b", 1_315_758_080],
    ["opt-2.7b", 2_651_596_800],
    ["opt-6.7b", 6_658_473_984],
    ["opt-13b", 12_853_473_280],
    ["shapes-opt", 156_800],
  ] as const)("%s has %i", (name, count) => {
    expect(parameterCount([optNodes(optPresets[name])])).toBe(count);
  });

  it("the shapes text tower has 103,616", () => {
    const s = root();
    const c: BertConfig = bertPresets["shapes-bert"];
    const ids = s.b.input("ids", [1, 4], "i32");
    expect(parameterCount([bert(s, ids, s.b.input("mask", [1, 4], "i32"), c).hidden])).toBe(
      103_616,
    );
  });

  it.each([
    ["bert-base-uncased", "eva-clip-g/14", 186_705_470],
    ["bert-base-uncased", "clip-vit-l/14", 183_165_758],
    ["shapes-bert", "shapes-vit", 200_236],
  ] as const)("stage 1 of %s on %s trains %i", (bridge, vision, count) => {
    expect(parameterCount(stage1(qformerPresets[bridge], vitPresets[vision]))).toBe(count);
  });

  it.each([
    ["bert-base-uncased", "eva-clip-g/14", "opt-2.7b", 107_133_696],
    ["bert-base-uncased", "eva-clip-g/14", "opt-125m", 105_755_648],
    ["bert-base-uncased", "clip-vit-l/14", "opt-350m", 102_019_072],
    ["shapes-bert", "shapes-vit", "shapes-opt", 121_664],
  ] as const)("stage 2 of %s on %s with %s trains %i", (bridge, vision, decoder, count) => {
    const nodes = stage2(qformerPresets[bridge], vitPresets[vision], optPresets[decoder]);
    expect(parameterCount(nodes)).toBe(count);
  });
});

describe("parameter names", () => {
  it("are LAVIS's for EVA: no key bias", () => {
    const found = parameters([vitNodes(vitPresets["eva-clip-g/14"])]);
    expect(found.get("visual_encoder.blocks.38.attn.q_bias")).toEqual([1408]);
    expect(found.get("visual_encoder.blocks.0.attn.qkv.weight")).toEqual([4224, 1408]);
    expect(found.get("visual_encoder.pos_embed")).toEqual([1, 257, 1408]);
    expect(found.has("visual_encoder.blocks.39.norm1.weight")).toBe(false);
    expect(found.has("visual_encoder.blocks.0.attn.qkv.bias")).toBe(false);
  });

  it("are OpenAI's for CLIP", () => {
    const found = parameters([vitNodes(vitPresets["clip-vit-l/14"])]);
    expect(found.get("visual_encoder.transformer.resblocks.22.attn.in_proj_weight")).toEqual([
      3072, 1024,
    ]);
    expect(found.get("visual_encoder.conv1.weight")).toEqual([1024, 3, 14, 14]);
    expect(found.has("visual_encoder.conv1.bias")).toBe(false);
  });

  it("an owner in front of a name may be left out", () => {
    expect(backbone("decoder", "facebook/opt-125m")).toBe(backbone("decoder", "opt-125m"));
    expect(backbone("decoder", "eva-clip-g/14")).toBeUndefined();
  });
});
