/** `objective itc: contrastive { … }`: a loss. */
import type { BlockKind, SettingDescription, Settings } from "./block-kind.ts";

const wiring = (about: string, required = true): SettingDescription => ({
  type: { kind: "wiring" },
  about,
  required,
});

const smoothing: SettingDescription = {
  type: { kind: "number", least: 0, most: 0.99 },
  about: "share of the target that is spread over all classes",
};

const mask = (...choices: readonly string[]): SettingDescription => ({
  type: { kind: "word", choices },
  about: "who may see whom; implied by the variant",
});

const contrastive: Settings = {
  image: wiring("queries through a Q-Former, or `.cls` of an image encoder"),
  text: wiring("`.cls` of text through a Q-Former, or of a text encoder"),
  temperature: wiring("similarities are divided by it: `learned(0.07)` or a number", false),
  logit_scale: wiring("similarities are multiplied by its exponential: `learned(2.66)`", false),
  width: { type: { kind: "number", integer: true, least: 1 }, about: "of the common space" },
  smoothing,
  image_ids: { type: { kind: "boolean" }, about: "equal image ids are positives" },
  gradient: {
    type: { kind: "word", choices: ["both", "row"] },
    about: "who learns from a row of similarities: both sides, or the row's side alone as in LAVIS",
  },
  mask: mask("unimodal", "bidirectional", "causal"),
};

const language: Settings = {
  model: wiring("the language model"),
  prefix: wiring("the adapter that stands in front of the words", false),
  predict: wiring("the text that is learned"),
  smoothing,
};

export const objective: BlockKind = {
  kind: "objective",
  noun: "an objective",
  hasWeights: false,
  isNamed: true,
  variantNeeded: true,
  settings: {},
  variants: {
    contrastive: {
      noun: "a contrastive objective",
      about: "contrastive compares every image with every text",
      settings: contrastive,
    },
    matching: {
      noun: "a matching objective",
      about: "matching is a 2-way classifier",
      settings: {
        pair: wiring("queries and text through a Q-Former"),
        negatives: wiring("`hard(from: itc)` or `random`"),
        mask: mask("unimodal", "bidirectional", "causal"),
      },
    },
    captioning: {
      noun: "a captioning objective",
      about: "captioning predicts the next word",
      settings: {
        given: wiring("queries through a Q-Former"),
        predict: wiring("the text that is learned"),
        smoothing,
        mask: mask("causal", "bidirectional", "unimodal"),
      },
    },
    language: {
      noun: "a language objective",
      about: "language predicts the next word with a language model",
      settings: language,
    },
    expression: {
      noun: "an expression objective",
      about: "expression computes the loss that is written out",
      settings: {
        loss: {
          type: { kind: "tensor" },
          about: "one number, made of outputs of the model and other settings",
          required: true,
        },
      },
      others: {
        type: { kind: "tensor" },
        about: "a tensor for other settings; a number that nothing needs is a metric",
      },
    },
  },
};
