/** Kind `vit-eva`: a tiny EVA tower and the norm behind it, with gradients of all its parameters. */
import { type VitConfig, vitPresets, vitStates } from "../../../compiler/backbones/vit.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { patchEmbedding } from "../../../compiler/layers/embedding.ts";
import { layerNorm } from "../../../compiler/layers/norm.ts";
import { rootScope } from "../../../compiler/layers/scope.ts";
import { rules } from "../../../compiler/ops/index.ts";
import type { Comparison } from "../comparison.ts";
import { evaluate, type Given } from "../evaluate.ts";
import { gradientOutputs, parametersOf } from "../graph.ts";
import { ReferenceCase, strict } from "../reference-case.ts";

interface EvaCase {
  readonly config: {
    readonly image: number;
    readonly patch: number;
    readonly width: number;
    readonly depth: number;
    readonly heads: number;
    readonly block_ln_eps: number;
    readonly ln_vision_eps: number;
    readonly hf_post_layernorm_eps?: number;
  };
  readonly tensors_file?: string;
}

/** Compares hidden states, image embeddings, gradients, and what the other library makes of the same weights. */
export async function check(folder: string, c: unknown): Promise<readonly Comparison[]> {
  const { config, tensors_file } = c as EvaCase;
  const reference = new ReferenceCase(folder, tensors_file);
  const weights = reference.below("weights");
  const pixels = reference.take("inputs/pixel_values");
  const upstream = reference.take("grad_out/image_embeds");
  const given = new Map<string, ArrayLike<number>>([
    ["pixels", pixels.data],
    ["upstream", upstream.data],
  ]);
  for (const [name, { data }] of weights) given.set(name, data);

  const vit: VitConfig = {
    ...vitPresets["eva-clip-g/14"],
    imageSize: config.image,
    patchSize: config.patch,
    channels: pixels.shape[1]!,
    width: config.width,
    depth: config.depth,
    layers: config.depth,
    heads: config.heads,
    mlpWidth: weights.get("visual_encoder.blocks.0.mlp.fc1.weight")!.shape[0]!,
    epsilon: config.block_ln_eps,
  };
  const b = new Builder(rules);
  const s = rootScope(b);
  const input = b.input("pixels", pixels.shape);
  const states = vitStates(s.at("visual_encoder"), input, vit);
  const patches = s.at("visual_encoder.patch_embed.proj");
  const norm = s.at("ln_vision");
  const embeds = layerNorm(norm, states.at(-1)!, config.ln_vision_eps);
  const other = layerNorm(norm, states.at(-1)!, config.hf_post_layernorm_eps ?? 1e-6);
  const first = b.reshape(b.slice(other, 1, 0, 1), [pixels.shape[0]!, vit.width]);
  const outputs = new Map<string, Node>([
    ["out/patch_embed", patchEmbedding(patches, input, vit.patchSize, vit.width, { std: 0.02 })],
    ...states.map((state, i): [string, Node] => [`out/hidden_${i}`, state]),
    ["out/image_embeds", embeds],
    ["out/hf_last_hidden_state", other],
    ["out/hf_pooler_output", layerNorm(norm, first, config.hf_post_layernorm_eps ?? 1e-6)],
    ...gradientOutputs(
      b,
      "grad",
      embeds,
      parametersOf([embeds]),
      b.input("upstream", upstream.shape),
    ),
  ]);
  await compareAll(reference, outputs, given, b);
  return reference.finish();
}

/** Evaluates `outputs` and compares each with the tensor of its name. */
export async function compareAll(
  reference: ReferenceCase,
  outputs: ReadonlyMap<string, Node>,
  given: Given,
  b: Builder,
): Promise<void> {
  reference.expect(outputs, b);
  for (const [name, value] of await evaluate(outputs, given, b)) {
    if (!reference.has(name)) reference.line(name, "has no reference value", 1, 0);
    else if (name.startsWith("grad")) reference.compareGradient(name, value);
    else reference.compare(name, value, strict.hidden);
  }
}
