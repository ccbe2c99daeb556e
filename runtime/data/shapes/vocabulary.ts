/** The 41 words of the "shapes" data set as tokenizer files, word level, one table for both texts. */
import { colors, shapes } from "./meaning.ts";

/** The words by id. The newline token is the character "\n" itself. */
export const vocabulary: readonly string[] = [
  ...["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", "</s>", "\n"],
  ...["a", "there", "is", "with", "it", "its", "on", "in", "the", "of"],
  ...["above", "below", "left", "right", "top", "bottom", "middle", "small", "large"],
  ...colors,
  ...shapes,
];

/** Ids of the tokens that are no words. */
export const tokenIds = {
  padding: 0,
  unknown: 1,
  classification: 2,
  separator: 3,
  mask: 4,
  decode: 5,
  endOfSentence: 6,
  newline: 7,
} as const;

/** Tokens of the longest text: [CLS] 12 words [SEP], or </s> 12 words newline. */
export const textTokens = 14;

/**
 * What a text is turned into: "qformer": [CLS] words [SEP]; "lm": </s> words, to which the caller's text adds
 * the newline; "documents": the words alone, with `</s>` and newlines as the text has them.
 */
export type TextKind = "qformer" | "lm" | "documents";

/** The text kinds. */
export const textKinds: readonly TextKind[] = ["qformer", "lm", "documents"];

/** The JSON values of a `tokenizer.json` and its `tokenizer_config.json`. */
export interface TokenizerFiles {
  readonly tokenizer: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
}

const around: Readonly<Record<TextKind, { before: readonly string[]; after: readonly string[] }>> =
  {
    qformer: { before: ["[CLS]"], after: ["[SEP]"] },
    lm: { before: ["</s>"], after: [] },
    documents: { before: [], after: [] },
  };

function template(before: readonly string[], after: readonly string[]) {
  if (before.length + after.length === 0) return null;
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } });
  const end = after.map(special);
  const names = [...before, ...after];
  return {
    type: "TemplateProcessing",
    single: [...before.map(special), sequence("A", 0), ...end],
    pair: [...before.map(special), sequence("A", 0), ...end, sequence("B", 1), ...end],
    special_tokens: Object.fromEntries(
      names.map((id) => [id, { id, ids: [vocabulary.indexOf(id)], tokens: [id] }]),
    ),
  };
}

/**
 * The tokenizer of a text kind in Hugging Face's format. The model is of type WordPiece over whole words, which
 * with no continuation pieces is a word-level model that carries its own unknown token.
 */
export function tokenizerFiles(kind: TextKind): TokenizerFiles {
  const { before, after } = around[kind];
  const added = vocabulary.slice(0, 8).map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: content !== "\n",
  }));
  const tokenizer = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: { type: "Lowercase" },
    pre_tokenizer: { type: "WhitespaceSplit" },
    post_processor: template(before, after),
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "WordPiece", prefix: "##", cleanup: false },
        { type: "Replace", pattern: { String: " \n" }, content: "\n" },
      ],
    },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
    },
  };
  const qformer = {
    bos_token: "[DEC]",
    cls_token: "[CLS]",
    sep_token: "[SEP]",
    mask_token: "[MASK]",
  };
  const config = {
    ...(kind === "qformer" ? qformer : { bos_token: "</s>", eos_token: "</s>" }),
    pad_token: "[PAD]",
    unk_token: "[UNK]",
    clean_up_tokenization_spaces: false,
  };
  return { tokenizer, config };
}
