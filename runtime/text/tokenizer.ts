/** tokenizer.json → a tokenizer: text to padded ids and back. */
import { readFileSync } from "node:fs";
import { Tokenizer as Engine } from "@huggingface/tokenizers";
import { type BertTextOptions, bertText } from "./bert-text.ts";
import { charactersMap } from "./characters-map.ts";
import type { PartJson, TokenizerJson } from "./tokenizer-json.ts";
import { unigramEncoder } from "./unigram.ts";

/** Which end is cut or filled. */
export type Side = "left" | "right";

/** Settings of `encode`. */
export interface EncodeOptions {
  /** Most ids of a text, special tokens included. */
  readonly maxLength?: number;
  /** `max`: fill to `maxLength`; `none` (default): as long as the text is. */
  readonly padding?: "none" | "max";
  /** False: a text longer than `maxLength` is an error. True by default. */
  readonly truncation?: boolean;
  /** Where padding goes; right by default. */
  readonly side?: Side;
  /** Where the text is cut; right by default. The special tokens around it stay. */
  readonly truncationSide?: Side;
  /** True (default): put the special tokens around the text. */
  readonly addSpecial?: boolean;
}

/** Ids of one text; `mask` is 1 for tokens and 0 for padding. */
export interface Encoded {
  readonly ids: readonly number[];
  readonly mask: readonly number[];
}

/** Settings of `decode`. */
export interface DecodeOptions {
  /** True (default): leave special tokens out. */
  readonly skipSpecial?: boolean;
  /** True (default): drop the space before `. , ! ?` and in contractions, as the reference does. */
  readonly cleanUp?: boolean;
}

/** A loaded tokenizer. */
export interface Tokenizer {
  /** One more than the highest id. */
  readonly size: number;
  /** Id that fills; undefined when the file names none. */
  readonly padId: number | undefined;
  /** Ids put before and after every text. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly encode: (text: string, options?: EncodeOptions) => Encoded;
  readonly decode: (ids: Iterable<number>, options?: DecodeOptions) => string;
  /** The pieces of a text as strings, without the special tokens around it. */
  readonly tokenize: (text: string) => readonly string[];
  readonly idOf: (token: string) => number | undefined;
  readonly tokenOf: (id: number) => string | undefined;
}

/** Reads a tokenizer.json (a path, or its parsed contents). Throws an Error that names the file when it is not one. */
export function loadTokenizer(source: string | TokenizerJson): Tokenizer {
  const name = typeof source === "string" ? source : "tokenizer.json";
  try {
    const json =
      typeof source === "string"
        ? (JSON.parse(readFileSync(source, "utf8")) as TokenizerJson)
        : source;
    return tokenizerOf(json);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${name}: cannot be used as a tokenizer: ${reason}`, { cause: error });
  }
}

function tokenizerOf(json: TokenizerJson): Tokenizer {
  const engine = new Engine({ ...json, pre_tokenizer: withExactBlanks(json.pre_tokenizer) }, {});
  replaceNormalizer(engine, json.normalizer);
  replaceUnigram(engine, json);
  const strips = json.decoder?.type === "Metaspace" || json.decoder?.type === "WordPiece";
  const { before, after } = surroundings(engine);
  const padId = json.padding?.pad_id ?? padByName(engine);
  const size = 1 + Math.max(...engine.get_vocab().values());

  const encode = (text: string, options: EncodeOptions = {}): Encoded => {
    const { maxLength, truncationSide = "right", side = "right" } = options;
    const special = options.addSpecial ?? true;
    const around = special ? before.length + after.length : 0;
    let content = text === "" ? [] : engine.encode(text, { add_special_tokens: false }).ids;
    if (maxLength !== undefined && content.length + around > maxLength) {
      if (options.truncation === false) {
        throw new RangeError(
          `a text of ${content.length + around} tokens is longer than ${maxLength}`,
        );
      }
      const room = Math.max(0, maxLength - around);
      content =
        truncationSide === "right" ? content.slice(0, room) : content.slice(content.length - room);
    }
    const ids = special ? [...before, ...content, ...after] : content;
    const mask = new Array<number>(ids.length).fill(1);
    if (options.padding !== "max") return { ids, mask };
    if (maxLength === undefined) throw new RangeError("padding to the maximum needs maxLength");
    if (padId === undefined) throw new RangeError("this tokenizer has no padding token");
    const missing = Math.max(0, maxLength - ids.length);
    const fill = new Array<number>(missing).fill(padId);
    const zeros = new Array<number>(missing).fill(0);
    return side === "right"
      ? { ids: [...ids, ...fill], mask: [...mask, ...zeros] }
      : { ids: [...fill, ...ids], mask: [...zeros, ...mask] };
  };

  return {
    size,
    padId,
    before,
    after,
    encode,
    decode: (ids, options = {}) => {
      const known = Array.from(ids).filter((id) => engine.id_to_token(id) !== undefined);
      if (known.length === 0) return "";
      const text = engine.decode(known, {
        skip_special_tokens: options.skipSpecial ?? true,
        clean_up_tokenization_spaces: false,
      });
      const trimmed = strips ? text.replace(outerBlanks, "") : text;
      return (options.cleanUp ?? true) ? cleanedUp(trimmed) : trimmed;
    },
    tokenize: (text) => (text === "" ? [] : engine.tokenize(text)),
    idOf: (token) => engine.token_to_id(token),
    tokenOf: (id) => engine.id_to_token(id),
  };
}

const outerBlanks = /^\p{White_Space}+|\p{White_Space}+$/gu;

/** The reference's `clean_up_tokenization`. */
function cleanedUp(text: string): string {
  return text
    .replaceAll(/ ([.?!,])/g, "$1")
    .replaceAll(" ' ", "'")
    .replaceAll(/ (n't|'m|'s|'ve|'re)/g, "$1");
}

/** Puts the exact search in place of the library's, which sums in double precision. */
function replaceUnigram(engine: Engine, json: TokenizerJson): void {
  if (json.model.type !== "Unigram" || engine.model === null) return;
  const special = json.added_tokens.filter((token) => token.special);
  const encode = unigramEncoder({
    vocabulary: json.model["vocab"] as readonly (readonly [string, number])[],
    unknownId: Number(json.model["unk_id"]),
    excluded: new Set(special.map((token) => token.content)),
  });
  Object.assign(engine.model, { tokenize: encode });
}

/** GPT-2's pattern with Unicode's white space, which JavaScript's `\s` is not. */
function withExactBlanks(part: PartJson | null): PartJson | null {
  if (part?.type !== "ByteLevel" || part["use_regex"] === false) return part;
  const pattern =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
  const split = { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false };
  return { type: "Sequence", pretokenizers: [split, { ...part, use_regex: false }] };
}

/** Puts the exact normalizers in place of the library's approximations of BERT's and SentencePiece's. */
function replaceNormalizer(engine: Engine, part: PartJson | null): void {
  const exact = exactNormalizer(part, engine.normalizer);
  if (exact !== undefined) engine.normalizer = exact as unknown as Engine["normalizer"];
}

function exactNormalizer(
  part: PartJson | null,
  made: ((text: string) => string) | null,
): ((text: string) => string) | undefined {
  if (part === null || made === null) return undefined;
  if (part.type === "BertNormalizer") return (text) => bertText(text, part as BertTextOptions);
  if (part.type === "Precompiled") {
    return charactersMap(Buffer.from(String(part["precompiled_charsmap"] ?? ""), "base64"));
  }
  if (part.type !== "Sequence") return undefined;
  const parts = part["normalizers"] as readonly PartJson[];
  const steps = (made as unknown as { normalizers: readonly ((text: string) => string)[] })
    .normalizers;
  const exact = steps.map((step, index) => exactNormalizer(parts[index]!, step) ?? step);
  return (text) => exact.reduce((result, step) => step(result), text);
}

/** What the file's post-processor puts around a text, found by encoding a probe. */
function surroundings(engine: Engine): { before: readonly number[]; after: readonly number[] } {
  const probe = "a";
  const inner = engine.encode(probe, { add_special_tokens: false }).ids;
  const whole = engine.encode(probe, { add_special_tokens: true }).ids;
  for (let start = 0; start + inner.length <= whole.length; start++) {
    if (inner.every((id: number, index: number) => whole[start + index] === id)) {
      return { before: whole.slice(0, start), after: whole.slice(start + inner.length) };
    }
  }
  throw new Error("the post-processor changes the text's own tokens");
}

function padByName(engine: Engine): number | undefined {
  for (const token of ["[PAD]", "<pad>", "<|endoftext|>", "</s>"]) {
    const id = engine.token_to_id(token);
    if (id !== undefined) return id;
  }
  return undefined;
}
