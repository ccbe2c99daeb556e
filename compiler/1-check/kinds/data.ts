/** `data pairs = captions("train.json") { … }`: records and how they become batches. */
import type { BlockKind } from "./block-kind.ts";

export const data: BlockKind = {
  kind: "data",
  noun: "a data set",
  hasWeights: false,
  isNamed: true,
  hasSource: true,
  settings: {
    root: { type: { kind: "string" }, about: "folder of the pictures" },
    image: { type: { kind: "image-chain" }, about: "what happens to a picture" },
    batch: {
      type: { kind: "number", integer: true, least: 1 },
      about: "records a step",
      required: true,
    },
    split: { type: { kind: "string" }, about: "which part of the data set" },
    shuffle: { type: { kind: "boolean" }, about: "a new order every epoch" },
    workers: { type: { kind: "number", integer: true, least: 0 }, about: "readers in parallel" },
  },
};
