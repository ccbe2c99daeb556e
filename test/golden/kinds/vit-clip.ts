/** Kind `vit-clip`: a tiny CLIP tower under OpenAI's names, given weights under those of transformers. */
import { type VitConfig, vitPresets, vitStates } from "../../../compiler/backbones/vit.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { layerNorm } from "../../../compiler/layers/norm.ts";
import { rootScope } from "../../../compiler/layers/scope.ts";
import { rules } from "../../../compiler/ops/index.ts";
import type { Comparison } from "../comparison.ts";
import { gradientOutputs, parametersOf } from "../graph.ts";
import { ReferenceCase } from "../reference-case.ts";
import type { ReferenceTensor } from "../tensors.ts";
import { compareAll } from "./vit-eva.ts";

interface ClipCase {
  readonly config: {
    readonly image: number;
    readonly patch: number;
    readonly width: number;
    readonly depth: number;
    readonly heads: number;
    readonly hf_layers: number;
    readonly ln_eps: number;
    readonly ln_vision_eps?: number;
  };
  readonly tensors_file?: string;
}

/** Compares hidden states of all layers, image embeddings, the pooled output and gradients. */
export async function check(folder: string, c: unknown): Promise<readonly Comparison[]> {
  const { config, tensors_file } = c as ClipCase;
  const reference = new ReferenceCase(folder, tensors_file);
  const weights = reference.below("weights");
  const pixels = reference.take("inputs/pixel_values");
  const upstream = reference.take("grad_out/image_embeds");
  const given = new Map<string, ArrayLike<number>>([
    ...openAiNames(weights),
    ["pixels", pixels.data],
    ["upstream", upstream.data],
  ]);
  const vit: VitConfig = {
    ...vitPresets["clip-vit-l/14"],
    imageSize: config.image,
    patchSize: config.patch,
    channels: pixels.shape[1]!,
    width: config.width,
    depth: config.hf_layers,
    layers: config.hf_layers,
    heads: config.heads,
    mlpWidth: weights.get("vision_model.encoder.layers.0.mlp.fc1.weight")!.shape[0]!,
    epsilon: config.ln_eps,
  };
  const b = new Builder(rules);
  const s = rootScope(b);
  const states = vitStates(s.at("visual_encoder"), b.input("pixels", pixels.shape), vit);
  const embeds = layerNorm(s.at("ln_vision"), states[config.depth]!, config.ln_vision_eps ?? 1e-5);
  const last = states.at(-1)!;
  const first = b.reshape(b.slice(last, 1, 0, 1), [pixels.shape[0]!, vit.width]);
  const outputs = new Map<string, Node>([
    ...states.map((state, i): [string, Node] => [`out/hidden_${i}`, state]),
    ["out/image_embeds", embeds],
    ["out/hf_last_hidden_state", last],
    ["out/hf_pooler_output", layerNorm(s.at("visual_encoder.ln_post"), first, config.ln_eps)],
    ...gradientOutputs(
      b,
      "grad_lavis",
      embeds,
      parametersOf([embeds]),
      b.input("upstream", upstream.shape),
    ),
  ]);
  await compareAll(reference, outputs, given, b);
  return reference.finish();
}

const renamed: readonly (readonly [RegExp, string])[] = [
  [/^vision_model\.embeddings\.class_embedding$/, "class_embedding"],
  [/^vision_model\.embeddings\.position_embedding\.weight$/, "positional_embedding"],
  [/^vision_model\.embeddings\.patch_embedding\.weight$/, "conv1.weight"],
  [/^vision_model\.pre_layrnorm\./, "ln_pre."],
  [/^vision_model\.post_layernorm\./, "ln_post."],
  [/^vision_model\.encoder\.layers\./, "transformer.resblocks."],
];

const inBlock: readonly (readonly [string, string])[] = [
  [".layer_norm1.", ".ln_1."],
  [".layer_norm2.", ".ln_2."],
  [".mlp.fc1.", ".mlp.c_fc."],
  [".mlp.fc2.", ".mlp.c_proj."],
  [".self_attn.out_proj.", ".attn.out_proj."],
];

/** Weights under OpenAI's names; query, key and value become one tensor. */
export function openAiNames(
  weights: ReadonlyMap<string, ReferenceTensor>,
): ReadonlyMap<string, ArrayLike<number>> {
  const found = new Map<string, ArrayLike<number>>();
  for (const [name, { data }] of weights) {
    const part = /^(.*)\.self_attn\.([qkv])_proj\.(weight|bias)$/.exec(name);
    if (part === null) {
      found.set(openAiName(name), data);
      continue;
    }
    if (part[2] !== "q") continue;
    const all = ["q", "k", "v"].map((side) => [
      ...weights.get(`${part[1]}.self_attn.${side}_proj.${part[3]}`)!.data,
    ]);
    found.set(openAiName(`${part[1]}.attn.in_proj_${part[3]}`), all.flat());
  }
  return found;
}

function openAiName(name: string): string {
  if (!name.startsWith("vision_model.")) return name;
  let result = name;
  for (const [pattern, text] of renamed) result = result.replace(pattern, text);
  for (const [from, to] of inBlock) result = result.replace(from, to);
  return `visual_encoder.${result}`;
}
