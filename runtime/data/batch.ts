/** What a loader gives, and how texts become its rows of ids. */
import { withQuestion } from "../../compiler/question-place.ts";
import type { Encoded, Side, Tokenizer } from "../text/tokenizer.ts";

/** A place in the run of batches: the next one to deliver. */
export interface BatchPosition {
  readonly epoch: number;
  /** Batch within the epoch, from 0. */
  readonly batch: number;
}

/** Rows of ids, padded to one length. */
export interface TokenRows {
  /** [rows, length] */
  readonly ids: Int32Array<ArrayBuffer>;
  /** [rows, length]: 1 token, 0 padding. */
  readonly mask: Int32Array<ArrayBuffer>;
  readonly length: number;
}

/** One batch; all arrays have `size` rows. */
export interface Batch extends BatchPosition {
  /** Rows. */
  readonly size: number;
  /** Rows that are records of their own; the others, of a filled last batch, repeat the first ones. */
  readonly count: number;
  /** [size, 3, side, side] float32; zeros where a picture was not needed, empty when none was. */
  readonly images: Float32Array<ArrayBuffer>;
  readonly imageIds: readonly string[];
  /** Dense numbers of the pictures: equal where `imageIds` are equal. */
  readonly imageNumbers: Int32Array<ArrayBuffer>;
  /** The drawn captions, cleaned, without prompt and suffix; empty where a record has none. */
  readonly captions: readonly string[];
  /** The cleaned questions; empty where nothing is asked. */
  readonly questions: readonly string[];
  /** Ids of prompt + caption + suffix; undefined when no text is given. */
  readonly tokens: TokenRows | undefined;
  /** Indices of the records in the data set. */
  readonly sampleIds: Int32Array<ArrayBuffer>;
  /** Where the run stands after this batch: what a checkpoint keeps. */
  readonly next: BatchPosition;
}

/** How texts become ids. */
export interface TextDescription {
  readonly tokenizer: Tokenizer;
  /** Ids of a row. */
  readonly maxLength: number;
  /** Cleans the caption first; none by default. */
  readonly process?: (caption: string) => string;
  /** The question of a record stands in the row, not its caption. */
  readonly isQuestion?: boolean;
  /** Put before and after the words when they are turned into ids; a prompt takes in the question of its row. */
  readonly prompt?: string;
  readonly suffix?: string;
  /** Where padding goes; right by default. */
  readonly side?: Side;
  readonly addSpecial?: boolean;
}

/** Texts kept with their ids at most. */
const cacheLimit = 1_000_000;

/** Cleaned captions and, where something is asked, questions → rows. */
export type MakeRows = (captions: readonly string[], questions?: readonly string[]) => TokenRows;

/** Makes the function from words to rows; ids are kept by text. */
export function tokenRows(text: TextDescription): MakeRows {
  const kept = new Map<string, Encoded>();
  const { tokenizer, maxLength, prompt = "", suffix = "", side = "right" } = text;
  const encoded = (row: string): Encoded => {
    const known = kept.get(row);
    if (known !== undefined) return known;
    const result = tokenizer.encode(row, {
      maxLength,
      padding: "max",
      side,
      addSpecial: text.addSpecial ?? true,
    });
    if (kept.size >= cacheLimit) kept.clear();
    kept.set(row, result);
    return result;
  };
  return (captions, questions = []) => {
    const ids = new Int32Array(captions.length * maxLength);
    const mask = new Int32Array(captions.length * maxLength);
    captions.forEach((caption, row) => {
      const question = questions[row] ?? "";
      const words = text.isQuestion === true ? question : caption;
      const result = encoded(withQuestion(prompt, question) + words + suffix);
      ids.set(result.ids, row * maxLength);
      mask.set(result.mask, row * maxLength);
    });
    return { ids, mask, length: maxLength };
  };
}
