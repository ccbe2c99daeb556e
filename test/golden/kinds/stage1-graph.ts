/** The graph of a stage-1 reference case. */
import {
  captionLogits,
  imageMemory,
  type QformerConfig,
  queryPass,
  textPass,
  visionNorm,
} from "../../../compiler/backbones/qformer.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { rootScope } from "../../../compiler/layers/scope.ts";
import { captioning } from "../../../compiler/objectives/captioning.ts";
import {
  contrastive,
  contrastiveSides,
  projected,
} from "../../../compiler/objectives/contrastive.ts";
import { matching, negativeWeights } from "../../../compiler/objectives/matching.ts";
import { firstRow, matchScore } from "../../../compiler/objectives/scores.ts";
import { rules } from "../../../compiler/ops/index.ts";

export interface Stage1Case {
  readonly config: {
    readonly hidden: number;
    readonly heads: number;
    readonly layers: number;
    readonly cross_freq: number;
    readonly inter: number;
    readonly queries: number;
    readonly embed: number;
    readonly vision_width: number;
    readonly vision_tokens: number;
    readonly batch: number;
    readonly txt_len: number;
    readonly max_pos: number;
    readonly temp: number;
  };
  readonly tokens: { readonly dec_bos: number; readonly vocab_after_resize: number };
}

/** The config of a case; everything that a size says comes from the case. */
export function stage1Config({ config, tokens }: Stage1Case): QformerConfig {
  return {
    vocabulary: tokens.vocab_after_resize,
    positions: config.max_pos,
    width: config.hidden,
    layers: config.layers,
    heads: config.heads,
    mlpWidth: config.inter,
    epsilon: 1e-12,
    dropout: 0,
    attentionDropout: 0,
    std: 0.02,
    queries: config.queries,
    queryStd: 0.02,
    crossEvery: config.cross_freq,
    embedding: config.embed,
    visionEpsilon: 1e-5,
    temperature: config.temp,
  };
}

/** All that a case holds, by its names. */
export interface Stage1Graph {
  readonly b: Builder;
  readonly losses: {
    readonly total: Node;
    readonly itc: Node;
    readonly itm: Node;
    readonly itg: Node;
  };
  /** Keys of the case below `out/`. */
  readonly outputs: ReadonlyMap<string, Node>;
}

/** Inputs: `vit`, `ids`, `mask`, `negative_images`, `negative_texts` and, for retrieval, `image_ids`. */
export function stage1Graph(c: Stage1Case, isRetrieval = false): Stage1Graph {
  const { batch, txt_len, vision_tokens, vision_width } = c.config;
  const config = stage1Config(c);
  const b = new Builder(rules);
  const s = rootScope(b);
  const ids = b.input("ids", [batch, txt_len], "i32");
  const mask = b.input("mask", [batch, txt_len], "i32");
  const imageIds = isRetrieval ? b.input("image_ids", [batch], "i32") : undefined;
  const embeds = visionNorm(s, b.input("vit", [batch, vision_tokens, vision_width]), config);
  const image = imageMemory(s, embeds, config);
  const queries = queryPass(s, image, config);
  const text = textPass(s, ids, mask, config);
  const textRow = firstRow(s, text.hidden);
  const { embedding: width, temperature } = config;
  const sides = contrastiveSides(s, queries.hidden, textRow, { width });
  const options = { smoothing: 0.1, temperature, gradient: "row" } as const;
  const itc = contrastive(s, { ...sides, imageIds }, options);
  const negatives = {
    images: b.input("negative_images", [batch], "i32"),
    texts: b.input("negative_texts", [batch], "i32"),
  };
  const { imageToText, textToImage } = itc;
  const itm = matching(
    s,
    { image, ids, mask, imageToText, textToImage, imageIds, negatives },
    config,
  );
  const itg = captioning(s, { ids, mask, past: queries.keysValues }, config, {
    startId: c.tokens.dec_bos,
    smoothing: 0.1,
  });
  const total = b.add(b.add(itc.loss, itm.loss), itg.loss);
  const outputs = new Map<string, Node>([
    ["image_embeds", embeds],
    ["query_last_hidden", queries.hidden],
    ["text_last_hidden", text.hidden],
    ["itm_last_hidden", itm.hidden],
    ["lm_last_hidden", itg.hidden],
    ["image_feats", projected(s, "vision_proj", queries.hidden, width)],
    ["text_feat", projected(s, "text_proj", textRow, width)],
    ["sim_i2t", imageToText],
    ["sim_t2i", textToImage],
    ["itm_logits", itm.logits],
    ["lm_logits", captionLogits(s, itg.hidden, config)],
    ["weights_t2i", negativeWeights(s, textToImage, imageIds)],
    ["weights_i2t", negativeWeights(s, imageToText, imageIds)],
    ["compute_itm", matchScore(s, image, ids, mask, config)],
    ["loss", total],
    ["loss_itc", itc.loss],
    ["loss_itm", itm.loss],
    ["loss_lm", itg.loss],
  ]);
  return { b, losses: { total, itc: itc.loss, itm: itm.loss, itg: itg.loss }, outputs };
}
