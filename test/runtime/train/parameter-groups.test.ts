/** Weight-decay groups and ViT layer scales. */
import { expect, test } from "vitest";
import { parameterGroups, weightDecayOf } from "../../../runtime/train/parameter-groups.ts";

test("one-dimensional tensors and biases are not decayed, scalars are", () => {
  expect(weightDecayOf({ name: "norm.weight", shape: [4] }, 0.05)).toBe(0);
  expect(weightDecayOf({ name: "odd.bias", shape: [2, 2] }, 0.05)).toBe(0);
  expect(weightDecayOf({ name: "temp", shape: [] }, 0.05)).toBe(0.05);
  expect(weightDecayOf({ name: "query_tokens", shape: [1, 8, 4] }, 0.05)).toBe(0.05);
});

test("groups by layer and decay in order of first appearance; frozen ones apart", () => {
  const parameters = [
    { name: "temp", shape: [] },
    { name: "visual_encoder.pos_embed", shape: [1, 5, 4] },
    { name: "visual_encoder.blocks.0.norm1.weight", shape: [4] },
    { name: "visual_encoder.blocks.1.mlp.fc1.weight", shape: [8, 4] },
    { name: "head.weight", shape: [2, 4] },
    { name: "extra.weight", shape: [2, 4], isFrozen: true },
  ];
  const options = { weightDecay: 0.1, layerDecay: 0.5, vit: { flavor: "eva" } } as const;
  expect(parameterGroups(parameters, options)).toEqual({
    groups: [
      { weightDecay: 0.1, rateScale: 1, names: ["temp", "head.weight"] },
      { weightDecay: 0.1, rateScale: 0.125, names: ["visual_encoder.pos_embed"] },
      { weightDecay: 0, rateScale: 0.25, names: ["visual_encoder.blocks.0.norm1.weight"] },
      { weightDecay: 0.1, rateScale: 0.5, names: ["visual_encoder.blocks.1.mlp.fc1.weight"] },
    ],
    frozen: ["extra.weight"],
  });
});

test("LAVIS's CLIP puts conv1 into the last layer", () => {
  const names = ["class_embedding", "conv1.weight", "transformer.resblocks.2.attn.in_proj_weight"];
  const parameters = names.map((name) => ({ name: `visual_encoder.${name}`, shape: [3, 4] }));
  const options = { weightDecay: 0.1, layerDecay: 0.5, vit: { flavor: "clip" } } as const;
  const scales = parameterGroups(parameters, options).groups.map((group) => group.rateScale);
  expect(scales).toEqual([0.0625, 0.5]);
});
