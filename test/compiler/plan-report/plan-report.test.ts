import { describe, expect, it } from "vitest";
import { planReport, planText } from "../../../compiler/plan-report/index.ts";
import { portableTarget } from "../../../compiler/program.ts";
import { modelOf } from "../../support/check-file.ts";

describe("parts of a module", () => {
  const sets = ["vision=trainable", "vision.freeze=[embeddings, blocks[0..2]]"];
  const report = planReport(modelOf("pipelines/shapes/stage1.blip", sets), "pretrain");

  it("are counted and shown apart", () => {
    const vision = report.modules.find(({ name }) => name === "vision");
    // By hand: 49,984 a block, 49,920 before them.
    expect(vision).toMatchObject({ state: "trainable", parameters: 199_872, frozen: 149_888 });
    expect(report.parameters).toEqual({
      trainable: 200_236 + 49_984,
      frozen: 149_888,
      total: 400_108,
    });
    const lines = planText(report).split("\n");
    expect(lines.find((line) => /^ {2}vision/.test(line))).toMatch(/trainable +49,984 /);
    expect(lines.find((line) => line.includes("embeddings, blocks[0..2]"))).toMatch(
      /frozen +149,888 +part of vision$/,
    );
  });
});

describe("planReport", () => {
  it("counts stage 2 with OPT-2.7B exactly", () => {
    const report = planReport(modelOf("pipelines/blip2/stage2-opt.blip"), "generate");
    expect(report.parameters).toEqual({
      trainable: 107_133_696,
      frozen: 3_637_491_328,
      total: 3_744_625_024,
    });
    expect(
      report.modules.map(({ name, state, parameters, width }) => [name, state, parameters, width]),
    ).toEqual([
      ["vision", "frozen", 985_894_528, "257 x 1408"],
      ["q", "trainable", 24_576, "32 x 768"],
      ["bridge", "trainable", 105_140_480, "768"],
      ["opt", "frozen", 2_651_596_800, "2560"],
      ["to_lm", "trainable", 1_968_640, "768 -> 2560"],
    ]);
    expect(report.gradients).toEqual({
      reach: [{ objective: "say", modules: ["q", "bridge", "to_lm"] }],
      through: ["opt"],
      none: ["vision"],
    });
    const { memory } = report;
    // Parts of a pack begin at multiples of 256 bytes.
    const between = 5120;
    expect(memory.trainableWeights).toBe(4 * 107_133_696 + between);
    expect(memory.optimizer).toBe(2 * memory.trainableWeights);
    expect(memory.gradients).toBe(memory.trainableWeights);
  });

  it("counts the operations of blip2.md sections 5.2 and 5.6", () => {
    const report = planReport(modelOf("pipelines/blip2/stage1.blip", ["batch=2"]), "pretrain");
    const vision = report.compute.modules.find(({ name }) => name === "vision")!;
    expect(vision.forward / 2e9).toBeCloseTo(520.7, 1);
    expect(vision.backward).toBe(0);
    const others = report.compute.forward - vision.forward;
    // 80.2 GFLOP with the keys and values of the picture made again for the matching pass; here they are shared.
    expect(others / 2e9).toBeGreaterThan(50);
    expect(others / 2e9).toBeLessThan(80.2);
  });

  it("count apart what backward makes again of attention: by hand", () => {
    const wide = { ...portableTarget, maxStorageBuffersPerShaderStage: 10 };
    const again = (batch: number, target = portableTarget) => {
      const sets = ['llm="opt-125m"', "s1.vision.layers=1", `s1.batch=${batch}`];
      const report = planReport(modelOf("pipelines/blip2/stage2-opt.blip", sets), "generate", {
        target,
      });
      const line = planText(report)
        .split("\n")
        .find((each) => each.includes("makes again"));
      return [report.compute.again, line?.trim().split(" ")[0]];
    };
    // 12 layers of 12 heads, 32 queries and 32 words, 64 wide; score matrices of 1.5, 12 and 96 MiB.
    const product = 12 * 12 * 2 * 64 * 64 * 64;
    expect(again(8)).toEqual([0, undefined]);
    // Scores once, for all three adjoints.
    expect(again(64)).toEqual([64 * product, "4.83"]);
    expect(again(512)).toEqual([512 * product, "38.65"]);
    // Scores twice, adjoints of the shares once more.
    expect(again(512, wide)).toEqual([3 * 512 * product, "115.96"]);
  });

  it("a frozen stage keeps no gradient: the table of the demo's second stage", () => {
    const report = planReport(modelOf("pipelines/shapes/stage2.blip"), "generate");
    const { compute, memory } = report;
    const vision = compute.modules.find(({ name }) => name === "vision")!;
    expect(vision.backward).toBe(0);
    expect((compute.forward + compute.backward - vision.forward) / 1e9).toBeCloseTo(0.65, 2);
    expect(memory.frozenWeights).toBe(4 * (199_872 + 156_800));
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(planText(report)).toContain("trainable 121,664   frozen 356,672   total 478,336");
    expect(planText(report)).toContain("none into vision (frozen, nothing trainable before it)");
  });
});

describe("objectives over a whole step", () => {
  const report = (sets: readonly string[]) =>
    planReport(modelOf("test/end-to-end/tiny.blip", ["learn.accumulate=2", ...sets]), "learn");
  const [plain, whole] = [report([]), report(["learn.whole=[itc]"])];

  it("keep their vectors and gradients of all micro-batches, and the loss: by hand", () => {
    // 4 pictures of 2 queries and 4 texts, 16 wide, twice in f32; the sum of the losses in a buffer of 16 bytes.
    expect(whole.memory.wholeStep).toBe(2 * 4 * (4 * 2 * 16 + 4 * 16) + 16);
    expect(plain.memory.wholeStep).toBe(0);
    const text = planText(whole);
    expect(text).toMatch(
      /^ {2}whole step {2}itc over 4 records: 1\.52 KiB kept of all micro-batches, forward passes once more: 1\.76 MFLOP$/m,
    );
    expect(text).toContain(" + whole step 1.52 KiB + ");
    expect(planText(plain)).not.toContain("whole step");
  });

  it("compute forward passes twice, and similarities of all with all", () => {
    expect(plain.whole).toBeNull();
    const { objectives, operations } = whole.whole!;
    expect(objectives).toEqual(["itc"]);
    const vision = (of: typeof plain) => of.compute.modules.find(({ name }) => name === "vision")!;
    expect(vision(whole).forward).toBe(2 * vision(plain).forward);
    expect(vision(whole).backward).toBe(0);
    // Those within micro-batches are still computed for the hard negatives.
    const similarities = 2 * (4 * 2) * 16 * 4;
    expect(whole.compute.forward).toBe(plain.compute.forward + operations + similarities);
    // The gradient of all with all takes the place of those within micro-batches: two products each.
    const within = 2 * (2 * (2 * 2) * 16 * 2);
    expect(whole.compute.backward).toBe(plain.compute.backward + 2 * (similarities - within));
    expect(whole.gradients).toEqual(plain.gradients);
  });

  it("count in mixed precision what they count in full", () => {
    const mixed = report(["learn.whole=[itc]", "learn.precision=mixed"]);
    expect(mixed.compute).toEqual(whole.compute);
    expect(mixed.gradients).toEqual(whole.gradients);
  });
});
