/** Messages about brackets, statements and expressions (BLIP01xx). */
import { type AnyMessage, defineMessage } from "../message.ts";

/** A closing bracket without an opening one. */
export const strayCloser = defineMessage({
  code: "BLIP0101",
  slug: "stray-closer",
  severity: "error",
  title: ({ bracket }: { bracket: string }) => `this \`${bracket}\` closes nothing`,
  explanation:
    "Every `)`, `]` and `}` closes the nearest bracket of its kind that is still open. Here none is.",
  failing: { text: "blip 1\nlet width = 768)\n" },
  working: { text: "blip 1\nlet width = (768)\n" },
});

/** An opening bracket without a closing one. */
export const unclosedBracket = defineMessage({
  code: "BLIP0102",
  slug: "unclosed-bracket",
  severity: "error",
  title: ({ bracket }: { bracket: string }) => `this \`${bracket}\` is never closed`,
  explanation:
    "An expression may go on over several lines inside of brackets. A line that can only be the start of a statement, such as `name = …` or `name { … }`, ends it all the same, so that one missing bracket does not swallow the rest of the file.",
  failing: { text: "blip 1\nlet sizes = [224, 224, 3\nlet width = 768\n" },
  working: { text: "blip 1\nlet sizes = [224, 224, 3]\nlet width = 768\n" },
});

/** An opening brace without a closing one. */
export const unclosedBlock = defineMessage({
  code: "BLIP0103",
  slug: "unclosed-block",
  severity: "error",
  title: ({ block }: { block: string }) => `the \`${block}\` block is never closed`,
  explanation:
    "The body of a block stands between `{` and `}`. When a file has more `{` than `}`, the indentation tells which block was left open.",
  failing: { text: "blip 1\ntrainable queries q {\n  count = 32\n\nlet width = 768\n" },
  working: { text: "blip 1\ntrainable queries q {\n  count = 32\n}\n\nlet width = 768\n" },
});

/** A setting without its equals sign. */
export const missingEquals = defineMessage({
  code: "BLIP0104",
  slug: "missing-equals",
  severity: "error",
  title: (_: object) => "expected `=` between a setting and its value",
  explanation:
    "A setting is a name, `=` and a value. Two names in a row start a block, such as `queries q { … }`, and a name with `:` chooses a variant, such as `optimizer: adamw { … }`.",
  failing: { text: "blip 1\nfrozen lm opt = llm {\n  dtype f16\n}\n" },
  working: { text: "blip 1\nfrozen lm opt = llm {\n  dtype = f16\n}\n" },
});

/** Brackets or operators nested beyond the limit. */
export const nestingLimit = defineMessage({
  code: "BLIP0105",
  slug: "nesting-limit",
  severity: "error",
  title: ({ what, limit }: { what: string; limit: number }) => `more than ${limit} ${what}`,
  explanation:
    "Brackets and bodies may be nested 64 deep, and one value may chain 256 operators, calls and members. Nothing that a person writes comes near; the limit keeps generated text from exhausting the stack. Name parts of a long value with `let`.",
  failing: { text: `blip 1\nlet deep = ${"(".repeat(65)}1${")".repeat(65)}\n` },
  working: { text: `blip 1\nlet deep = ${"(".repeat(64)}1${")".repeat(64)}\n` },
});

/** Something else stands where one thing had to. */
export const expectedElse = defineMessage({
  code: "BLIP0106",
  slug: "expected",
  severity: "error",
  title: ({ expected, found }: { expected: string; found: string }) =>
    `expected ${expected}, found ${found}`,
  explanation:
    "The line starts like a statement but does not go on like one. The caret is at the first place that does not fit; what is wrong may also be just before it.",
  failing: { text: "blip 1\nlet width =\nlet height = 3\n" },
  working: { text: "blip 1\nlet width = 4\nlet height = 3\n" },
});

/** A statement is complete and the line goes on. */
export const trailingJunk = defineMessage({
  code: "BLIP0107",
  slug: "trailing-text",
  severity: "error",
  title: ({ found }: { found: string }) => `expected the end of the statement, found ${found}`,
  explanation:
    "A statement ends with its line, or with a comma before the next one. Two values in a row need an operator or a comma between them.",
  failing: { text: "blip 1\nlet width = 768 steps 12\n" },
  working: { text: "blip 1\nlet width = 768, let height = 12\n" },
});

/** A line that is no statement at all. */
export const unknownStatement = defineMessage({
  code: "BLIP0108",
  slug: "not-a-statement",
  severity: "error",
  title: ({ found }: { found: string }) => `no statement starts with ${found}`,
  explanation:
    "A statement is a setting (`name = value`), a block (`kind name { … }`, `kind: variant { … }`) or starts with one of the words blip, import, param, let, extend, assert, frozen, trainable.",
  failing: { text: "blip 1\n= 768\n" },
  working: { text: "blip 1\nwidth = 768\n" },
});

/** A comparison of a comparison. */
export const chainedComparison = defineMessage({
  code: "BLIP0109",
  slug: "chained-comparison",
  severity: "error",
  title: ({ first, second }: { first: string; second: string }) =>
    `\`${second}\` compares the answer of \`${first}\`, not a value`,
  explanation:
    "Comparisons do not chain: `1 < x < 3` would compare true or false with 3. Join two of them with `and`.",
  failing: { text: "blip 1\nassert 1 < 2 < 3\n" },
  working: { text: "blip 1\nassert 1 < 2 and 2 < 3\n" },
});

/** An edition this compiler does not know. */
export const unknownEdition = defineMessage({
  code: "BLIP0110",
  slug: "unknown-edition",
  severity: "error",
  title: ({ edition, known }: { edition: string; known: readonly number[] }) =>
    `there is no edition ${edition}; known: ${known.join(", ")}`,
  explanation:
    "The first line of a file, such as `blip 1`, says in which edition of the language it is written. A newer file needs a newer compiler.",
  failing: { text: "blip 99\n" },
  working: { text: "blip 1\n" },
});

/** The edition stands somewhere else than at the top. */
export const misplacedEdition = defineMessage({
  code: "BLIP0111",
  slug: "edition-not-first",
  severity: "error",
  title: (_: object) => "the edition stands at the top of a file",
  explanation: "`blip 1` is the first statement of a file, once; comments may stand before it.",
  failing: { text: "let width = 768\nblip 1\n" },
  working: { text: "// widths\nblip 1\nlet width = 768\n" },
});

/** A closing brace whose header lost its opening one. */
export const missingOpener = defineMessage({
  code: "BLIP0112",
  slug: "missing-opener",
  severity: "error",
  title: (_: object) => "this block has no `{` in front of its body",
  explanation:
    "The body of a block stands between `{` and `}`. When a file has more `}` than `{`, the indentation tells which block lost its opening brace.",
  failing: { text: "blip 1\ntrainable queries q\n  count = 32\n  width = 768\n}\n" },
  working: { text: "blip 1\ntrainable queries q {\n  count = 32\n  width = 768\n}\n" },
});

/** Something else than a setting in an `extend` body. */
export const settingsOnly = defineMessage({
  code: "BLIP0113",
  slug: "settings-only",
  severity: "error",
  title: ({ found }: { found: string }) => `an \`extend\` body holds settings, not ${found}`,
  explanation:
    "`extend` changes what exists and adds nothing: its body is a list of `path = value`. Reach into blocks with a path: `pretrain.optimizer.lr = 2e-4`.",
  failing: { text: "blip 1\nextend base {\n  optimizer: adamw { lr = 2e-4 }\n}\n" },
  working: { text: "blip 1\nextend base {\n  pretrain.optimizer.lr = 2e-4\n}\n" },
});

/** Stands for the messages beyond the first hundred of a file. */
export const tooManyMessages = defineMessage({
  code: "BLIP0114",
  slug: "more-messages",
  severity: "error",
  title: ({ hidden }: { hidden: number }) =>
    `${hidden} more ${hidden === 1 ? "message" : "messages"} about this file ${hidden === 1 ? "is" : "are"} not shown`,
  explanation: "At most 100 messages about the text of one file are shown; mend those first.",
  failing: { text: `blip 1\n${"= 1\n".repeat(101)}` },
  working: { text: "blip 1\nwidth = 1\n" },
});

/** Codes BLIP01xx, in order. */
export const syntaxMessages: readonly AnyMessage[] = [
  strayCloser,
  unclosedBracket,
  unclosedBlock,
  missingEquals,
  nestingLimit,
  expectedElse,
  trailingJunk,
  unknownStatement,
  chainedComparison,
  unknownEdition,
  misplacedEdition,
  missingOpener,
  settingsOnly,
  tooManyMessages,
];
