/** What kept features save and take, against numbers worked out by hand and published ones. */
import { describe, expect, test } from "vitest";
import { planReport, planText } from "../../../compiler/plan-report/index.ts";
import { modelOf } from "../../support/check-file.ts";

const kept = "vision.cache=features";

describe("a plan with kept features", () => {
  test("of EVA-g makes steps after the first epoch at least 2.5 times cheaper", () => {
    const sets = [kept, 'pairs.image=normalize("clip")', "batch=2"];
    const { compute, features } = planReport(
      modelOf("pipelines/blip2/stage1.blip", sets),
      "pretrain",
    );
    const without = planReport(
      modelOf("pipelines/blip2/stage1.blip", sets.slice(1)),
      "pretrain",
    ).compute;
    const later = compute.forward + compute.backward;
    const [vision] = features;
    expect(later + vision!.operations).toBe(without.forward + without.backward);
    expect((later + vision!.operations) / later).toBeGreaterThan(2.5);
    // ViT-g without its last block: 39 blocks over 257 tokens of 1408, MLP 6144, and 256 patches of 588 values.
    const block = 257 * (8 * 1408 * 1408 + 4 * 1408 * 6144) + 4 * 257 * 257 * 1408;
    expect(vision!.operations).toBe(2 * (39 * block + 256 * 2 * 588 * 1408));
    expect(vision!.bytesPerPicture).toBe(257 * 1408 * 2);
  });

  test("says so, and what they take on disk", () => {
    const report = planReport(modelOf("pipelines/shapes/stage1.blip", [kept]), "pretrain");
    expect(report.inputs.map(({ name }) => name)).toContain("features");
    const line = planText(report)
      .split("\n")
      .find((each) => each.includes("features    "));
    // 10 tokens of 64 halves; 4,096 pictures.
    expect(line).toMatch(/kept as f16, 1\.25 KiB a picture, 5\.00 MiB for 4,096 pictures$/);
  });
});
