/** `text caption = "bert-base-uncased" { … }`: how words become token ids. */
import type { BlockKind } from "./block-kind.ts";

export const text: BlockKind = {
  kind: "text",
  noun: "a text",
  hasWeights: false,
  isNamed: true,
  hasSource: true,
  settings: {
    max_len: {
      type: { kind: "number", integer: true, least: 1, unit: "tokens" },
      about: "longer texts are cut",
      required: true,
    },
    field: {
      type: { kind: "word", choices: ["caption", "question"] },
      about: "which text of a record; the caption of a question is its answer",
    },
    suffix: { type: { kind: "string" }, about: "put behind the words" },
    prompt: {
      type: { kind: "string" },
      about: "put in front of the words, `{question}` filled in; not learned",
    },
    form: {
      type: { kind: "word", choices: ["bert", "lm", "document"] },
      about: "which special tokens stand around the words",
    },
  },
};
