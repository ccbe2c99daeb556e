/** A stage cut at a kept encoder: both halves together are the stage that was not cut. */
import { describe, expect, test } from "vitest";
import { buildStage } from "../../../compiler/2-build/build-stage.ts";
import { reachable } from "../../../compiler/ir/node.ts";
import { modelOf } from "../../support/check-file.ts";

const build = (...sets: readonly string[]) =>
  buildStage(modelOf("pipelines/shapes/stage1.blip", sets), "pretrain", { batch: 3 });

describe("a stage with kept features", () => {
  const whole = build();
  const cut = build("vision.cache=features");
  const [feature] = cut.features;

  test("owns the same parameters in the same states", () => {
    const owned = ({ modules }: typeof whole) =>
      modules.map(({ owner, state, parameters }) => [
        owner,
        state,
        parameters.map(({ attributes }) => attributes.path),
      ]);
    expect(owned(cut)).toEqual(owned(whole));
    expect(cut.frozen.length).toBe(whole.frozen.length);
    expect(whole.features).toEqual([]);
  });

  test("takes features where the other takes pictures", () => {
    const inputs = ({ inputs: all }: typeof whole) => all.map(({ name }) => name).sort();
    const others = inputs(whole).filter((name) => name !== "image");
    expect(inputs(cut)).toEqual([...others, "features"].sort());
    expect(cut.inputs.find(({ name }) => name === "features")?.type).toEqual({
      shape: [3, 10, 64],
      dtype: "f32",
    });
    expect(feature?.graph.inputs.map(({ name }) => name)).toEqual(["image"]);
  });

  test("leaves to its graph what reads frozen weights, and nothing random", () => {
    const nodes = reachable(cut.losses.values());
    const paths = nodes.flatMap((node) => (node.op === "parameter" ? [node.attributes.path] : []));
    expect(paths.some((path) => path.startsWith("visual_encoder."))).toBe(false);
    const before = reachable(feature!.graph.outputs.values());
    expect(before.some(({ op }) => op === "random")).toBe(false);
    expect(feature!.graph.parameters.map(({ attributes }) => attributes.path)).toEqual(
      whole.frozen.map(({ attributes }) => attributes.path),
    );
    const count = (graph: readonly { readonly op: string }[]) =>
      graph.filter(({ op }) => op === "matmul").length;
    expect(count(nodes) + count(before)).toBe(count(reachable(whole.losses.values())));
  });
});
