/** BERT's vocab.txt → tokenizer.json; and a plain word table → tokenizer.json. */
import { specialToken, type TokenizerJson, template } from "./tokenizer-json.ts";

/** Settings of `bertTokenizerJson`. */
export interface BertVocabularyOptions {
  /** Tokens added after the table, in order of id; `[DEC]` by default, as BLIP-2 does. */
  readonly added?: readonly string[];
}

const bertSpecials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/** Lines of vocab.txt (line number = id) → uncased WordPiece with [CLS] … [SEP]. Throws RangeError when a special token is missing. */
export function bertTokenizerJson(
  vocabulary: string,
  options: BertVocabularyOptions = {},
): TokenizerJson {
  const words = vocabulary.replace(/\r?\n$/, "").split(/\r?\n/);
  const ids = new Map(words.map((word, id) => [word, id]));
  const idOf = (token: string): number => {
    const id = ids.get(token);
    if (id === undefined) throw new RangeError(`the vocabulary has no ${token}`);
    return id;
  };
  const added = (options.added ?? ["[DEC]"]).map((token, index) =>
    specialToken(words.length + index, token),
  );
  return {
    version: "1.0",
    truncation: null,
    padding: { pad_id: idOf("[PAD]") },
    added_tokens: [...bertSpecials.map((token) => specialToken(idOf(token), token)), ...added],
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: template([["[CLS]", idOf("[CLS]")]], [["[SEP]", idOf("[SEP]")]]),
    decoder: { type: "WordPiece", prefix: "##", cleanup: false },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(ids),
    },
  };
}

/** A word table: the id of a word is its position. */
export interface WordTable {
  /** All tokens, in order of id. */
  readonly words: readonly string[];
  /** Those matched anywhere in the text (also blanks such as a newline) and skipped when decoding. */
  readonly special: readonly string[];
  /** Token of unknown words. */
  readonly unknown: string;
  /** Token of padding. */
  readonly pad: string;
  /** Special tokens put before and after a text. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
}

/** A table of whole words, text split at white space. Throws RangeError for a doubled word or one missing from the table. */
export function wordTokenizerJson(table: WordTable): TokenizerJson {
  const ids = new Map(table.words.map((word, id) => [word, id]));
  if (ids.size !== table.words.length) throw new RangeError("a word stands twice in the table");
  const entry = (token: string): readonly [string, number] => {
    const id = ids.get(token);
    if (id === undefined) throw new RangeError(`the table has no ${JSON.stringify(token)}`);
    return [token, id];
  };
  return {
    version: "1.0",
    truncation: null,
    padding: { pad_id: entry(table.pad)[1] },
    added_tokens: table.special.map((token) => specialToken(entry(token)[1], token)),
    normalizer: null,
    pre_tokenizer: { type: "WhitespaceSplit" },
    post_processor: template((table.before ?? []).map(entry), (table.after ?? []).map(entry)),
    decoder: { type: "WordPiece", prefix: "##", cleanup: false },
    // WordPiece without continuation pieces finds whole words only.
    model: {
      type: "WordPiece",
      unk_token: entry(table.unknown)[0],
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(ids),
    },
  };
}
