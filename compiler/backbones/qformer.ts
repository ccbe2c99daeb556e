/**
 * Q-Former: learned queries that read a picture, sharing self-attention with text.
 * Li et al. 2023, arXiv:2301.12597, section 3.1. Parameter names are LAVIS's, from the root of its checkpoint.
 */
import type { Node } from "../ir/node.ts";
import { gelu } from "../layers/activation.ts";
import type { KeysValues } from "../layers/attention.ts";
import { dropout } from "../layers/dropout.ts";
import { affine, linear } from "../layers/linear.ts";
import { both, causal, keyMask, maskBias, onesMask } from "../layers/mask.ts";
import { layerNorm } from "../layers/norm.ts";
import type { Scope } from "../layers/scope.ts";
import {
  type BertConfig,
  type BertPass,
  bert,
  bertEmbeddings,
  bertLayers,
  bertPresets,
  imageKeysValues,
} from "./bert.ts";

export interface QformerConfig extends BertConfig {
  readonly queries: number;
  /** Initial standard deviation of the queries. */
  readonly queryStd: number;
  /** Where the queries stand; `query_tokens` when absent, as published. */
  readonly queryPath?: string;
  /** Cross-attention in layers whose index is a multiple of this. */
  readonly crossEvery: number;
  /** Width of the space where pictures and texts are compared. */
  readonly embedding: number;
  /** Of `ln_vision`, the norm between the picture's tokens and the bridge. */
  readonly visionEpsilon: number;
  /** First value of the temperature. */
  readonly temperature: number;
}

/** Keys and values of a picture in each layer; undefined in layers without cross-attention. */
export type ImageMemory = readonly (KeysValues | undefined)[];

const model = "Qformer.bert";

/** Vision tokens [batch, tokens, width] → the same, normalized by `ln_vision`, which trains with the bridge. */
export function visionNorm(s: Scope, x: Node, c: QformerConfig): Node {
  return layerNorm(s.at("ln_vision"), x, c.visionEpsilon);
}

/** What cross-attention needs of `image` [batch, tokens, width], made once for all passes. */
export function imageMemory(s: Scope, image: Node, c: QformerConfig): ImageMemory {
  return Array.from({ length: c.layers }, (_, i) =>
    i % c.crossEvery === 0
      ? imageKeysValues(s.at(`${model}.encoder.layer.${i}.crossattention`), image, c)
      : undefined,
  );
}

/** Chooses pictures: `rows` i32[n] → memory of n pictures. */
export function pickImages(s: Scope, memory: ImageMemory, rows: Node): ImageMemory {
  return memory.map(
    (pair) => pair && { keys: s.b.gather(pair.keys, rows), values: s.b.gather(pair.values, rows) },
  );
}

/** Queries alone, reading pictures: hidden [batch, queries, width]. */
export function queryPass(s: Scope, image: ImageMemory, c: QformerConfig): BertPass {
  const batch = batchOf(image);
  return bertLayers(s.at(model), queryEmbeddings(s, batch, c), { queries: c.queries, image }, c);
}

/** Text alone, both directions: hidden [batch, tokens, width]. */
export function textPass(s: Scope, ids: Node, mask: Node, c: QformerConfig): BertPass {
  return bert(s.at(model), ids, mask, c);
}

/** Queries and text, each sees all: hidden [batch, queries + tokens, width], queries first. */
export function jointPass(
  s: Scope,
  ids: Node,
  mask: Node,
  image: ImageMemory,
  c: QformerConfig,
): BertPass {
  const batch = ids.type.shape[0]!;
  const { b } = s;
  const bias = s.at(model).within(() => {
    const full = b.concat([onesMask(b, batch, c.queries), mask], 1);
    return maskBias(b, keyMask(b, full));
  });
  const text = bertEmbeddings(s.at(model).at("embeddings"), ids, c);
  const x = s.at(model).within(() => b.concat([queryEmbeddings(s, batch, c), text], 1));
  return bertLayers(s.at(model), x, { queries: c.queries, bias, image }, c);
}

/** Text that sees its past and the cached queries of `past`: hidden [batch, tokens, width]. No cross-attention. */
export function captionPass(
  s: Scope,
  ids: Node,
  mask: Node,
  past: readonly KeysValues[],
  c: QformerConfig,
): BertPass {
  const [batch, tokens] = ids.type.shape as [number, number];
  const { b } = s;
  const bias = s.at(model).within(() => {
    const full = b.concat([onesMask(b, batch, c.queries), mask], 1);
    const visible = both(b, causal(b, tokens, c.queries + tokens, c.queries), keyMask(b, full));
    return maskBias(b, visible);
  });
  const x = bertEmbeddings(s.at(model).at("embeddings"), ids, c);
  return bertLayers(s.at(model), x, { queries: 0, bias, past }, c);
}

/** Hidden [..., width] → logits [..., vocabulary]; the matrix is the word table. */
export function captionLogits(s: Scope, hidden: Node, c: QformerConfig): Node {
  const place = s.at("Qformer.cls.predictions");
  const change = place.at("transform");
  const dense = linear(change.at("dense"), hidden, c.width, { std: c.std });
  const active = change.within(() => gelu(s.b, dense));
  const normal = layerNorm(change.at("LayerNorm"), active, c.epsilon);
  const words = s
    .at(model)
    .parameter("embeddings.word_embeddings.weight", [c.vocabulary, c.width], {
      kind: "normal",
      std: c.std,
    });
  return affine(place, normal, words, place.parameter("bias", [c.vocabulary]));
}

/**
 * The text parameter of which a fresh query parameter is a copy in stage 1, or undefined.
 * LAVIS starts the feed-forward of the queries from BERT's.
 */
export function copiedFrom(path: string): string | undefined {
  const match = /^(.*Qformer\.bert\.encoder\.layer\.\d+\.)(intermediate|output)_query(\..*)$/.exec(
    path,
  );
  return match === null ? undefined : `${match[1]}${match[2]}${match[3]}`;
}

function queryEmbeddings(s: Scope, batch: number, c: QformerConfig): Node {
  const tokens = s.parameter(c.queryPath ?? "query_tokens", [1, c.queries, c.width], {
    kind: "normal",
    std: c.queryStd,
  });
  const place = s.at(`${model}.embeddings`);
  const normal = layerNorm(place.at("LayerNorm"), tokens, c.epsilon);
  const spread = place.within(() => s.b.broadcastTo(normal, [batch, c.queries, c.width]));
  return dropout(place, spread, c.dropout);
}

function batchOf(image: ImageMemory): number {
  return image[0]!.keys.type.shape[0]!;
}

export const qformerPresets = {
  "bert-base-uncased": {
    ...bertPresets["bert-base-uncased"],
    vocabulary: 30523,
    queries: 32,
    queryStd: 0.02,
    crossEvery: 2,
    embedding: 256,
    visionEpsilon: 1e-5,
    temperature: 0.07,
  },
  "shapes-bert": {
    ...bertPresets["shapes-bert"],
    std: 0.1,
    queries: 8,
    queryStd: 0.1,
    crossEvery: 2,
    embedding: 64,
    visionEpsilon: 1e-5,
    temperature: 0.07,
  },
} as const satisfies Record<string, QformerConfig>;
