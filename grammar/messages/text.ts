/** Messages about characters, strings, numbers and comments (BLIP00xx). */
import { type AnyMessage, defineMessage } from "../message.ts";

/** A character the language does not use. */
export const strayCharacter = defineMessage({
  code: "BLIP0001",
  slug: "stray-character",
  severity: "error",
  title: ({ text }: { text: string }) => `${text} means nothing outside of a string`,
  explanation:
    "Outside of strings and comments a pipeline is made of ASCII letters, digits, `_` and the signs of the language. Text copied from a web page often brings typographic quotes, dashes or invisible spaces.",
  failing: { text: "blip 1\nlet width = 768 €\n" },
  working: { text: "blip 1\nlet width = 768\n" },
});

/** A string whose closing quote is missing. */
export const unterminatedString = defineMessage({
  code: "BLIP0002",
  slug: "unterminated-string",
  severity: "error",
  title: (_: object) => "this string is never closed",
  explanation:
    'A string stands on one line between two double quotes. Write a line break inside of it as `\\n` and a quote as `\\"`.',
  failing: { text: 'blip 1\nlet tower = "clip-vit-l/14\n' },
  working: { text: 'blip 1\nlet tower = "clip-vit-l/14"\n' },
});

/** A backslash with a letter that stands for nothing. */
export const unknownEscape = defineMessage({
  code: "BLIP0003",
  slug: "unknown-escape",
  severity: "error",
  title: ({ written }: { written: string }) => `\`${written}\` stands for nothing in a string`,
  explanation:
    'The escapes are those of JSON: `\\"` `\\\\` `\\/` `\\b` `\\f` `\\n` `\\r` `\\t` and `\\u` with four hexadecimal digits. Write a backslash itself as `\\\\`.',
  failing: { text: 'blip 1\nlet folder = "C:\\pictures"\n' },
  working: { text: 'blip 1\nlet folder = "C:\\\\pictures"\n' },
});

/** A string in single quotes. */
export const singleQuotes = defineMessage({
  code: "BLIP0004",
  slug: "single-quotes",
  severity: "error",
  title: (_: object) => "strings are written in double quotes",
  explanation: "There is one way to write a string: between double quotes, on one line.",
  failing: { text: "blip 1\nlet tower = 'clip-vit-l/14'\n" },
  working: { text: 'blip 1\nlet tower = "clip-vit-l/14"\n' },
});

/** A block comment that runs to the end of the file. */
export const unterminatedComment = defineMessage({
  code: "BLIP0005",
  slug: "unterminated-comment",
  severity: "error",
  title: (_: object) => "this comment is never closed",
  explanation:
    "A comment that starts with `/*` ends with `*/`. Without it, the rest of the file is taken as comment. Comments do not nest.",
  failing: { text: "blip 1\n/* sizes\nlet width = 768\n" },
  working: { text: "blip 1\n/* sizes */\nlet width = 768\n" },
});

/** A number such as 007. */
export const leadingZero = defineMessage({
  code: "BLIP0006",
  slug: "leading-zero",
  severity: "error",
  title: ({ raw }: { raw: string }) => `the number ${raw} starts with a zero too many`,
  explanation:
    "A number starts with a digit from 1 to 9, or is 0, or goes on with a point as in 0.5. In other languages a zero in front means base 8, which is not meant here.",
  failing: { text: "blip 1\nlet seed = 0042\n" },
  working: { text: "blip 1\nlet seed = 42\n" },
});

/** A number beyond 64-bit floating point. */
export const hugeNumber = defineMessage({
  code: "BLIP0007",
  slug: "huge-number",
  severity: "error",
  title: ({ raw }: { raw: string }) => `the number ${raw} is too large`,
  explanation: "Numbers are 64-bit floating point: at most about 1.8e308.",
  failing: { text: "blip 1\nlet steps = 1e999\n" },
  working: { text: "blip 1\nlet steps = 1e9\n" },
});

/** A comment that starts with a hash sign. */
export const hashComment = defineMessage({
  code: "BLIP0008",
  slug: "hash-comment",
  severity: "error",
  title: (_: object) => "comments start with `//`",
  explanation:
    "Three forms of comment exist: `// to the end of the line`, `/* between two marks */` and `/// documentation of the next statement`.",
  failing: { text: "blip 1\n# the width of the tower\nlet width = 768\n" },
  working: { text: "blip 1\n// the width of the tower\nlet width = 768\n" },
});

/** Codes BLIP00xx, in order. */
export const textMessages: readonly AnyMessage[] = [
  strayCharacter,
  unterminatedString,
  unknownEscape,
  singleQuotes,
  unterminatedComment,
  leadingZero,
  hugeNumber,
  hashComment,
];
