/** Where published checkpoints keep what LAVIS's names ask for: data only, read by `names.ts`. */
import type { InitialValues } from "./initial-values.ts";
import type { PositionGrids } from "./interpolate-positions.ts";

/** The `index`-th of `of` equal shares of a tensor's rows (axis 0). */
export interface Share {
  readonly index: number;
  readonly of: number;
}

/** A tensor of a file that becomes (a part of) a parameter. */
export interface RecipePart {
  readonly name: string;
  readonly share?: Share;
  /** True: zeros in the shape of that tensor instead of its values. */
  readonly isZero?: boolean;
}

/** How a parameter is made: its parts one after the other along axis 0. */
export interface Recipe {
  readonly parts: readonly RecipePart[];
  /** The recipe holds only for files that have this tensor too. */
  readonly beside?: string;
  /** Rows that the file may lack at the end, and what they start with. */
  readonly missing?: { readonly rows: number; readonly values: InitialValues };
  /** The one part is a position table of another picture size, to be interpolated. */
  readonly positions?: PositionGrids;
}

/** LAVIS names of a form, and where else such a parameter may stand. Names are templates; a plain text is one whole tensor. */
export interface NameRule {
  readonly wanted: string;
  readonly from: readonly (string | Recipe)[];
}

const query = "encoder.layers.{i}.self_attn.q_proj.{wb}";
const key = "encoder.layers.{i}.self_attn.k_proj.{wb}";
const value = "encoder.layers.{i}.self_attn.v_proj.{wb}";
const block = "[visual_encoder.|]blocks.{i}";
const layer = "[vision_model.|]encoder.layers.{i}";
const resblock = "[visual_encoder.|]transformer.resblocks.{i}";
const openClip = "[visual.|]transformer.resblocks.{i}";
const bertLayer = "Qformer.bert.encoder.layer.{i}";
const mark = "encoder.layers.0.self_attn.qkv.weight";
const embeddingRow = { rows: 1, values: { kind: "normal", std: 0.02 } } as const;
const zeroRow = { rows: 1, values: { kind: "zeros" } } as const;

/** EVA ViT-g: names of LAVIS's `eva_vit_g` and of transformers' Blip2VisionModel. */
const eva: readonly NameRule[] = [
  {
    wanted: "[visual_encoder.|]cls_token",
    from: ["cls_token", "[vision_model.|]embeddings.class_embedding"],
  },
  {
    wanted: "[visual_encoder.|]pos_embed",
    from: ["pos_embed", "[vision_model.|]embeddings.position_embedding"],
  },
  {
    wanted: "[visual_encoder.|]patch_embed.proj.{wb}",
    from: ["patch_embed.proj.{wb}", "[vision_model.|]embeddings.patch_embedding.{wb}"],
  },
  {
    wanted: `${block}.norm{n}.{wb}`,
    from: ["blocks.{i}.norm{n}.{wb}", `${layer}.layer_norm{n}.{wb}`],
  },
  {
    wanted: `${block}.attn.qkv.weight`,
    from: ["blocks.{i}.attn.qkv.weight", `${layer}.self_attn.qkv.weight`],
  },
  ...(
    [
      ["q_bias", 0],
      ["v_bias", 2],
    ] as const
  ).map(([name, index]) => ({
    wanted: `${block}.attn.${name}`,
    from: [
      `blocks.{i}.attn.${name}`,
      { parts: [{ name: `${layer}.self_attn.qkv.bias`, share: { index, of: 3 } }] },
      { parts: [{ name: `${block}.attn.qkv.bias`, share: { index, of: 3 } }] },
    ],
  })),
  {
    wanted: `${block}.attn.proj.{wb}`,
    from: ["blocks.{i}.attn.proj.{wb}", `${layer}.self_attn.projection.{wb}`],
  },
  {
    wanted: `${block}.mlp.fc{n}.{wb}`,
    from: ["blocks.{i}.mlp.fc{n}.{wb}", `${layer}.mlp.fc{n}.{wb}`],
  },
];

/** CLIP's image tower: names of LAVIS's `clip_vit_L`, OpenAI's and open_clip's `visual.`, and transformers' CLIPVisionModel. */
const clip: readonly NameRule[] = [
  {
    wanted: "[visual_encoder.|]class_embedding",
    from: ["[visual.|]class_embedding", "[vision_model.|]embeddings.class_embedding"],
  },
  {
    wanted: "[visual_encoder.|]positional_embedding",
    from: [
      "[visual.|]positional_embedding",
      "[vision_model.|]embeddings.position_embedding.weight",
    ],
  },
  {
    wanted: "[visual_encoder.|]conv1.weight",
    from: ["[visual.|]conv1.weight", "[vision_model.|]embeddings.patch_embedding.weight"],
  },
  {
    wanted: "[visual_encoder.|]ln_pre.{wb}",
    from: ["[visual.|]ln_pre.{wb}", "[vision_model.|]pre_layrnorm.{wb}"],
  },
  {
    wanted: `${resblock}.attn.in_proj_{wb}`,
    from: [
      `${openClip}.attn.in_proj_{wb}`,
      ...["vision_model.", ""].map((prefix) => ({
        parts: [query, key, value].map((name) => ({ name: prefix + name })),
      })),
    ],
  },
  {
    wanted: `${resblock}.attn.out_proj.{wb}`,
    from: [`${openClip}.attn.out_proj.{wb}`, `${layer}.self_attn.out_proj.{wb}`],
  },
  {
    wanted: `${resblock}.ln_{n}.{wb}`,
    from: [`${openClip}.ln_{n}.{wb}`, `${layer}.layer_norm{n}.{wb}`],
  },
  {
    wanted: `${resblock}.mlp.c_fc.{wb}`,
    from: [`${openClip}.mlp.c_fc.{wb}`, `${layer}.mlp.fc1.{wb}`],
  },
  {
    wanted: `${resblock}.mlp.c_proj.{wb}`,
    from: [`${openClip}.mlp.c_proj.{wb}`, `${layer}.mlp.fc2.{wb}`],
  },
];

/** CLIP's own post_layernorm is not ln_vision: the queries or the EVA tower's qkv must stand beside it. */
const normOfVision: readonly NameRule[] = [
  {
    wanted: "ln_vision.{wb}",
    from: [
      { parts: [{ name: "vision_model.post_layernorm.{wb}" }], beside: "query_tokens" },
      { parts: [{ name: "vision_model.post_layernorm.{wb}" }], beside: `vision_model.${mark}` },
      { parts: [{ name: "post_layernorm.{wb}" }], beside: mark },
    ],
  },
];

/** The Q-Former: names of transformers' Blip2QFormerModel (InstructBLIP keeps the embeddings inside) and of BERT. */
const qformer: readonly NameRule[] = [
  {
    wanted: "Qformer.bert.embeddings.LayerNorm.{wb}",
    from: [
      "[qformer.|]layernorm.{wb}",
      "qformer.embeddings.layernorm.{wb}",
      "[bert.|]embeddings.LayerNorm.{wb}",
    ],
  },
  {
    wanted: "Qformer.bert.embeddings.word_embeddings.weight",
    from: ["[qformer.|bert.|]embeddings.word_embeddings.weight"].map((name) => ({
      parts: [{ name }],
      missing: embeddingRow,
    })),
  },
  {
    wanted: "Qformer.bert.embeddings.position_embeddings.weight",
    from: ["[qformer.|bert.|]embeddings.position_embeddings.weight"],
  },
  {
    wanted: `${bertLayer}.attention.self.{rest}`,
    from: ["[qformer.|]encoder.layer.{i}.attention.attention.{rest}"],
  },
  {
    wanted: `${bertLayer}.crossattention.self.{rest}`,
    from: ["[qformer.|]encoder.layer.{i}.crossattention.attention.{rest}"],
  },
  { wanted: "Qformer.bert.encoder.{rest}", from: ["[qformer.|bert.|]encoder.{rest}"] },
  ...["intermediate", "output"].map((part) => ({
    wanted: `${bertLayer}.${part}_query.{rest}`,
    from: ["bert.", ""].map((prefix) => ({
      parts: [{ name: `${prefix}encoder.layer.{i}.${part}.{rest}` }],
      beside: `${prefix}encoder.layer.{i}.attention.self.query.weight`,
    })),
  })),
  {
    wanted: "Qformer.cls.predictions.bias",
    from: [{ parts: [{ name: "cls.predictions.bias" }], missing: zeroRow }],
  },
  {
    wanted: "Qformer.cls.predictions.decoder.weight",
    from: [
      "Qformer.bert.embeddings.word_embeddings.weight",
      { parts: [{ name: "cls.predictions.decoder.weight" }], missing: embeddingRow },
      { parts: [{ name: "[bert.|]embeddings.word_embeddings.weight" }], missing: embeddingRow },
    ],
  },
  {
    wanted: "Qformer.cls.predictions.decoder.bias",
    from: [
      "Qformer.cls.predictions.bias",
      { parts: [{ name: "cls.predictions.decoder.bias" }], missing: zeroRow },
      { parts: [{ name: "cls.predictions.bias" }], missing: zeroRow },
    ],
  },
  { wanted: "Qformer.cls.{rest}", from: ["cls.{rest}"] },
];

/** Heads of transformers' Blip2ForImageTextRetrieval; CLIP files have a text_projection too, so query_tokens must stand beside. */
const heads: readonly NameRule[] = [
  ...(
    [
      ["vision_proj", "vision_projection"],
      ["text_proj", "text_projection"],
    ] as const
  ).map(([ours, theirs]) => ({
    wanted: `${ours}.{wb}`,
    from: [{ parts: [{ name: `${theirs}.{wb}` }], beside: "query_tokens" }],
  })),
  { wanted: "[opt|t5|llm]_proj.{wb}", from: ["language_projection.{wb}"] },
];

/** Language models: bare files, and inside transformers' Blip2ForConditionalGeneration. Tied heads come from the embeddings. */
const languageModels: readonly NameRule[] = [
  { wanted: "opt_model.model.{rest}", from: ["[language_model.|]model.{rest}", "{rest}"] },
  {
    wanted: "opt_model.lm_head.weight",
    from: [
      "[language_model.|]lm_head.weight",
      "[opt_model.model.|language_model.model.|model.|]decoder.embed_tokens.weight",
    ],
  },
  { wanted: "t5_model.{rest}", from: ["[language_model.|]{rest}"] },
  {
    wanted: "t5_model.[encoder|decoder].embed_tokens.weight",
    from: ["[t5_model.|language_model.|]shared.weight"],
  },
  { wanted: "t5_model.lm_head.weight", from: ["[t5_model.|language_model.|]shared.weight"] },
  {
    wanted: "t5_model.shared.weight",
    from: ["[t5_model.|language_model.|][encoder|decoder].embed_tokens.weight"],
  },
  { wanted: "llm_model.{rest}", from: ["[language_model.|]{rest}"] },
  {
    wanted: "llm_model.lm_head.weight",
    from: ["[llm_model.|language_model.|]model.embed_tokens.weight"],
  },
];

/** All rules; for a name that several match, earlier ones are tried first. */
export const nameRules: readonly NameRule[] = [
  ...eva,
  ...clip,
  ...normOfVision,
  ...qformer,
  ...heads,
  ...languageModels,
];
