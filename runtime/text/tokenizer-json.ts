/** What a tokenizer.json holds, as far as the builders write it and the loader reads it. */

/** One token outside the model's own table, or one matched before the text is normalized. */
export interface AddedTokenJson {
  readonly id: number;
  readonly content: string;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly special: boolean;
}

/** A part with a `type`; its other keys depend on the type. */
export interface PartJson {
  readonly type?: string;
  readonly [key: string]: unknown;
}

/** The format of Hugging Face's `tokenizers`. */
export interface TokenizerJson {
  readonly version?: string;
  readonly truncation?: unknown;
  /** Only the pad token's id is used. */
  readonly padding?: { readonly pad_id?: number; readonly [key: string]: unknown } | null;
  readonly added_tokens: readonly AddedTokenJson[];
  readonly normalizer: PartJson | null;
  readonly pre_tokenizer: PartJson | null;
  readonly post_processor: PartJson | null;
  readonly decoder: PartJson | null;
  readonly model: PartJson;
}

/** A token that is matched in the raw text and skipped when decoding. */
export function specialToken(id: number, content: string, strips = false): AddedTokenJson {
  return {
    id,
    content,
    single_word: false,
    lstrip: strips,
    rstrip: strips,
    normalized: false,
    special: true,
  };
}

/** A template of special tokens before and after the text. */
export function template(
  before: readonly (readonly [string, number])[],
  after: readonly (readonly [string, number])[],
): PartJson {
  const items = (tokens: typeof before) =>
    tokens.map(([id]) => ({ SpecialToken: { id, type_id: 0 } }));
  const single = [...items(before), { Sequence: { id: "A", type_id: 0 } }, ...items(after)];
  const entries = [...before, ...after].map(([token, id]) => [
    token,
    { id: token, ids: [id], tokens: [token] },
  ]);
  return {
    type: "TemplateProcessing",
    single,
    pair: [...single, { Sequence: { id: "B", type_id: 1 } }],
    special_tokens: Object.fromEntries(entries),
  };
}
