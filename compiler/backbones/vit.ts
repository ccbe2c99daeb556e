/**
 * Vision transformer: image → tokens. Dosovitskiy et al. 2021, arXiv:2010.11929.
 * In the forms of CLIP (Radford et al. 2021, arXiv:2103.00020) and EVA-CLIP (Fang et al. 2023, arXiv:2211.07636),
 * without the last norm and pooling head, as BLIP-2 uses them.
 */
import type { Node } from "../ir/node.ts";
import { type ActivationName, activations } from "../layers/activation.ts";
import { attention, type FusedNames } from "../layers/attention.ts";
import { patchEmbedding } from "../layers/embedding.ts";
import { linear } from "../layers/linear.ts";
import { layerNorm } from "../layers/norm.ts";
import type { Scope } from "../layers/scope.ts";

export interface VitConfig {
  /** Side of the square picture, in pixels. */
  readonly imageSize: number;
  readonly patchSize: number;
  readonly channels: number;
  readonly width: number;
  /** Blocks of the published model. */
  readonly depth: number;
  /** Blocks in use; BLIP-2 leaves the last one out. */
  readonly layers: number;
  readonly heads: number;
  readonly mlpWidth: number;
  readonly activation: ActivationName;
  /** Of the norms in the blocks. */
  readonly epsilon: number;
  /** A norm between embeddings and blocks. */
  readonly preNorm: boolean;
  readonly patchBias: boolean;
  /** `query-value` has no key bias, as EVA. */
  readonly attentionBias: "full" | "query-value";
  /** Whose parameter names: timm and EVA, or OpenAI's CLIP. */
  readonly naming: "eva" | "clip";
  /** Initial standard deviation of the matrices, biases zero; without it both are uniform ±1/√in. */
  readonly std?: number;
  /** Initial standard deviation of the position embeddings. */
  readonly positionStd: number;
  /** Mean and deviation of pixels, by name. */
  readonly normalization: "clip" | "imagenet" | "half";
}

const names = {
  eva: {
    classToken: "cls_token",
    positions: "pos_embed",
    patches: "patch_embed.proj",
    preNorm: "norm_pre",
    blocks: "blocks",
    norms: ["norm1", "norm2"],
    output: "proj",
    mlp: ["mlp.fc1", "mlp.fc2"],
    fused: { weight: "qkv.weight", bias: "qkv.bias" },
  },
  clip: {
    classToken: "class_embedding",
    positions: "positional_embedding",
    patches: "conv1",
    preNorm: "ln_pre",
    blocks: "transformer.resblocks",
    norms: ["ln_1", "ln_2"],
    output: "out_proj",
    mlp: ["mlp.c_fc", "mlp.c_proj"],
    fused: { weight: "in_proj_weight", bias: "in_proj_bias" },
  },
} as const;

const splitBias: FusedNames = {
  weight: "qkv.weight",
  queryBias: "q_bias",
  valueBias: "v_bias",
};

/** Tokens that `vit` gives: patches and one class token. */
export function vitTokens(c: VitConfig): number {
  return (c.imageSize / c.patchSize) ** 2 + 1;
}

/** `pixels` [batch, channels, side, side] → the value before the first block and after each: [batch, tokens, width]. */
export function vitStates(s: Scope, pixels: Node, c: VitConfig): readonly Node[] {
  const place = names[c.naming];
  const x = embeddings(s, pixels, c);
  const start = c.preNorm ? layerNorm(s.at(place.preNorm), x, c.epsilon) : x;
  return s.at(place.blocks).repeat(c.layers, start, (block, y) => vitBlock(block, y, c));
}

/** `pixels` [batch, channels, side, side] → tokens [batch, tokens, width]; the class token is the first. */
export function vit(s: Scope, pixels: Node, c: VitConfig): Node {
  return vitStates(s, pixels, c).at(-1)!;
}

function embeddings(s: Scope, pixels: Node, c: VitConfig): Node {
  const place = names[c.naming];
  const tokens = vitTokens(c);
  const batch = pixels.type.shape[0]!;
  const lead = c.naming === "eva" ? [1, 1] : [];
  const classToken = s.parameter(place.classToken, [...lead, c.width], {
    kind: "normal",
    std: 0.02,
  });
  const positions = s.parameter(place.positions, [...lead.slice(1), tokens, c.width], {
    kind: "normal",
    std: c.positionStd,
  });
  const patches = patchEmbedding(s.at(place.patches), pixels, c.patchSize, c.width, {
    bias: c.patchBias,
    std: c.std,
  });
  return s.within(() => {
    const { b } = s;
    const first = b.broadcastTo(classToken, [batch, 1, c.width]);
    return b.add(b.concat([first, patches], 1), positions);
  });
}

function vitBlock(s: Scope, x: Node, c: VitConfig): Node {
  const place = names[c.naming];
  const fused = c.attentionBias === "query-value" ? splitBias : place.fused;
  const { std } = c;
  return s.within(() => {
    const { b } = s;
    const attended = attention(s.at("attn"), layerNorm(s.at(place.norms[0]), x, c.epsilon), {
      heads: c.heads,
      names: { fused },
      output: place.output,
      std,
    });
    const y = b.add(x, attended.output);
    const normal = layerNorm(s.at(place.norms[1]), y, c.epsilon);
    const wide = activations[c.activation](
      b,
      linear(s.at(place.mlp[0]), normal, c.mlpWidth, { std }),
    );
    return b.add(y, linear(s.at(place.mlp[1]), wide, c.width, { std }));
  });
}

const evaForm = {
  channels: 3,
  activation: "gelu",
  epsilon: 1e-6,
  preNorm: false,
  patchBias: true,
  attentionBias: "query-value",
  naming: "eva",
  positionStd: 0.02,
  normalization: "clip",
} as const;

const eva = { ...evaForm, std: 0.02 } as const;

const clip = {
  channels: 3,
  activation: "quickGelu",
  epsilon: 1e-5,
  preNorm: true,
  patchBias: false,
  attentionBias: "full",
  naming: "clip",
  std: 0.02,
  positionStd: 0.02,
  normalization: "clip",
} as const;

export const vitPresets = {
  "eva-clip-g/14": {
    ...eva,
    imageSize: 224,
    patchSize: 14,
    width: 1408,
    depth: 40,
    layers: 39,
    heads: 16,
    mlpWidth: 6144,
  },
  "clip-vit-l/14": {
    ...clip,
    imageSize: 224,
    patchSize: 14,
    width: 1024,
    depth: 24,
    layers: 23,
    heads: 16,
    mlpWidth: 4096,
  },
  "clip-vit-b/16": {
    ...clip,
    imageSize: 224,
    patchSize: 16,
    width: 768,
    depth: 12,
    layers: 11,
    heads: 12,
    mlpWidth: 3072,
  },
  "shapes-vit": {
    ...evaForm,
    attentionBias: "full",
    positionStd: 1,
    imageSize: 48,
    patchSize: 16,
    width: 64,
    depth: 4,
    layers: 3,
    heads: 4,
    mlpWidth: 256,
  },
} as const satisfies Record<string, VitConfig>;
