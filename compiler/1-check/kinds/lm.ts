/** `frozen lm opt = "facebook/opt-2.7b" { … }`: a language model. */
import type { BlockKind } from "./block-kind.ts";

export const lm: BlockKind = {
  kind: "lm",
  noun: "a language model",
  hasWeights: true,
  isNamed: true,
  hasSource: true,
  backboneRole: "decoder",
  settings: {
    dtype: { type: { kind: "word", choices: ["f16", "f32"] }, about: "stored number format" },
    dropout: { type: { kind: "number", least: 0, most: 0.99 }, about: "while training" },
    freeze: { type: { kind: "parts" }, about: "what stays frozen: `blocks[0..2]`" },
    init: { type: { kind: "init" }, about: "initial values of parts that no file holds" },
    weights: { type: { kind: "weights" }, about: "a safetensors file, or `random`" },
  },
};
