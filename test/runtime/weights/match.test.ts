import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { halvesFromFloats } from "../../../runtime/half.ts";
import { assemble, assembleInto, type WantedParameter } from "../../../runtime/weights/assemble.ts";
import { describeMatch, matchWeights } from "../../../runtime/weights/match.ts";
import { whyMismatch } from "../../../runtime/weights/mismatch.ts";
import { openSafetensors } from "../../../runtime/weights/safetensors.ts";
import type { TensorSource } from "../../../runtime/weights/tensor-source.ts";
import { floatTensor, writeSafetensors } from "../../../runtime/weights/write-safetensors.ts";
import { temporaryFolder } from "./temporary-folder.ts";

function sourceOf(shapes: Readonly<Record<string, readonly number[]>>): TensorSource {
  const path = join(temporaryFolder(), "stage1.safetensors");
  writeSafetensors(
    path,
    Object.entries(shapes).map(([name, shape]) => {
      const elements = shape.reduce((product, size) => product * size, 1);
      return floatTensor(name, shape, new Float32Array(elements));
    }),
  );
  return openSafetensors(path);
}

const crossKey = "Qformer.bert.encoder.layer.0.crossattention.self.key.weight";

describe("matchWeights", () => {
  const wanted: readonly WantedParameter[] = [
    { path: "query_tokens", shape: [1, 8, 4] },
    { path: crossKey, shape: [4, 6] },
    { path: "itm_head.weight", shape: [2, 4] },
    { path: "itm_head_of_another", shape: [1] },
    { path: "opt_proj.weight", shape: [5, 4] },
    { path: "temp", shape: [] },
  ];
  const shapes = {
    query_tokens: [8, 4],
    [crossKey]: [4, 9],
    "itm_head.weight": [3, 4],
    itm_head_of_another: [1],
    temp: [1],
    "optimizer/first/temp": [1],
    "Qformer.bert.embeddings.position_ids": [1, 16],
    stranger: [2],
  };

  it("sorts everything into loaded, missing, mismatched, excepted, unexpected", () => {
    const source = sourceOf(shapes);
    const report = matchWeights(wanted, source, { except: ["itm_head"] });
    const paths = (list: readonly { readonly path: string }[]) => list.map(({ path }) => path);
    expect(paths(report.loaded)).toEqual(["query_tokens", "itm_head_of_another", "temp"]);
    expect(paths(report.missing)).toEqual(["opt_proj.weight"]);
    expect(paths(report.excepted)).toEqual(["itm_head.weight"]);
    expect(report.unexpected).toEqual(["stranger"]);
    expect(report.mismatched).toEqual([
      {
        path: crossKey,
        tensors: [crossKey],
        wanted: [4, 6],
        found: [4, 9],
        why: "the vision width is 9 in the file and 6 in the pipeline",
      },
    ]);
    source.close();
  });

  it("prints as lines", () => {
    const source = sourceOf(shapes);
    const lines = describeMatch(matchWeights(wanted, source, { except: ["itm_head"] }));
    expect(lines.map((line) => line.replace(source.path, "FILE"))).toEqual([
      "FILE: 3 parameters loaded, 1 of another shape, 1 missing, 1 left out on request, 1 tensors not used",
      `  shape    ${crossKey}: [4, 6] wanted, the file has [4, 9]: the vision width is 9 in the file and 6 in the pipeline`,
      "  missing  opt_proj.weight [5, 4]",
      "  not used stranger",
    ]);
    source.close();
  });

  it("refuses parts that do not fit together, and shares that do not divide", () => {
    const layer = "vision_model.encoder.layers.0.self_attn";
    const source = sourceOf({
      [`${layer}.q_proj.weight`]: [4, 4],
      [`${layer}.k_proj.weight`]: [4, 4],
      [`${layer}.v_proj.weight`]: [4, 5],
      [`${layer}.qkv.bias`]: [10],
    });
    const report = matchWeights(
      [
        { path: "visual_encoder.transformer.resblocks.0.attn.in_proj_weight", shape: [12, 4] },
        { path: "visual_encoder.blocks.0.attn.q_bias", shape: [4] },
      ],
      source,
    );
    expect(report.mismatched.map(({ found, why }) => [found, why])).toEqual([
      [undefined, "the tensors that make it up do not fit together"],
      [undefined, "the tensors that make it up do not fit together"],
    ]);
    source.close();
  });

  it("interpolates the positions of an image tower, and nothing else of another size", () => {
    const path = join(temporaryFolder(), "positions.safetensors");
    // A class row of 9, then a grid of two by two that grows to the right.
    writeSafetensors(path, [
      floatTensor("visual_encoder.pos_embed", [1, 5, 1], new Float32Array([9, 0, 1, 0, 1])),
      floatTensor("opt_model.pos_embed", [1, 5, 1], new Float32Array(5)),
    ]);
    const source = openSafetensors(path);
    const wanted = { path: "visual_encoder.pos_embed", shape: [1, 17, 1] };
    const other = { path: "opt_model.pos_embed", shape: [1, 17, 1] };
    const uneven = { path: "visual_encoder.pos_embed", shape: [1, 16, 1] };
    const { loaded, mismatched } = matchWeights([wanted, other, uneven], source);
    expect(mismatched.map(({ wanted: shape }) => shape)).toEqual([
      [1, 17, 1],
      [1, 16, 1],
    ]);
    const values = assemble(wanted, loaded[0]!.recipe, source, 0);
    // By hand: 0 and 1 at -0.25, 0.25, 0.75 and 1.25 between them, Keys' cubic with a = -0.75, edges repeated.
    const row = [-0.10546875, 0.2265625, 0.7734375, 1.10546875];
    expect([...values]).toEqual([9, ...row, ...row, ...row, ...row]);
    source.close();
  });

  it.each([
    ["query_tokens", [1, 32, 768], [1, 8, 768], "the number of queries is 8 in the file and 32"],
    ["query_tokens", [1, 32, 768], [1, 32, 64], "the Q-Former's width is 64"],
    ["ln_vision.weight", [1408], [1024], "the vision width is 1024 in the file and 1408"],
    ["visual_encoder.pos_embed", [1, 677, 8], [1, 257, 8], "the number of patches"],
    ["visual_encoder.blocks.7.attn.qkv.weight", [12, 4], [15, 5], "the vision width is 15"],
    ["opt_proj.weight", [2560, 768], [4096, 768], "the language model's width is 4096"],
    ["opt_model.model.decoder.embed_tokens.weight", [50272, 8], [50265, 8], "vocabulary is 50265"],
    [
      "Qformer.bert.embeddings.word_embeddings.weight",
      [30523, 8],
      [30522, 8],
      "Q-Former's vocabulary",
    ],
    ["something.new", [2, 3], [2, 4], "axis 1 is 4 in the file and 3 in the pipeline"],
    ["something.new", [2, 3], [6], "it has 1 axes in the file and 2"],
  ])("says why %s differs", (path, wantedShape, found, why) => {
    expect(whyMismatch(path, wantedShape, found)).toContain(why);
  });
});

describe("assembleInto", () => {
  it("fills a view of a larger buffer, from f32 and from f16", () => {
    const path = join(temporaryFolder(), "a.safetensors");
    const half = new Uint8Array(halvesFromFloats(new Float32Array([5, 6, 7, 8, 9, 10])).buffer);
    writeSafetensors(path, [
      floatTensor("a", [2], new Float32Array([1, 2])),
      { name: "h", dtype: "F16", shape: [6], data: half },
    ]);
    const source = openSafetensors(path);
    const buffer = new Float32Array(6).fill(-1);
    const recipe = { parts: [{ name: "a" }, { name: "h", share: { index: 2, of: 3 } }] };
    assembleInto(buffer.subarray(1, 5), { path: "x", shape: [4] }, recipe, source, 0);
    expect([...buffer]).toEqual([-1, 1, 2, 9, 10, -1]);
    expect(() => assembleInto(buffer, { path: "x", shape: [6] }, recipe, source, 0)).toThrow(
      `${path}: x: [6] wanted, [4] found`,
    );
    source.close();
  });

  it("names the tensor whose values are not floating-point", () => {
    const path = join(temporaryFolder(), "a.safetensors");
    writeSafetensors(path, [{ name: "ids", dtype: "U8", shape: [1], data: new Uint8Array(1) }]);
    const source = openSafetensors(path);
    const recipe = { parts: [{ name: "ids" }] };
    expect(() =>
      assembleInto(new Float32Array(1), { path: "ids", shape: [1] }, recipe, source, 0),
    ).toThrow(/tensor "ids": U8 does not hold floating-point/);
    source.close();
  });
});
