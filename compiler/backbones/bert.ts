/**
 * BERT layers: post-norm transformer over text, over learned queries, or over both.
 * Devlin et al. 2019, arXiv:1810.04805; no token-type embedding, no pooler. The Q-Former is made of these.
 */
import type { Node } from "../ir/node.ts";
import { gelu } from "../layers/activation.ts";
import {
  attention,
  type KeysValues,
  keysValues,
  type ProjectionNames,
} from "../layers/attention.ts";
import { dropout } from "../layers/dropout.ts";
import { embedding } from "../layers/embedding.ts";
import { linear } from "../layers/linear.ts";
import { keyMask, maskBias } from "../layers/mask.ts";
import { layerNorm } from "../layers/norm.ts";
import type { Scope } from "../layers/scope.ts";

export interface BertConfig {
  readonly vocabulary: number;
  /** Rows of the position table: the longest text. */
  readonly positions: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly mlpWidth: number;
  readonly epsilon: number;
  /** Of embeddings and of both outputs of a layer, in training. */
  readonly dropout: number;
  readonly attentionDropout: number;
  /** Initial standard deviation of weights. */
  readonly std: number;
}

/** Result of a pass through the layers. */
export interface BertPass {
  /** [batch, tokens, width]. */
  readonly hidden: Node;
  /** After the embeddings and after each layer. */
  readonly states: readonly Node[];
  /** Of the self-attention, one pair a layer, cached ones included. */
  readonly keysValues: readonly KeysValues[];
}

/** What a layer sees beside its input. Rows are queries first, text after them. */
export interface LayerView {
  /** How many rows are queries; they take the query feed-forward and the cross-attention. */
  readonly queries: number;
  /** Added to the scores of self-attention. */
  readonly bias?: Node | undefined;
  /** Keys and values in front, one pair a layer. */
  readonly past?: readonly KeysValues[] | undefined;
  /** Keys and values of the picture, by layer; undefined in layers without cross-attention. */
  readonly image?: readonly (KeysValues | undefined)[] | undefined;
}

const projections: ProjectionNames = { query: "self.query", key: "self.key", value: "self.value" };

/** `ids` i32 [batch, tokens] → word + position, normalized, dropped: [batch, tokens, width]. Place: `embeddings`. */
export function bertEmbeddings(s: Scope, ids: Node, c: BertConfig): Node {
  const words = embedding(s.at("word_embeddings"), ids, c.vocabulary, c.width, c.std);
  const table = s.parameter("position_embeddings.weight", [c.positions, c.width], {
    kind: "normal",
    std: c.std,
  });
  const x = s.within(() => s.b.add(words, s.b.slice(table, 0, 0, ids.type.shape[1]!)));
  return dropout(s, layerNorm(s.at("LayerNorm"), x, c.epsilon), c.dropout);
}

/** `x` [batch, rows, width] through all layers. Place: the model, above `encoder`. */
export function bertLayers(s: Scope, x: Node, view: LayerView, c: BertConfig): BertPass {
  const pairs: KeysValues[] = [];
  const states = s.at("encoder.layer").repeat(c.layers, x, (place, y, index) => {
    const { output, pair } = place.within(() => bertLayer(place, y, view, index, c));
    pairs.push(pair);
    return output;
  });
  return { hidden: states.at(-1)!, states, keysValues: pairs };
}

/** Text alone: `ids`, `mask` i32 [batch, tokens] → hidden [batch, tokens, width], seen in both directions. */
export function bert(s: Scope, ids: Node, mask: Node, c: BertConfig): BertPass {
  const x = bertEmbeddings(s.at("embeddings"), ids, c);
  const bias = s.within(() => maskBias(s.b, keyMask(s.b, mask)));
  return bertLayers(s, x, { queries: 0, bias }, c);
}

/** Keys and values that cross-attention at `place` makes of `image` [batch, tokens, any width]. */
export function imageKeysValues(place: Scope, image: Node, c: BertConfig): KeysValues {
  const options = { heads: c.heads, names: projections, std: c.std };
  return place.within(() => keysValues(place, image, options, c.width));
}

function bertLayer(
  s: Scope,
  x: Node,
  view: LayerView,
  index: number,
  c: BertConfig,
): { output: Node; pair: KeysValues } {
  const place = s.at("attention");
  const past = view.past?.[index];
  const own = attention(place, x, {
    ...common(c),
    ...(view.bias === undefined ? {} : { bias: view.bias }),
    ...(past === undefined ? {} : { past }),
  });
  const y = residual(place.at("output"), own.output, x, c);
  const parts: Node[] = [];
  if (view.queries > 0) {
    const queries = s.b.slice(y, 1, 0, view.queries);
    const image = view.image?.[index];
    const seen = image === undefined ? queries : cross(s.at("crossattention"), queries, image, c);
    parts.push(feedForward(s, seen, "intermediate_query", "output_query", c));
  }
  const rows = y.type.shape[1]!;
  if (view.queries < rows)
    parts.push(feedForward(s, s.b.slice(y, 1, view.queries, rows), "intermediate", "output", c));
  const output = s.within(() => s.b.concat(parts, 1));
  return { output, pair: { keys: own.keys, values: own.values } };
}

function cross(place: Scope, x: Node, given: KeysValues, c: BertConfig): Node {
  const { output } = attention(place, x, { ...common(c), given });
  return residual(place.at("output"), output, x, c);
}

function feedForward(s: Scope, x: Node, inner: string, outer: string, c: BertConfig): Node {
  const { std } = c;
  const wide = linear(s.at(inner).at("dense"), x, c.mlpWidth, { std });
  const active = s.at(inner).within(() => gelu(s.b, wide));
  return residual(s.at(outer), linear(s.at(outer).at("dense"), active, c.width, { std }), x, c);
}

function residual(place: Scope, branch: Node, x: Node, c: BertConfig): Node {
  const sum = place.within(() => place.b.add(dropout(place, branch, c.dropout), x));
  return layerNorm(place.at("LayerNorm"), sum, c.epsilon);
}

function common(c: BertConfig) {
  return {
    heads: c.heads,
    names: projections,
    output: "output.dense",
    dropout: c.attentionDropout,
    std: c.std,
  };
}

export const bertPresets = {
  "bert-base-uncased": {
    vocabulary: 30522,
    positions: 512,
    width: 768,
    layers: 12,
    heads: 12,
    mlpWidth: 3072,
    epsilon: 1e-12,
    dropout: 0.1,
    attentionDropout: 0.1,
    std: 0.02,
  },
  "shapes-bert": {
    vocabulary: 41,
    positions: 14,
    width: 64,
    layers: 2,
    heads: 4,
    mlpWidth: 256,
    epsilon: 1e-12,
    dropout: 0,
    attentionDropout: 0,
    std: 0.05,
  },
} as const satisfies Record<string, BertConfig>;
