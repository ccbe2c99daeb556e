/** `trainable adapter to_lm: linear = bridge(q) -> opt.embed`: a map between two widths. */
import type { BlockKind } from "./block-kind.ts";

export const adapter: BlockKind = {
  kind: "adapter",
  noun: "an adapter",
  hasWeights: true,
  isNamed: true,
  hasSource: true,
  variantNeeded: true,
  settings: {},
  variants: {
    linear: { noun: "a linear adapter", about: "one matrix and a bias", settings: {} },
    mlp: {
      noun: "an mlp adapter",
      about: "two matrices with GELU between them",
      settings: {
        hidden: {
          type: { kind: "number", integer: true, least: 1 },
          about: "width between them; that of the language model when left out",
        },
      },
    },
  },
};
