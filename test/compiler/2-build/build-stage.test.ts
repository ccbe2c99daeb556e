import { describe, expect, it } from "vitest";
import { buildStage } from "../../../compiler/2-build/build-stage.ts";
import type { ParameterNode } from "../../../compiler/2-build/stage-graphs.ts";
import { trainingGraphs } from "../../../compiler/compile.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { reachable } from "../../../compiler/ir/node.ts";
import { elements } from "../../../compiler/ir/tensor-type.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { modelOf } from "../../support/check-file.ts";

const count = (parameters: readonly ParameterNode[]) =>
  parameters.reduce((sum, { type }) => sum + elements(type.shape), 0);

function build(file: string, stage: string, batch: number, sets: readonly string[] = []) {
  return buildStage(modelOf(`pipelines/${file}.blip`, sets), stage, { batch });
}

describe("parameters of a stage (blip2.md section 5, shapes.md section 3)", () => {
  it.each([
    ["blip2/stage1", "pretrain", [], 186_705_470, 985_894_528],
    ["blip2/stage1", "pretrain", ["vision=clip-vit-l/14"], 183_165_758, 290_581_504],
    ["blip2/stage2-opt", "generate", [], 107_133_696, 985_894_528 + 2_651_596_800],
    ["stage2-opt", "generate", ["llm=opt-125m"], 105_755_648, 985_894_528 + 125_239_296],
    ["shapes/stage1", "pretrain", [], 200_236, 199_872],
    ["shapes/stage2", "generate", [], 121_664, 199_872 + 156_800],
    ["shapes/lm", "pretrain", [], 156_800, 0],
  ] as const)("%s#%s %j trains %i and freezes %i", (file, stage, sets, trainable, frozen) => {
    const graphs = build(file, stage, 2, sets);
    expect(count(graphs.trainable)).toBe(trainable);
    expect(count(graphs.frozen)).toBe(frozen);
  });

  it("each has one owner, and queries are apart from the Q-Former", () => {
    const { modules, trainable, frozen } = build("shapes/stage1", "pretrain", 2);
    const paths = modules.flatMap((each) =>
      each.parameters.map(({ attributes }) => attributes.path),
    );
    expect(new Set(paths).size).toBe(trainable.length + frozen.length);
    expect(paths.length).toBe(trainable.length + frozen.length);
    expect(modules.map(({ owner }) => owner)).toEqual(["vision", "q", "bridge", "itc", "itm"]);
    expect(modules[1]?.parameters.map(({ attributes }) => attributes.path)).toEqual([
      "query_tokens",
    ]);
  });

  it("`freeze` names blocks and what stands before them, by hand 49,984 a block and 49,920", () => {
    const frozen = (freeze: string) => {
      const sets = ["vision=trainable", `vision.freeze=${freeze}`];
      const graphs = build("shapes/stage1", "pretrain", 2, sets);
      expect(count(graphs.trainable) + count(graphs.frozen)).toBe(200_236 + 199_872);
      return count(graphs.frozen);
    };
    expect(frozen("blocks[0..2]")).toBe(2 * 49_984);
    expect(frozen("blocks[2]")).toBe(49_984);
    expect(frozen("[embeddings, blocks[0..2]]")).toBe(2 * 49_984 + 49_920);
  });

  it("frozen blocks get no update, and no gradient enters them behind frozen embeddings", () => {
    const file = "pipelines/shapes/stage1.blip";
    const within = (freeze: string) => {
      const model = modelOf(file, ["vision=trainable", `vision.freeze=${freeze}`]);
      const graphs = buildStage(model, "pretrain", { batch: 2 });
      const { step } = trainingGraphs(graphs, model.stages.get("pretrain")!);
      const updated = step.updates.map(({ target }) => target.attributes.path);
      const backward = reachable(step.updates.map(({ value }) => value))
        .map(({ origin }) => origin.path)
        .filter((path) => path.includes("'") && path.startsWith("visual_encoder.blocks."));
      return {
        updated: updated.filter((path) => path.startsWith("visual_encoder.blocks.0.")),
        blocks: new Set(backward.map((path) => path.split(".")[2]!.replaceAll("'", ""))),
      };
    };
    expect(within("blocks[0..1]")).toEqual({ updated: [], blocks: new Set(["2", "1", "0"]) });
    const ended = within("[embeddings, blocks[0..1]]");
    expect(ended.updated).toEqual([]);
    expect([...ended.blocks].toSorted()).toEqual(["1", "2"]);
  });

  it("similarities hold back one side each where only the row learns", () => {
    const held = (gradient: string) => {
      const graphs = build("shapes/stage1", "pretrain", 4, [`itc.gradient=${gradient}`]);
      const nodes = reachable([graphs.losses.get("itc")!]);
      return nodes.filter(({ op }) => op === "stopGradient").length;
    };
    expect(held("row") - held("both")).toBe(2);
  });

  it("frozen matrices are stored as the file says, trained ones in f32", () => {
    const { frozen, trainable } = build("blip2/stage1", "pretrain", 2);
    const types = (parameters: readonly ParameterNode[]) =>
      new Set(
        parameters.filter(({ type }) => type.shape.length === 2).map(({ type }) => type.dtype),
      );
    expect(types(frozen)).toContain("f16");
    expect([...types(trainable)]).toEqual(["f32"]);
  });

  it("query feed-forwards start as copies of the text ones, in stage 1 only", () => {
    const first = build("shapes/stage1", "pretrain", 2).initialCopies;
    expect(first).toHaveLength(12);
    expect(first).toContainEqual({
      from: "Qformer.bert.encoder.layer.0.intermediate.dense.weight",
      to: "Qformer.bert.encoder.layer.0.intermediate_query.dense.weight",
    });
    expect(build("shapes/stage2", "generate", 2).initialCopies).toEqual([]);
  });
});

describe("graphs of a stage", () => {
  it("run the tower and the queries once for all objectives", () => {
    const products = (minimize: string, place: string) => {
      const { total } = build("shapes/stage1", "pretrain", 2, [`pretrain.minimize=${minimize}`]);
      return reachable([total]).filter(
        ({ op, origin }) => op === "matmul" && origin.path.startsWith(place),
      ).length;
    };
    expect(products("itc + itm + itg", "visual_encoder")).toBe(products("itc", "visual_encoder"));
    const queries = "Qformer.bert.encoder.layer.0.intermediate_query";
    expect(products("itc + itg", queries)).toBe(1);
    expect(products("itc + itm + itg", queries)).toBe(2);
  });

  it("name what the host writes", () => {
    const { inputs } = build("shapes/stage1", "pretrain", 3);
    expect(
      inputs.map(({ name, type, source }) => [name, type.dtype, type.shape, source.kind]),
    ).toEqual([
      ["seed", "i32", [2], "seed"],
      ["image", "f32", [3, 3, 48, 48], "image"],
      ["caption.ids", "i32", [3, 14], "token-ids"],
      ["caption.mask", "i32", [3, 14], "token-mask"],
    ]);
  });

  it("the total is the weighted sum of the losses", () => {
    const graphs = build("shapes/stage1", "pretrain", 2, [
      "pretrain.minimize=0.5 * itc + 2 * itm + itg",
    ]);
    const given = new Map<string, ArrayLike<number>>();
    const wave = (size: number, scale: number) =>
      Float64Array.from({ length: size }, (_, i) => scale * Math.sin(1.7 * i + size));
    for (const { attributes, type } of [...graphs.trainable, ...graphs.frozen]) {
      const isScale = attributes.init.kind === "ones" || attributes.init.kind === "constant";
      const size = elements(type.shape);
      given.set(attributes.path, isScale ? new Float64Array(size).fill(1) : wave(size, 0.2));
    }
    given.set("seed", [1, 2]);
    given.set("image", wave(2 * 3 * 48 * 48, 1));
    given.set(
      "caption.ids",
      Array.from({ length: 28 }, (_, i) => (7 * i) % 41),
    );
    given.set(
      "caption.mask",
      Array.from({ length: 28 }, (_, i) => (i % 14 < 9 ? 1 : 0)),
    );
    const [total, itc, itm, itg] = interpret(
      rules,
      [graphs.total, ...["itc", "itm", "itg"].map((name) => graphs.losses.get(name)!)],
      given,
    ).map((values) => values[0]!);
    expect(total).toBeCloseTo(0.5 * itc! + 2 * itm! + itg!, 9);
    expect(itg).toBeGreaterThan(1);
    expect(itm).toBeGreaterThan(0.1);
  });
});
