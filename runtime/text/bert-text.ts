/** Text → the cleaned, lower-case text that BERT (uncased) splits; character for character as the reference tokenizer. */
import { newerCharacter } from "./newer-characters.ts";

/** Settings of BERT's normalizer, named as in a tokenizer.json. */
export interface BertTextOptions {
  readonly clean_text?: boolean;
  readonly handle_chinese_chars?: boolean;
  readonly lowercase?: boolean;
  /** Absent: as `lowercase`. */
  readonly strip_accents?: boolean | null;
}

const control = /\p{C}/u;
const blank = /[\t\n\r\p{Zs}]/u;
// U+1171E was a nonspacing mark in Unicode 14.
const accents = /[\p{Mn}\u{1171e}]/gu;

/** Cleans, puts spaces around Chinese characters, lower-cases each character alone (no final sigma), strips accents. */
export function bertText(text: string, options: BertTextOptions): string {
  let result = options.clean_text === false ? text : cleaned(text);
  if (options.handle_chinese_chars !== false) result = spaced(result);
  const lowers = options.lowercase !== false;
  if (lowers) result = Array.from(result, (character) => character.toLowerCase()).join("");
  if (options.strip_accents ?? lowers) result = result.normalize("NFD").replace(accents, "");
  return result;
}

/** Drops control, private and unassigned characters; every blank becomes a space. */
function cleaned(text: string): string {
  let result = "";
  for (const character of text) {
    if (blank.test(character)) result += " ";
    else if (character === "\ufffd" || control.test(character)) continue;
    else if (!newerCharacter.test(character)) result += character;
  }
  return result;
}

function spaced(text: string): string {
  let result = "";
  for (const character of text) {
    result += isChinese(character.codePointAt(0)!) ? ` ${character} ` : character;
  }
  return result;
}

/** The CJK ideograph blocks that BERT names. */
function isChinese(code: number): boolean {
  return (
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0x3400 && code <= 0x4dbf) ||
    (code >= 0x20000 && code <= 0x2a6df) ||
    (code >= 0x2a700 && code <= 0x2b73f) ||
    (code >= 0x2b740 && code <= 0x2b81f) ||
    (code >= 0x2b820 && code <= 0x2ceaf) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0x2f800 && code <= 0x2fa1f)
  );
}
