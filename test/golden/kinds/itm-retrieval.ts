/** Kind `itm-retrieval`: match logits and contrast scores of transformers' retrieval class. */
import {
  imageMemory,
  jointPass,
  type QformerConfig,
  qformerPresets,
  visionNorm,
} from "../../../compiler/backbones/qformer.ts";
import { type VitConfig, vit, vitPresets } from "../../../compiler/backbones/vit.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { rootScope } from "../../../compiler/layers/scope.ts";
import { softmax } from "../../../compiler/layers/softmax.ts";
import { matchLogits } from "../../../compiler/objectives/matching.ts";
import { contrastScore, imageFeatures, textFeatures } from "../../../compiler/objectives/scores.ts";
import { rules } from "../../../compiler/ops/index.ts";
import type { Comparison } from "../comparison.ts";
import { lavisName } from "../hf-names.ts";
import { ReferenceCase } from "../reference-case.ts";
import { compareAll } from "./vit-eva.ts";

interface RetrievalCase {
  readonly config: {
    readonly v_hidden: number;
    readonly v_inter: number;
    readonly v_layers: number;
    readonly v_heads: number;
    readonly image: number;
    readonly patch: number;
    readonly q_hidden: number;
    readonly q_layers: number;
    readonly q_heads: number;
    readonly q_inter: number;
    readonly cross_freq: number;
    readonly queries: number;
    readonly vocab: number;
    readonly max_pos: number;
    readonly embed: number;
  };
  readonly tensors_file?: string;
}

/** Compares features, scores both ways, and the match logits with their shares. */
export async function check(folder: string, c: unknown): Promise<readonly Comparison[]> {
  const { config: k, tensors_file } = c as RetrievalCase;
  const reference = new ReferenceCase(folder, tensors_file);
  const given = new Map<string, ArrayLike<number>>();
  for (const [name, { data }] of reference.below("weights")) given.set(lavisName(name), data);
  const inputs = reference.below("inputs");
  for (const [name, { data }] of inputs) given.set(name, data);
  const vision: VitConfig = {
    ...vitPresets["eva-clip-g/14"],
    attentionBias: "full",
    imageSize: k.image,
    patchSize: k.patch,
    width: k.v_hidden,
    depth: k.v_layers,
    layers: k.v_layers,
    heads: k.v_heads,
    mlpWidth: k.v_inter,
  };
  const config: QformerConfig = {
    ...qformerPresets["bert-base-uncased"],
    vocabulary: k.vocab,
    positions: k.max_pos,
    width: k.q_hidden,
    layers: k.q_layers,
    heads: k.q_heads,
    mlpWidth: k.q_inter,
    queries: k.queries,
    crossEvery: k.cross_freq,
    embedding: k.embed,
    visionEpsilon: 1e-6,
  };
  const b = new Builder(rules);
  const s = rootScope(b);
  const text = inputs.get("input_ids")!.shape;
  const ids = b.input("input_ids", text, "i32");
  const mask = b.input("attention_mask", text, "i32");
  const pixels = b.input("pixel_values", inputs.get("pixel_values")!.shape);
  const embeds = visionNorm(s, vit(s.at("visual_encoder"), pixels, vision), config);
  const memory = imageMemory(s, embeds, config);
  const joint = jointPass(s, ids, mask, memory, config).hidden;
  const logits = matchLogits(s, joint, config);
  const images = imageFeatures(s, memory, config);
  const texts = textFeatures(s, ids, mask, config);
  const scores = contrastScore(s, images, texts);
  const outputs = new Map<string, Node>([
    ["out/itm_logits", logits],
    ["out/itm_softmax", softmax(b, logits)],
    ["out/itc_logits_per_image", scores],
    ["out/itc_logits_per_text", b.swap(scores)],
    ["out/image_embeds_normalised", images],
    ["out/text_embeds_normalised", texts],
    ["out/vision_last_hidden_state", embeds],
    ["out/itm_text_model_last_hidden", joint],
  ]);
  await compareAll(reference, outputs, given, b);
  return reference.finish();
}
