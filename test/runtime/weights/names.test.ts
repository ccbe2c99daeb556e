import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { assemble, type WantedParameter } from "../../../runtime/weights/assemble.ts";
import { exportRecipes } from "../../../runtime/weights/export-names.ts";
import { matchWeights } from "../../../runtime/weights/match.ts";
import { alternatives } from "../../../runtime/weights/name-template.ts";
import { findRecipe, recipesFor } from "../../../runtime/weights/names.ts";
import { openSafetensors } from "../../../runtime/weights/safetensors.ts";
import { type TensorSource, tensorsUnder } from "../../../runtime/weights/tensor-source.ts";
import { floatTensor, writeSafetensors } from "../../../runtime/weights/write-safetensors.ts";
import { hasShared, sharedPath, withoutShared } from "../../support/shared.ts";
import { temporaryFolder } from "./temporary-folder.ts";

function caseOf(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(sharedPath(`golden/${name}/case.json`), "utf8"));
}

function tensorsOf(name: string): TensorSource {
  return openSafetensors(sharedPath(`golden/${name}/tensors.safetensors`));
}

const evaMark = "vision_model.encoder.layers.0.self_attn.qkv.weight";

describe("name rules", () => {
  it("expand alternatives in order", () => {
    expect(alternatives("[a|]x.[b|c]")).toEqual(["ax.b", "ax.c", "x.b", "x.c"]);
  });

  it("try a parameter's own name first", () => {
    for (const path of ["temp", "query_tokens", "opt_model.lm_head.weight", "anything.at.all"]) {
      expect(recipesFor(path)[0]).toEqual({ parts: [{ name: path }] });
    }
    expect(findRecipe("toString", new Set())).toBeUndefined();
  });

  it("find OPT with and without its leading names, and the tied head", () => {
    const path = "opt_model.model.decoder.layers.3.fc1.bias";
    for (const name of [
      "language_model.model.decoder.layers.3.fc1.bias",
      "model.decoder.layers.3.fc1.bias",
      "decoder.layers.3.fc1.bias",
    ]) {
      expect(findRecipe(path, new Set([name]))?.parts).toEqual([{ name }]);
    }
    const tied = new Set(["decoder.embed_tokens.weight"]);
    expect(findRecipe("opt_model.lm_head.weight", tied)?.parts[0]?.name).toBe(
      "decoder.embed_tokens.weight",
    );
  });

  it("find T5 and LLaMA parts, and what is tied there", () => {
    const name = (path: string, ...names: string[]) =>
      findRecipe(path, new Set(names))?.parts[0]?.name;
    expect(name("t5_model.lm_head.weight", "shared.weight", "lm_head.weight")).toBe(
      "lm_head.weight",
    );
    expect(name("t5_model.lm_head.weight", "shared.weight")).toBe("shared.weight");
    expect(name("t5_model.encoder.embed_tokens.weight", "shared.weight")).toBe("shared.weight");
    expect(name("t5_model.shared.weight", "decoder.embed_tokens.weight")).toBe(
      "decoder.embed_tokens.weight",
    );
    expect(name("llm_model.lm_head.weight", "model.embed_tokens.weight")).toBe(
      "model.embed_tokens.weight",
    );
    expect(name("llm_proj.weight", "language_projection.weight")).toBe(
      "language_projection.weight",
    );
  });

  it("do not mistake CLIP's own last norm and text head for BLIP-2's", () => {
    const clip = new Set(["vision_model.post_layernorm.weight", "text_projection.weight"]);
    expect(findRecipe("ln_vision.weight", clip)).toBeUndefined();
    expect(findRecipe("text_proj.weight", clip)).toBeUndefined();
    for (const mark of [evaMark, "query_tokens"]) {
      expect(findRecipe("ln_vision.weight", new Set([...clip, mark]))).toBeDefined();
    }
    const blip = new Set([...clip, evaMark, "query_tokens"]);
    expect(findRecipe("ln_vision.weight", blip)?.parts[0]?.name).toBe(
      "vision_model.post_layernorm.weight",
    );
    expect(findRecipe("text_proj.weight", blip)?.parts[0]?.name).toBe("text_projection.weight");
  });

  it("refuse to export half of a bias", () => {
    expect(() => exportRecipes(["visual_encoder.blocks.0.attn.q_bias"])).toThrow(
      /qkv.bias cannot be made without visual_encoder.blocks.0.attn.v_bias/,
    );
  });
});

describe.skipIf(!hasShared)(`the name maps of the reference${withoutShared}`, () => {
  it("qformer-stage1: LAVIS to HF, and back", () => {
    const map = Object.entries(
      caseOf("qformer-stage1")["lavis_to_hf"] as Record<string, string | null>,
    );
    expect(map.length).toBeGreaterThan(120);
    const names = new Set([...map.flatMap(([, hf]) => hf ?? []), evaMark]);
    for (const [lavis, hf] of map) {
      const found = findRecipe(lavis, names)?.parts;
      expect([lavis, found]).toEqual([lavis, hf === null ? undefined : [{ name: hf }]]);
    }
    const exported = exportRecipes(map.map(([lavis]) => lavis));
    expect(exported.map(({ name, parts }) => [parts, name])).toEqual(
      map.map(([lavis, hf]) => [[{ name: lavis }], hf ?? lavis]),
    );
  });

  it("vit-eva: HF from LAVIS, and back", () => {
    const map = Object.entries(caseOf("vit-eva")["hf_from_lavis"] as Record<string, string>).filter(
      ([hf]) => !/[{*]/.test(hf),
    );
    expect(map.length).toBeGreaterThan(35);
    const names = new Set(map.map(([hf]) => hf));
    for (const [hf, lavis] of map) {
      expect(findRecipe(lavis, names)?.parts).toEqual([{ name: hf }]);
      expect(exportRecipes([lavis])).toEqual([{ name: hf, parts: [{ name: lavis }] }]);
    }
    const source = tensorsUnder(tensorsOf("vit-eva"), "weights/");
    const paths = [...source.tensors.keys()];
    const folder = temporaryFolder();
    const hf = exported(source, join(folder, "hf.safetensors"));
    const bias = hf.readFloat32("vision_model.encoder.layers.1.self_attn.qkv.bias");
    const q = source.readFloat32("visual_encoder.blocks.1.attn.q_bias");
    const v = source.readFloat32("visual_encoder.blocks.1.attn.v_bias");
    expect([...bias]).toEqual([...q, ...q.map(() => 0), ...v]);
    expectSame(hf, source, paths);
    hf.close();
    source.close();
  });

  it("vit-clip: every LAVIS parameter is made of the HF file's, in_proj of three, and back", () => {
    const file = tensorsOf("vit-clip");
    const source = tensorsUnder(file, "weights/");
    const wanted = [...tensorsUnder(file, "grad_lavis/").tensors].map(([path, { shape }]) => ({
      path,
      shape,
    }));
    expect(wanted.length).toBeGreaterThan(30);
    const report = matchWeights(wanted, source);
    expect(report.missing).toEqual([]);
    expect(report.mismatched).toEqual([]);
    const name = wanted.find(({ path }) => path.endsWith("resblocks.2.attn.in_proj_weight"));
    const recipe = report.loaded.find(({ path }) => path === name?.path)?.recipe;
    expect(recipe?.parts.map((part) => part.name)).toEqual(
      ["q", "k", "v"].map(
        (letter) => `vision_model.encoder.layers.2.self_attn.${letter}_proj.weight`,
      ),
    );
    const folder = temporaryFolder();
    const lavis = imported(source, report.loaded, join(folder, "lavis.safetensors"));
    const back = exported(lavis, join(folder, "hf.safetensors"));
    for (const [hf] of back.tensors) {
      expect([
        hf,
        Buffer.compare(
          back.read(hf),
          source.read(hf.replace("vision_model.post_layernorm", "ln_vision")),
        ),
      ]).toEqual([hf, 0]);
    }
    expect(report.unexpected.every((hf) => /layers\.3\.|post_layernorm/.test(hf))).toBe(true);
    for (const opened of [lavis, back, source]) opened.close();
  });

  it.each(["stage2-opt", "stage2-t5", "itm-retrieval"])(
    "%s: the HF file becomes a LAVIS file and the same HF file again",
    (name) => {
      const source = tensorsUnder(tensorsOf(name), "weights/");
      const wanted = lavisPaths(source);
      const report = matchWeights(wanted, source);
      expect(report.missing).toEqual([]);
      expect(report.mismatched).toEqual([]);
      expect(report.unexpected).toEqual([]);
      const folder = temporaryFolder();
      const lavis = imported(source, report.loaded, join(folder, "lavis.safetensors"));
      const back = exported(lavis, join(folder, "hf.safetensors"));
      expect([...back.tensors.keys()].sort()).toEqual([...source.tensors.keys()].sort());
      for (const hf of source.tensors.keys()) {
        const values = source.readFloat32(hf);
        // LAVIS has no key bias; this random file of transformers does.
        if (hf.endsWith("qkv.bias")) values.fill(0, values.length / 3, (2 * values.length) / 3);
        expect([hf, [...back.readFloat32(hf)]]).toEqual([hf, [...values]]);
      }
      for (const opened of [lavis, back, source]) opened.close();
    },
  );
});

describe("a Q-Former from BERT", () => {
  const width = 4;
  const layer = "encoder.layer.0";
  function bert(prefix: string, weight: string, bias: string): TensorSource {
    const path = join(temporaryFolder(), "bert.safetensors");
    const names: readonly (readonly [string, readonly number[]])[] = [
      [`${prefix}embeddings.word_embeddings.weight`, [10, width]],
      [`${prefix}embeddings.position_embeddings.weight`, [6, width]],
      [`${prefix}embeddings.token_type_embeddings.weight`, [2, width]],
      [`${prefix}embeddings.LayerNorm.${weight}`, [width]],
      [`${prefix}embeddings.LayerNorm.${bias}`, [width]],
      [`${prefix}${layer}.attention.self.query.weight`, [width, width]],
      [`${prefix}${layer}.intermediate.dense.weight`, [8, width]],
      [`${prefix}${layer}.output.dense.weight`, [width, 8]],
      [`${prefix}${layer}.output.LayerNorm.${weight}`, [width]],
      ["cls.predictions.bias", [10]],
      [`cls.predictions.transform.LayerNorm.${bias}`, [width]],
    ];
    writeSafetensors(
      path,
      names.map(([name, shape], index) => {
        const elements = shape.reduce((product, size) => product * size, 1);
        return floatTensor(
          name,
          shape,
          Float32Array.from({ length: elements }, (_, i) => 100 * index + i),
        );
      }),
    );
    return openSafetensors(path);
  }
  const wanted: readonly WantedParameter[] = [
    { path: "Qformer.bert.embeddings.word_embeddings.weight", shape: [11, width] },
    { path: "Qformer.bert.embeddings.position_embeddings.weight", shape: [6, width] },
    { path: "Qformer.bert.embeddings.LayerNorm.weight", shape: [width] },
    { path: `Qformer.bert.${layer}.attention.self.query.weight`, shape: [width, width] },
    { path: `Qformer.bert.${layer}.intermediate.dense.weight`, shape: [8, width] },
    { path: `Qformer.bert.${layer}.intermediate_query.dense.weight`, shape: [8, width] },
    { path: `Qformer.bert.${layer}.output_query.dense.weight`, shape: [width, 8] },
    { path: `Qformer.bert.${layer}.output_query.LayerNorm.weight`, shape: [width] },
    { path: "Qformer.cls.predictions.bias", shape: [11] },
    { path: "Qformer.cls.predictions.transform.LayerNorm.bias", shape: [width] },
    { path: `Qformer.bert.${layer}.crossattention.self.query.weight`, shape: [width, width] },
    { path: "query_tokens", shape: [1, 2, width] },
  ];

  it.each([
    ["bert.", "weight", "bias"],
    ["bert.", "gamma", "beta"],
    ["", "gamma", "beta"],
  ])("with names %s…%s", (prefix, weight, bias) => {
    const source = bert(prefix, weight, bias);
    const report = matchWeights(wanted, source);
    expect(report.missing.map(({ path }) => path)).toEqual([
      `Qformer.bert.${layer}.crossattention.self.query.weight`,
      "query_tokens",
    ]);
    expect(report.mismatched).toEqual([]);
    const values = new Map(
      report.loaded.map((parameter) => [
        parameter.path,
        assemble(parameter, parameter.recipe, source, 5),
      ]),
    );
    const ffn = source.readFloat32(`${prefix}${layer}.intermediate.dense.weight`);
    expect(values.get(`Qformer.bert.${layer}.intermediate.dense.weight`)).toEqual(ffn);
    expect(values.get(`Qformer.bert.${layer}.intermediate_query.dense.weight`)).toEqual(ffn);
    expect(values.get(`Qformer.bert.${layer}.output_query.LayerNorm.weight`)).toEqual(
      source.readFloat32(`${prefix}${layer}.output.LayerNorm.${weight}`),
    );
    const words =
      values.get("Qformer.bert.embeddings.word_embeddings.weight") ?? new Float32Array();
    expect([...words.subarray(0, 40)]).toEqual([
      ...source.readFloat32(`${prefix}embeddings.word_embeddings.weight`),
    ]);
    const fresh = [...words.subarray(40)];
    expect(fresh.length).toBe(width);
    expect(fresh.every((value) => value !== 0 && Math.abs(value) < 0.2)).toBe(true);
    const lmBias = [...(values.get("Qformer.cls.predictions.bias") ?? [])];
    expect(lmBias).toEqual([...source.readFloat32("cls.predictions.bias"), 0]);
    source.close();
  });
});

/** The LAVIS paths and shapes that a transformers file stands for. */
function lavisPaths(source: TensorSource): readonly WantedParameter[] {
  const languageModel = source.tensors.has("language_model.shared.weight") ? "t5" : "opt";
  return [...source.tensors].flatMap(([name, { shape }]): readonly WantedParameter[] => {
    const block = name
      .replace("vision_model.encoder.layers", "visual_encoder.blocks")
      .replace("layer_norm", "norm")
      .replace("self_attn.projection", "attn.proj")
      .replace("self_attn.qkv", "attn.qkv");
    if (block.endsWith("attn.qkv.bias")) {
      const third = [(shape[0] ?? 0) / 3];
      return ["q_bias", "v_bias"].map((bias) => ({
        path: block.replace("qkv.bias", bias),
        shape: third,
      }));
    }
    if (block.startsWith("visual_encoder.")) return [{ path: block, shape }];
    const path = name
      .replace("vision_model.embeddings.class_embedding", "visual_encoder.cls_token")
      .replace("vision_model.embeddings.position_embedding", "visual_encoder.pos_embed")
      .replace("vision_model.embeddings.patch_embedding", "visual_encoder.patch_embed.proj")
      .replace("vision_model.post_layernorm", "ln_vision")
      .replace("qformer.layernorm", "Qformer.bert.embeddings.LayerNorm")
      .replace(/^embeddings/, "Qformer.bert.embeddings")
      .replace("attention.attention", "attention.self")
      .replace(/^qformer/, "Qformer.bert")
      .replace("language_projection", `${languageModel}_proj`)
      .replace("language_model", `${languageModel}_model`)
      .replace("vision_projection", "vision_proj")
      .replace("text_projection", "text_proj");
    return [{ path, shape }];
  });
}

function imported(
  source: TensorSource,
  loaded: ReturnType<typeof matchWeights>["loaded"],
  path: string,
): TensorSource {
  writeSafetensors(
    path,
    loaded.map((parameter) =>
      floatTensor(
        parameter.path,
        parameter.shape,
        assemble(parameter, parameter.recipe, source, 0),
      ),
    ),
  );
  return openSafetensors(path);
}

function exported(source: TensorSource, path: string): TensorSource {
  writeSafetensors(
    path,
    exportRecipes([...source.tensors.keys()]).map((recipe) => {
      const [first] = recipe.parts;
      const shape = [...(source.tensors.get(first?.name ?? "")?.shape ?? [])];
      if (recipe.parts.length > 1) shape[0] = (shape[0] ?? 0) * recipe.parts.length;
      if (first?.share !== undefined) shape[0] = (shape[0] ?? 0) / first.share.of;
      return floatTensor(
        recipe.name,
        shape,
        assemble({ path: recipe.name, shape }, recipe, source, 0),
      );
    }),
  );
  return openSafetensors(path);
}

/** `file`, whatever its names, gives back each of `paths` as `original` has it. */
function expectSame(file: TensorSource, original: TensorSource, paths: readonly string[]): void {
  for (const path of paths) {
    const shape = original.tensors.get(path)?.shape ?? [];
    const recipe = findRecipe(path, file.tensors);
    expect([path, recipe === undefined]).toEqual([path, false]);
    if (recipe === undefined) continue;
    expect([...assemble({ path, shape }, recipe, file, 0)]).toEqual([
      ...original.readFloat32(path),
    ]);
  }
}
