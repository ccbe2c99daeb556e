/** Raw caption → the cleaned caption that LAVIS's `blip_caption` trains on. */
import { lowercase, words } from "./question.ts";

/** Settings of `captionProcessor`. */
export interface CaptionOptions {
  /** Put in front of the cleaned caption; none by default. */
  readonly prompt?: string;
  /** Words kept from the start; 50 by default. */
  readonly maxWords?: number;
}

/**
 * Lower-case; each of . ! " ( ) * # : ; ~ becomes a space; runs of two or more blanks become one space; line ends
 * at the end, then spaces at both ends, go; the first words stay; the prompt comes in front.
 */
export function captionProcessor(options: CaptionOptions = {}): (caption: string) => string {
  const { prompt = "", maxWords = 50 } = options;
  return (caption) => {
    const cleaned = lowercase(caption)
      .replaceAll(/[.!"()*#:;~]/g, " ")
      .replaceAll(blankRuns, " ")
      .replace(/\n+$/, "")
      .replace(/^ +| +$/g, "");
    return prompt + words(cleaned, maxWords);
  };
}

// Python's `\s`: white space and the four separators U+001C to U+001F.
const separators = String.fromCharCode(0x1c, 0x1d, 0x1e, 0x1f);
const blankRuns = new RegExp(`[\\p{White_Space}${separators}]{2,}`, "gu");
