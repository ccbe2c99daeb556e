/** `test "stage 2 wiring" { assert … }`: what must hold of the plan. */
import type { BlockKind } from "./block-kind.ts";

export const test: BlockKind = {
  kind: "test",
  noun: "a test",
  hasWeights: false,
  isNamed: true,
  settings: {},
};
