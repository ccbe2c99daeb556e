/** T5's spiece.model → tokenizer.json. */
import { pieceKinds, readSentencePiece } from "./sentence-piece.ts";
import { specialToken, type TokenizerJson, template } from "./tokenizer-json.ts";

/** Settings of `t5TokenizerJson`. */
export interface T5Options {
  /** Number of `<extra_id_k>` tokens, which take the ids from the end downward; 100 by default. */
  readonly extraIds?: number;
  /** False: special tokens written in the text are ordinary text, and no `</s>` is appended (plain SentencePiece). */
  readonly special?: boolean;
}

/** Unigram with the model's own character map; `</s>` is appended, `<pad>` pads. */
export function t5TokenizerJson(model: Uint8Array, options: T5Options = {}): TokenizerJson {
  const { pieces, charactersMap, addDummyPrefix } = readSentencePiece(model);
  const extra = options.special === false ? 0 : (options.extraIds ?? 100);
  const idOf = (token: string): number => {
    const id = pieces.findIndex((piece) => piece.text === token);
    if (id < 0) throw new RangeError(`the vocabulary has no ${token}`);
    return id;
  };
  const extraTokens = Array.from({ length: extra }, (_, index) =>
    specialToken(pieces.length + index, `<extra_id_${extra - 1 - index}>`, true),
  );
  const named = ["<pad>", "</s>", "<unk>"].map((token) => specialToken(idOf(token), token, true));
  return {
    version: "1.0",
    truncation: null,
    padding: { pad_id: idOf("<pad>") },
    added_tokens: options.special === false ? [] : [...named, ...extraTokens],
    normalizer: {
      type: "Sequence",
      normalizers: [
        {
          type: "Precompiled",
          precompiled_charsmap: Buffer.from(charactersMap).toString("base64"),
        },
        { type: "Replace", pattern: { Regex: " +" }, content: " " },
        { type: "Replace", pattern: { Regex: "^ | $" }, content: "" },
      ],
    },
    pre_tokenizer: {
      type: "Metaspace",
      replacement: "▁",
      prepend_scheme: addDummyPrefix ? "always" : "never",
    },
    post_processor: options.special === false ? null : template([], [["</s>", idOf("</s>")]]),
    decoder: { type: "Metaspace", replacement: "▁", prepend_scheme: "always" },
    model: {
      type: "Unigram",
      unk_id: pieces.findIndex((piece) => piece.kind === pieceKinds.unknown),
      vocab: [
        // A control piece is never found in text: with the special tokens off, its name is put out of reach.
        ...pieces.map(({ text, score, kind }) => [
          kind === pieceKinds.normal || options.special !== false ? text : `\u0000${text}`,
          score,
        ]),
        ...extraTokens.map(({ content }) => [content, 0]),
      ],
    },
  };
}
