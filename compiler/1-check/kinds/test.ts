/** `test "stage 2 wiring" { … }`: part of the language, without meaning yet. */
import type { BlockKind } from "./block-kind.ts";

export const test: BlockKind = {
  kind: "test",
  noun: "a test",
  hasWeights: false,
  isNamed: false,
  settings: {},
  isBuilt: false,
};
