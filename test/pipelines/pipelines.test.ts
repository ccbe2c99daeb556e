import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { modelOf } from "../support/check-file.ts";

const files = readdirSync("pipelines", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".blip"))
  .map((file) => `pipelines/${file.replaceAll("\\", "/")}`);

describe("pipelines", () => {
  it("are all there", () => {
    for (const name of ["blip2/stage1", "blip2/stage2-opt", "stage1", "stage2-opt"])
      expect(files).toContain(`pipelines/${name}.blip`);
    for (const name of ["encoder", "lm", "stage1", "stage2"])
      expect(files).toContain(`pipelines/shapes/${name}.blip`);
    for (const name of ["itc", "itc-shapes", "siglip", "siglip-shapes"])
      expect(files).toContain(`pipelines/objectives/${name}.blip`);
  });

  it.each(files)("%s checks without a message", (file) => {
    expect(modelOf(file).stages.size).toBe(1);
  });

  it("the second stage continues from the first one beside it", () => {
    const from = (file: string) =>
      [...modelOf(`pipelines/${file}.blip`).stages.values()][0]?.from?.value;
    expect(from("stage2-opt")).toEqual({
      file: "pipelines/stage1.blip",
      stage: "pretrain",
      which: "last",
      isWithin: false,
    });
    expect(from("shapes/stage2")?.file).toBe("pipelines/shapes/stage1.blip");
    expect(from("blip2/stage2-opt")?.file).toBe("pipelines/blip2/stage1.blip");
  });

  it("another language model through the file that extends", () => {
    const model = modelOf("pipelines/stage2-opt.blip", ['llm="opt-125m"']);
    const adapter = model.modules.get("to_lm");
    expect(adapter?.kind === "adapter" && [adapter.inputWidth, adapter.outputWidth]).toEqual([
      768, 768,
    ]);
  });

  it("the recipes of the demo (shapes.md sections 4 and 5)", () => {
    const recipe = (file: string) => {
      const model = modelOf(`pipelines/shapes/${file}.blip`);
      const stage = [...model.stages.values()][0]!;
      const { optimizer: o, schedule: s } = stage;
      const batch = model.data.get(stage.data.value)!.batch.value;
      return [
        batch,
        stage.train.value.value,
        o.lr.value,
        s.warmup.value.value,
        s.minLr.value,
        o.clip.value,
        o.weightDecay.value,
      ];
    };
    expect(recipe("encoder")).toEqual([128, 1900, 1.5e-3, 100, 1.5e-5, 1, 0.05]);
    expect(recipe("lm")).toEqual([64, 1300, 3e-3, 100, 3e-5, 1, 0.01]);
    expect(recipe("stage1")).toEqual([24, 350, 4e-3, 40, 2e-4, 1, 0.05]);
    expect(recipe("stage2")).toEqual([32, 500, 4e-3, 40, 2e-4, 1, 0.05]);
  });
});
