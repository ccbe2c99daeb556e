/** The graphs of a stage-2 reference case with OPT. */
import { type OptConfig, optLogits } from "../../../compiler/backbones/opt.ts";
import {
  imageMemory,
  type QformerConfig,
  qformerPresets,
  queryPass,
  visionNorm,
} from "../../../compiler/backbones/qformer.ts";
import { type VitConfig, vitPresets, vitStates } from "../../../compiler/backbones/vit.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { linear } from "../../../compiler/layers/linear.ts";
import { rootScope, type Scope } from "../../../compiler/layers/scope.ts";
import { type LanguageVariant, language } from "../../../compiler/objectives/language.ts";
import { rules } from "../../../compiler/ops/index.ts";

export interface Stage2Case {
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
    readonly t_hidden: number;
    readonly t_layers: number;
    readonly t_heads: number;
    readonly t_ffn: number;
    readonly t_maxpos: number;
    readonly vocab: number;
    readonly batch: number;
    readonly txt_len: number;
  };
}

/** The tower of transformers' class: EVA's, with one bias for query, key and value. */
export function stage2Vit({ config: c }: Stage2Case): VitConfig {
  return {
    ...vitPresets["eva-clip-g/14"],
    attentionBias: "full",
    imageSize: c.image,
    patchSize: c.patch,
    width: c.v_hidden,
    depth: c.v_layers,
    layers: c.v_layers,
    heads: c.v_heads,
    mlpWidth: c.v_inter,
    epsilon: 1e-6,
  };
}

/** Transformers norms the tower's tokens with its own epsilon. */
export function stage2Qformer({ config: c }: Stage2Case): QformerConfig {
  return {
    ...qformerPresets["bert-base-uncased"],
    width: c.q_hidden,
    layers: c.q_layers,
    heads: c.q_heads,
    mlpWidth: c.q_inter,
    queries: c.queries,
    crossEvery: c.cross_freq,
    visionEpsilon: 1e-6,
  };
}

export function stage2Opt({ config: c }: Stage2Case): OptConfig {
  return {
    vocabulary: c.vocab,
    positions: c.t_maxpos,
    positionOffset: 2,
    width: c.t_hidden,
    embeddingWidth: c.t_hidden,
    layers: c.t_layers,
    heads: c.t_heads,
    mlpWidth: c.t_ffn,
    normFirst: true,
    epsilon: 1e-5,
    dropout: 0,
    std: 0.02,
  };
}

export interface Stage2Graph {
  readonly b: Builder;
  readonly losses: Readonly<Record<LanguageVariant, Node>>;
  /** Keys of the case. */
  readonly outputs: ReadonlyMap<string, Node>;
}

/** Pictures → queries in the decoder's space, and every state on the way, by the keys of the case. */
export function prefixOf(
  s: Scope,
  pixels: Node,
  c: Stage2Case,
): { prefix: Node; outputs: Map<string, Node> } {
  const states = vitStates(s.at("visual_encoder"), pixels, stage2Vit(c));
  const config = stage2Qformer(c);
  const embeds = visionNorm(s, states.at(-1)!, config);
  const queries = queryPass(s, imageMemory(s, embeds, config), config);
  const prefix = linear(s.at("opt_proj"), queries.hidden, c.config.t_hidden);
  const outputs = new Map<string, Node>([
    ["out/vit_output_pre_ln", states.at(-1)!],
    ["out/image_embeds", embeds],
    ["out/query_output", queries.hidden],
    ["out/language_model_inputs", prefix],
    ...states.map((state, i): [string, Node] => [`out/vit_hidden_${i}`, state]),
    ...queries.states.map((state, i): [string, Node] => [`out/qformer_hidden_${i}`, state]),
  ]);
  return { prefix, outputs };
}

/** Inputs: `pixels`, `ids`, `mask`, `labels_full` (behind the queries), `labels_text`. */
export function stage2Graph(c: Stage2Case): Stage2Graph {
  const { batch, txt_len, image } = c.config;
  const b = new Builder(rules);
  const s = rootScope(b);
  const { prefix, outputs } = prefixOf(s, b.input("pixels", [batch, 3, image, image]), c);
  const text = (name: string) => b.input(name, [batch, txt_len], "i32");
  const config = stage2Opt(c);
  const place = s.at("opt_model");
  const inputs = { prefix, ids: text("ids"), mask: text("mask") };
  const full = language(place, { ...inputs, labels: text("labels_full") }, config, "full");
  const textual = language(place, { ...inputs, labels: text("labels_text") }, config, "text");
  const logits = optLogits(place, full.pass.hidden, config);
  full.pass.states.forEach((state, i) => {
    outputs.set(`out/lm_hidden_${i}`, state);
  });
  outputs.set("out/logits_full", logits);
  outputs.set("out/logits_text", b.slice(logits, 1, c.config.queries, c.config.queries + txt_len));
  outputs.set("out/loss_full", full.loss);
  outputs.set("out/loss_text", textual.loss);
  outputs.set("masked/loss_full", language(place, inputs, config).loss);
  return { b, losses: { full: full.loss, text: textual.loss }, outputs };
}
