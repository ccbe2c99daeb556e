/** `frozen encoder vision = "eva-clip-g/14" { … }`: a tower over pictures, or over text. */
import type { BlockKind } from "./block-kind.ts";

export const encoder: BlockKind = {
  kind: "encoder",
  noun: "an encoder",
  hasWeights: true,
  isNamed: true,
  hasSource: true,
  backboneRole: "vision",
  settings: {
    cache: {
      type: { kind: "cache" },
      about: "`features`: what it sees is computed once a picture",
    },
    dtype: { type: { kind: "word", choices: ["f16", "f32"] }, about: "stored number format" },
    freeze: { type: { kind: "parts" }, about: "what stays frozen: `blocks[0..20]`" },
    input: { type: { kind: "input" }, about: "`image[224, 224, 3]`, or the text it reads" },
    pool: {
      type: { kind: "word", choices: ["cls", "mean"] },
      about: "what `.cls` is: the class token, or the mean of the patches or words",
    },
    weights: { type: { kind: "weights" }, about: "a safetensors file, or `random`" },
    init: { type: { kind: "init" }, about: "initial values of parts that no file holds" },
  },
  variants: {
    image: { noun: "an image encoder", about: "takes pictures, gives patches", settings: {} },
    text: { noun: "a text encoder", about: "takes tokens, gives a vector", settings: {} },
  },
};
