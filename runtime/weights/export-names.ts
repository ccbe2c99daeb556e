/** LAVIS names → the names that transformers' BLIP-2 classes load, with what has to be joined or split for them. */
import type { RecipePart } from "./name-rules.ts";
import { alternatives, fillTemplate, matchTemplate } from "./name-template.ts";
import type { NameSet } from "./names.ts";

/** A tensor of an exported file: its parts, LAVIS paths, one after the other along axis 0. */
export interface ExportRecipe {
  readonly name: string;
  readonly parts: readonly RecipePart[];
}

interface ExportRule {
  readonly path: string;
  readonly to: readonly ExportRecipe[];
}

const block = "visual_encoder.blocks.{i}";
const resblock = "visual_encoder.transformer.resblocks.{i}";
const layer = "vision_model.encoder.layers.{i}";
const bertLayer = "Qformer.bert.encoder.layer.{i}";

function same(path: string, name: string): ExportRule {
  return { path, to: [{ name, parts: [{ name: path }] }] };
}

/** The first rule that matches a path holds. */
const rules: readonly ExportRule[] = [
  same("visual_encoder.cls_token", "vision_model.embeddings.class_embedding"),
  same("visual_encoder.pos_embed", "vision_model.embeddings.position_embedding"),
  same("visual_encoder.patch_embed.proj.{wb}", "vision_model.embeddings.patch_embedding.{wb}"),
  same(`${block}.norm{n}.{wb}`, `${layer}.layer_norm{n}.{wb}`),
  same(`${block}.attn.qkv.weight`, `${layer}.self_attn.qkv.weight`),
  {
    path: `${block}.attn.q_bias`,
    to: [
      {
        name: `${layer}.self_attn.qkv.bias`,
        parts: [
          { name: `${block}.attn.q_bias` },
          { name: `${block}.attn.q_bias`, isZero: true },
          { name: `${block}.attn.v_bias` },
        ],
      },
    ],
  },
  { path: `${block}.attn.v_bias`, to: [] },
  same(`${block}.attn.proj.{wb}`, `${layer}.self_attn.projection.{wb}`),
  same(`${block}.mlp.fc{n}.{wb}`, `${layer}.mlp.fc{n}.{wb}`),
  same("visual_encoder.class_embedding", "vision_model.embeddings.class_embedding"),
  same("visual_encoder.positional_embedding", "vision_model.embeddings.position_embedding.weight"),
  same("visual_encoder.conv1.weight", "vision_model.embeddings.patch_embedding.weight"),
  same("visual_encoder.ln_pre.{wb}", "vision_model.pre_layrnorm.{wb}"),
  {
    path: `${resblock}.attn.in_proj_{wb}`,
    to: ["q", "k", "v"].map((letter, index) => ({
      name: `${layer}.self_attn.${letter}_proj.{wb}`,
      parts: [{ name: `${resblock}.attn.in_proj_{wb}`, share: { index, of: 3 } }],
    })),
  },
  same(`${resblock}.attn.out_proj.{wb}`, `${layer}.self_attn.out_proj.{wb}`),
  same(`${resblock}.ln_{n}.{wb}`, `${layer}.layer_norm{n}.{wb}`),
  same(`${resblock}.mlp.c_fc.{wb}`, `${layer}.mlp.fc1.{wb}`),
  same(`${resblock}.mlp.c_proj.{wb}`, `${layer}.mlp.fc2.{wb}`),
  same("ln_vision.{wb}", "vision_model.post_layernorm.{wb}"),
  same("Qformer.bert.embeddings.LayerNorm.{wb}", "qformer.layernorm.{wb}"),
  same("Qformer.bert.embeddings.{rest}", "embeddings.{rest}"),
  same(
    `${bertLayer}.attention.self.{rest}`,
    "qformer.encoder.layer.{i}.attention.attention.{rest}",
  ),
  same(
    `${bertLayer}.crossattention.self.{rest}`,
    "qformer.encoder.layer.{i}.crossattention.attention.{rest}",
  ),
  same("Qformer.bert.encoder.{rest}", "qformer.encoder.{rest}"),
  same("vision_proj.{wb}", "vision_projection.{wb}"),
  same("text_proj.{wb}", "text_projection.{wb}"),
  ...alternatives("[opt|t5|llm]_proj.{wb}").map((path) => same(path, "language_projection.{wb}")),
  ...alternatives("[opt|t5|llm]_model.{rest}").map((path) => same(path, "language_model.{rest}")),
];

/**
 * What a file for transformers holds, in the order of `paths`. `temp` and `Qformer.cls.*` have no place there and keep
 * their LAVIS names, so that such a file comes back whole; transformers passes over names it does not know. Throws an
 * Error when a part is missing, such as a `v_bias` for a `q_bias`.
 */
export function exportRecipes(paths: readonly string[]): readonly ExportRecipe[] {
  const names: NameSet = new Set(paths);
  return paths.flatMap(recipesOf).map((recipe) => {
    const absent = recipe.parts.find((part) => !names.has(part.name));
    if (absent !== undefined)
      throw new Error(`${recipe.name} cannot be made without ${absent.name}`);
    return recipe;
  });
}

function recipesOf(path: string): readonly ExportRecipe[] {
  for (const rule of rules) {
    const bindings = matchTemplate(rule.path, path);
    if (bindings === undefined) continue;
    return rule.to.map(({ name, parts }) => ({
      name: fillTemplate(name, bindings),
      parts: parts.map((part) => ({ ...part, name: fillTemplate(part.name, bindings) })),
    }));
  }
  return [{ name: path, parts: [{ name: path }] }];
}
