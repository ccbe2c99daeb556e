/** `trainable qformer bridge = "bert-base-uncased" { … }`: queries that read pictures. */
import type { BlockKind } from "./block-kind.ts";

export const qformer: BlockKind = {
  kind: "qformer",
  noun: "a qformer",
  hasWeights: true,
  isNamed: true,
  hasSource: true,
  backboneRole: "bridge",
  settings: {
    self: { type: { kind: "wiring" }, about: "what shares the self-attention", required: true },
    cross: { type: { kind: "wiring" }, about: "what the queries cross-attend", required: true },
    every: {
      type: { kind: "number", integer: true, least: 1, unit: "layers" },
      about: "cross-attention in every n-th layer",
    },
    heads: { type: { kind: "number", integer: true, least: 1 }, about: "attention heads" },
    drop: { type: { kind: "wiring" }, about: "what no longer enters" },
    dropout: { type: { kind: "number", least: 0, most: 0.99 }, about: "while training" },
    freeze: { type: { kind: "parts" }, about: "what stays frozen: `blocks[0..2]`" },
    init: { type: { kind: "init" }, about: "initial values of parts that no file holds" },
    weights: { type: { kind: "weights" }, about: "a safetensors file, or `random`" },
  },
};
