/** Parameter names of transformers' BLIP-2 classes → LAVIS's, which the graphs use. */

const rules: readonly (readonly [RegExp, string])[] = [
  [/^vision_model\.embeddings\.class_embedding$/, "visual_encoder.cls_token"],
  [/^vision_model\.embeddings\.position_embedding$/, "visual_encoder.pos_embed"],
  [/^vision_model\.embeddings\.patch_embedding\./, "visual_encoder.patch_embed.proj."],
  [/^vision_model\.post_layernorm\./, "ln_vision."],
  [/^vision_model\.encoder\.layers\.(\d+)\.layer_norm(\d)\./, "visual_encoder.blocks.$1.norm$2."],
  [
    /^vision_model\.encoder\.layers\.(\d+)\.self_attn\.projection\./,
    "visual_encoder.blocks.$1.attn.proj.",
  ],
  [/^vision_model\.encoder\.layers\.(\d+)\.self_attn\./, "visual_encoder.blocks.$1.attn."],
  [/^vision_model\.encoder\.layers\./, "visual_encoder.blocks."],
  [/^qformer\.layernorm\./, "Qformer.bert.embeddings.LayerNorm."],
  [/^qformer\.encoder\.(.*attention)\.attention\./, "Qformer.bert.encoder.$1.self."],
  [/^qformer\./, "Qformer.bert."],
  [/^embeddings\./, "Qformer.bert.embeddings."],
  [/^vision_projection\./, "vision_proj."],
  [/^text_projection\./, "text_proj."],
  [/^language_projection\./, "opt_proj."],
  [/^language_model\./, "opt_model."],
];

/** The first rule that fits decides; other names stay as they are. */
export function lavisName(name: string): string {
  for (const [pattern, text] of rules) if (pattern.test(name)) return name.replace(pattern, text);
  return name;
}
