/** `trainable queries q { count = 32 }`: learned tokens. */
import type { BlockKind } from "./block-kind.ts";

export const queries: BlockKind = {
  kind: "queries",
  noun: "queries",
  hasWeights: true,
  isNamed: true,
  settings: {
    count: {
      type: { kind: "number", integer: true, least: 1 },
      about: "how many tokens",
      required: true,
    },
    width: { type: { kind: "number", integer: true, least: 1 }, about: "inferred when left out" },
    init: { type: { kind: "init" }, about: "initial values" },
  },
};
