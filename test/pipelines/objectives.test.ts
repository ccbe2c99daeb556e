/** The pipelines with written losses: their parameters, where gradients go, and how they are drawn. */
import { describe, expect, it } from "vitest";
import { buildStage } from "../../compiler/2-build/build-stage.ts";
import { planReport } from "../../compiler/plan-report/index.ts";
import { moduleGraph } from "../../runtime/report/module-graph.ts";
import { modelOf } from "../support/check-file.ts";

const parameters = (file: string, sets: readonly string[] = []) => {
  const graphs = buildStage(modelOf(file, sets), "pretrain", { batch: 2 });
  return graphs.modules.flatMap(({ state, parameters: own }) =>
    own.map(({ attributes: { path, shape, init } }) => ({ path, shape, init, state })),
  );
};

describe("written losses", () => {
  it.each([
    ["itc-shapes", "shapes/stage1"],
    ["itc", "blip2/stage1"],
  ])(
    "%s has the parameters of the built-in contrast, by name, shape and first values",
    (written, builtIn) => {
      const expected = parameters(`pipelines/${builtIn}.blip`, ["pretrain.minimize=itc"]);
      expect(expected.some(({ path }) => path === "vision_proj.weight")).toBe(true);
      expect(parameters(`pipelines/objectives/${written}.blip`)).toEqual(expected);
    },
  );

  it("SigLIP learns two projections, a factor and an offset, and trains queries and bridge", () => {
    const plan = planReport(modelOf("pipelines/objectives/siglip-shapes.blip"), "pretrain");
    const siglip = plan.modules.find(({ name }) => name === "siglip");
    expect([siglip?.parameters, siglip?.state]).toEqual([2 * (64 * 64 + 64) + 2, "trainable"]);
    expect(plan.gradients.reach).toEqual([{ objective: "siglip", modules: ["q", "bridge"] }]);
    expect(plan.gradients.none).toEqual(["vision"]);
  });

  it("is drawn with what it reads, and the axes of that", () => {
    const graph = moduleGraph(modelOf("pipelines/objectives/siglip-shapes.blip"), "pretrain");
    const arrows = graph.flows.filter(({ to }) => to === "objective siglip");
    expect(arrows.map(({ from, label }) => `${from}: ${label}`).sort()).toEqual([
      "module bridge: bridge(q)\nf32[batch B, queries 8, width 64]",
      "module bridge: bridge(shapes.caption).cls\nf32[batch B, width 64]",
    ]);
  });
});
