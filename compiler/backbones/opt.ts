/** OPT causal decoder. Zhang et al. 2022, arXiv:2205.01068. Parameter names are those of `OPTForCausalLM`. */
import type { Node } from "../ir/node.ts";
import { relu } from "../layers/activation.ts";
import { attention } from "../layers/attention.ts";
import { dropout } from "../layers/dropout.ts";
import { embedding } from "../layers/embedding.ts";
import { affine, linear } from "../layers/linear.ts";
import { both, causal, keyMask } from "../layers/mask.ts";
import { layerNorm } from "../layers/norm.ts";
import type { Scope } from "../layers/scope.ts";

export interface OptConfig {
  readonly vocabulary: number;
  /** Longest sequence; the table has `positionOffset` rows more. */
  readonly positions: number;
  /** Row of the first position; the row before it serves padding. */
  readonly positionOffset: number;
  readonly width: number;
  /** Width of the word table; when it is not `width`, two maps stand between. */
  readonly embeddingWidth: number;
  readonly layers: number;
  readonly heads: number;
  readonly mlpWidth: number;
  /** Norms in front of attention and feed-forward; false puts them behind and leaves the last norm out. */
  readonly normFirst: boolean;
  readonly epsilon: number;
  /** Of both branches of a block, in training. */
  readonly dropout: number;
  readonly std: number;
}

/** Result of a pass through the decoder. */
export interface OptPass {
  /** [batch, tokens, embedding width], ready for `optLogits`. */
  readonly hidden: Node;
  /** After the embeddings and after each layer; the last one after the last norm. */
  readonly states: readonly Node[];
}

const table = "model.decoder.embed_tokens";

/** `ids` i32 [batch, tokens] → [batch, tokens, embedding width]. */
export function optEmbeddings(s: Scope, ids: Node, c: OptConfig): Node {
  return embedding(s.at(table), ids, c.vocabulary, c.embeddingWidth, c.std);
}

/**
 * `x` [batch, tokens, embedding width] and `mask` i32 [batch, tokens] → hidden.
 * Positions count unmasked tokens, so padding on the left shifts nothing.
 */
export function opt(s: Scope, x: Node, mask: Node, c: OptConfig): OptPass {
  const place = s.at("model.decoder");
  const tokens = x.type.shape[1]!;
  const { b } = s;
  const start = place.within(() => {
    const rows = positionRows(place, mask, c);
    const count = c.positions + c.positionOffset;
    const positions = embedding(place.at("embed_positions"), rows, count, c.width, c.std);
    return b.add(widen(place, x, "project_in", c.width), positions);
  });
  const visible = place.within(() => both(b, causal(b, tokens, tokens), keyMask(b, mask)));
  const states = place
    .at("layers")
    .repeat(c.layers, dropout(place, start, c.dropout), (block, y) => layer(block, y, visible, c));
  const last = states.at(-1)!;
  const normal = c.normFirst ? layerNorm(place.at("final_layer_norm"), last, c.epsilon) : last;
  const hidden = widen(place, normal, "project_out", c.embeddingWidth);
  return { hidden, states: [...states.slice(0, -1), hidden] };
}

/** Hidden [..., embedding width] → logits [..., vocabulary]; the matrix is the word table, there is no bias. */
export function optLogits(s: Scope, hidden: Node, c: OptConfig): Node {
  const words = s.at(table).parameter("weight", [c.vocabulary, c.embeddingWidth], {
    kind: "normal",
    std: c.std,
  });
  return affine(s.at("lm_head"), hidden, words);
}

function layer(s: Scope, x: Node, visible: Node, c: OptConfig): Node {
  const attended = sublayer(s, "self_attn_layer_norm", x, c, (y) => {
    const names = { query: "q_proj", key: "k_proj", value: "v_proj" };
    const { heads, std } = c;
    const options = { heads, names, output: "out_proj", visible, std };
    return attention(s.at("self_attn"), y, options).output;
  });
  return sublayer(s, "final_layer_norm", attended, c, (y) => {
    const { std } = c;
    const wide = relu(s.b, linear(s.at("fc1"), y, c.mlpWidth, { std }));
    return linear(s.at("fc2"), wide, c.width, { std });
  });
}

function sublayer(s: Scope, norm: string, x: Node, c: OptConfig, branch: (y: Node) => Node): Node {
  return s.within(() => {
    const entry = c.normFirst ? layerNorm(s.at(norm), x, c.epsilon) : x;
    const sum = s.b.add(x, dropout(s, branch(entry), c.dropout));
    return c.normFirst ? sum : layerNorm(s.at(norm), sum, c.epsilon);
  });
}

/** Row of the position table for each token of `mask`: offset + (unmasked tokens up to here) - 1, offset - 1 for padding. */
export function positionRows(s: Scope, mask: Node, c: OptConfig): Node {
  const { b } = s;
  const [batch, tokens] = mask.type.shape as [number, number];
  const square = [batch, tokens, tokens];
  const past = b.broadcastTo(causal(b, tokens, tokens), square);
  const seen = b.select(past, b.broadcastTo(b.reshape(mask, [batch, 1, tokens]), square), 0);
  return b.add(b.mul(b.sum(seen, [2]), mask), c.positionOffset - 1);
}

function widen(s: Scope, x: Node, name: string, width: number): Node {
  return x.type.shape.at(-1) === width
    ? x
    : linear(s.at(name), x, width, { bias: false, std: 0.02 });
}

const published = {
  vocabulary: 50272,
  positions: 2048,
  positionOffset: 2,
  normFirst: true,
  epsilon: 1e-5,
  dropout: 0.1,
  std: 0.02,
} as const;

const sized = (width: number, layers: number, heads: number): OptConfig => ({
  ...published,
  width,
  embeddingWidth: width,
  layers,
  heads,
  mlpWidth: 4 * width,
});

export const optPresets = {
  "opt-125m": sized(768, 12, 12),
  "opt-350m": { ...sized(1024, 24, 16), embeddingWidth: 512, normFirst: false },
  "opt-1.3b": sized(2048, 24, 32),
  "opt-2.7b": sized(2560, 32, 32),
  "opt-6.7b": sized(4096, 32, 32),
  "opt-13b": sized(5120, 40, 40),
  "shapes-opt": {
    vocabulary: 41,
    positions: 64,
    positionOffset: 0,
    width: 64,
    embeddingWidth: 64,
    layers: 3,
    heads: 4,
    mlpWidth: 256,
    normFirst: true,
    epsilon: 1e-5,
    dropout: 0,
    std: 0.05,
  },
} as const satisfies Record<string, OptConfig>;
