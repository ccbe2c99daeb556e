/** Messages about types, shapes and units (BLIP20xx to BLIP23xx). */
import { type AnyMessage, defineMessage } from "../message.ts";
import { stage1Example, stage2Example } from "./example-pipeline.ts";

/** A value of another type than the setting takes. */
export const wrongType = defineMessage({
  code: "BLIP2001",
  slug: "wrong-type",
  severity: "error",
  title: ({ setting, wanted, given }: { setting: string; wanted: string; given: string }) =>
    `\`${setting}\` takes ${wanted}, not ${given}`,
  explanation: "Each setting takes values of one type.",
  failing: { text: stage1Example.replace("count = 8", 'count = "eight"') },
  working: { text: stage1Example },
});

/** A number that is too small, too large, or has a fraction. */
export const outOfRange = defineMessage({
  code: "BLIP2002",
  slug: "out-of-range",
  severity: "error",
  title: ({ setting, rule, given }: { setting: string; rule: string; given: number }) =>
    `\`${setting}\` must be ${rule}, and ${given} is not`,
  explanation: "The setting has a range outside of which it means nothing.",
  failing: { text: stage1Example.replace("count = 8", "count = 0") },
  working: { text: stage1Example },
});

/** A word that is not among the choices. */
export const unknownWord = defineMessage({
  code: "BLIP2003",
  slug: "unknown-word",
  severity: "error",
  title: ({ setting, word }: { setting: string; word: string }) =>
    `\`${setting}\` cannot be \`${word}\``,
  explanation: "The setting takes one of a few words.",
  failing: { text: stage1Example.replace('"shapes-vit"', '"shapes-vit" {\n  dtype = f61\n}') },
  working: { text: stage1Example.replace('"shapes-vit"', '"shapes-vit" {\n  dtype = f16\n}') },
});

/** An operator on something that is no number. */
export const notAValue = defineMessage({
  code: "BLIP2004",
  slug: "not-a-number",
  severity: "error",
  title: ({ operator, value }: { operator: string; value: string }) =>
    `\`${operator}\` cannot be applied to ${value}`,
  explanation:
    "Arithmetic works on numbers, `and`, `or` and `not` on true and false, and objectives can be added and multiplied by numbers.",
  failing: { text: 'blip 1\nparam width: int = 2 * "wide"\n' },
  working: { text: "blip 1\nparam width: int = 2 * 384\n" },
});

/** A param whose type is no type. */
export const unknownType = defineMessage({
  code: "BLIP2005",
  slug: "unknown-type",
  severity: "error",
  title: ({ type }: { type: string }) => `there is no type called \`${type}\``,
  explanation:
    "Types of params are int, float, string, bool and backbone<encoder>, backbone<text>, backbone<qformer>, backbone<lm>.",
  failing: { text: "blip 1\nparam batch: integer = 64\n" },
  working: { text: "blip 1\nparam batch: int = 64\n" },
});

/** A param whose `where` does not hold. */
export const ruleFails = defineMessage({
  code: "BLIP2006",
  slug: "rule-fails",
  severity: "error",
  title: ({ name, value }: { name: string; value: string }) =>
    `\`${name}\` = ${value} breaks its own rule`,
  explanation: "What stands behind `where` must hold for every value that a param is given.",
  failing: { text: "blip 1\nparam batch: int = 63 where batch % 2 == 0\n" },
  working: { text: "blip 1\nparam batch: int = 64 where batch % 2 == 0\n" },
});

/** A param without a value. */
export const paramWithoutValue = defineMessage({
  code: "BLIP2007",
  slug: "param-without-value",
  severity: "error",
  title: ({ name }: { name: string }) => `\`${name}\` has no value`,
  explanation: "A param without a default is given by `--set name=value`, `--params` or `extend`.",
  failing: { text: "blip 1\nparam batch: int\n" },
  working: { text: "blip 1\nparam batch: int\n", set: ["batch=64"] },
});

/** A list of another size than its type says. */
export const sizesDiffer = defineMessage({
  code: "BLIP2008",
  slug: "sizes-differ",
  severity: "error",
  title: (facts: { name: string; given: number; size: string; wanted: number }) =>
    /^\d+$/.test(facts.size)
      ? `\`${facts.name}\` takes ${facts.wanted} values, not ${facts.given}`
      : `\`${facts.name}\` has ${facts.given} values where \`${facts.size}\` is ${facts.wanted}`,
  explanation:
    "The brackets of a type say how many values a param takes. A name in them, as in `float[N]`, is bound by the first param that uses it; all others must agree.",
  failing: { text: "blip 1\nparam a: float[N] = [1, 2]\nparam b: float[N] = [1, 2, 3]\n" },
  working: { text: "blip 1\nparam a: float[N] = [1, 2]\nparam b: float[N] = [3, 4]\n" },
});

/** Trained weights that no longer fit. */
export const crossWidth = defineMessage({
  code: "BLIP2101",
  slug: "cross-width",
  severity: "error",
  title: (facts: { bridge: string; trained: number; vision: string; width: number }) =>
    `cross-attention of \`${facts.bridge}\` was trained for width ${facts.trained}, but \`${facts.vision}\` now gives ${facts.width}`,
  explanation:
    "A checkpoint fixes the shape of its weights; swapping the tower changes what they must accept.",
  failing: {
    text: stage2Example.replace("= s1.vision", '= "clip-vit-b/16"'),
    files: { "stage1.blip": stage1Example },
  },
  working: { text: stage2Example, files: { "stage1.blip": stage1Example } },
});

/** Two parts of a self-attention with different widths. */
export const queriesWidth = defineMessage({
  code: "BLIP2102",
  slug: "queries-width",
  severity: "error",
  title: (facts: { queries: string; width: number; bridge: string; wanted: number }) =>
    `queries \`${facts.queries}\` are ${facts.width} wide, but \`${facts.bridge}\` attends over ${facts.wanted}`,
  explanation:
    "Queries and text share the self-attention of a Q-Former, so they have its width. Left out, `width` is inferred.",
  failing: { text: stage1Example.replace("count = 8", "count = 8\n  width = 48") },
  working: { text: stage1Example.replace("count = 8", "count = 8\n  width = 64") },
});

/** Heads that do not divide the width. */
export const headsDivide = defineMessage({
  code: "BLIP2103",
  slug: "heads-divide-width",
  severity: "error",
  title: ({ width, heads }: { width: number; heads: number }) =>
    `${width} cannot be split over ${heads} heads`,
  explanation: "Every head of an attention gets an equal share of the width.",
  failing: { text: stage1Example.replace("vision.patches", "vision.patches\n  heads = 10") },
  working: { text: stage1Example.replace("vision.patches", "vision.patches\n  heads = 8") },
});

/** An image that is not made of whole patches. */
export const imagePatches = defineMessage({
  code: "BLIP2104",
  slug: "image-patches",
  severity: "error",
  title: ({ size, patch, backbone }: { size: number; patch: number; backbone: string }) =>
    `image size ${size} is not a multiple of the ${patch}-pixel patch of "${backbone}"`,
  explanation: "An image tower cuts the picture into square patches without remainder.",
  failing: {
    text: stage1Example.replace('"shapes-vit"', '"shapes-vit" {\n  input = image[50, 50, 3]\n}'),
  },
  working: {
    text: stage1Example.replace('"shapes-vit"', '"shapes-vit" {\n  input = image[64, 64, 3]\n}'),
  },
});

/** A text that is longer than the positions of what reads it. */
export const textTooLong = defineMessage({
  code: "BLIP2105",
  slug: "text-too-long",
  severity: "error",
  title: (facts: { text: string; length: number; reader: string; positions: number }) =>
    `\`${facts.text}\` is up to ${facts.length} tokens long, but \`${facts.reader}\` has ${facts.positions} positions`,
  explanation: "Position embeddings are a table: a longer text would read behind its end.",
  failing: { text: stage1Example.replace("14 tokens", "15 tokens") },
  working: { text: stage1Example },
});

/** Pictures of another size than the tower takes. */
export const imageSizes = defineMessage({
  code: "BLIP2106",
  slug: "image-sizes",
  severity: "error",
  title: (facts: { data: string; given: number; vision: string; wanted: number }) =>
    `\`${facts.data}\` gives ${facts.given}-pixel pictures, but \`${facts.vision}\` takes ${facts.wanted}`,
  explanation: "The chain behind `image =` must end at the size that the tower is declared for.",
  failing: {
    text: stage1Example.replace(
      "batch = 24",
      'batch = 24\n  image = resize(64) -> normalize("clip")',
    ),
  },
  working: {
    text: stage1Example.replace(
      "batch = 24",
      'batch = 24\n  image = resize(48) -> normalize("clip")',
    ),
  },
});

/** Blocks that a module does not have. */
export const blocksBeyond = defineMessage({
  code: "BLIP2107",
  slug: "blocks-beyond",
  severity: "error",
  title: (facts: { name: string; part: string; blocks: number; isEmpty: boolean }) =>
    facts.isEmpty
      ? `\`${facts.part}\` names no block of \`${facts.name}\``
      : `\`${facts.name}\` has ${facts.blocks} blocks, and \`${facts.part}\` goes beyond them`,
  explanation:
    "Blocks are numbered from 0, and the end of a range is not part of it: `blocks[0..20]` are the first twenty.",
  failing: {
    text: stage1Example.replace(
      'frozen encoder vision = "shapes-vit"',
      'trainable encoder vision = "shapes-vit" {\n  freeze = [embeddings, blocks[0..4]]\n}',
    ),
  },
  working: {
    text: stage1Example.replace(
      'frozen encoder vision = "shapes-vit"',
      'trainable encoder vision = "shapes-vit" {\n  freeze = [embeddings, blocks[0..2]]\n}',
    ),
  },
});

/** A unit of another kind. */
export const wrongUnit = defineMessage({
  code: "BLIP2202",
  slug: "wrong-unit",
  severity: "error",
  title: ({ setting, wanted, given }: { setting: string; wanted: string; given: string }) =>
    `\`${setting}\` counts ${wanted}, not ${given}`,
  explanation: "A unit says what a number counts; the setting counts something else.",
  failing: { text: stage1Example.replace("14 tokens", "14 px") },
  working: { text: stage1Example },
});

/** A unit that is left out. */
export const unitNeeded = defineMessage({
  code: "BLIP2203",
  slug: "unit-needed",
  severity: "error",
  title: ({ setting }: { setting: string }) => `\`${setting}\` needs a unit`,
  explanation:
    "Training is counted in steps, epochs or samples, and the number alone does not say which.",
  failing: { text: stage1Example.replace("350 steps", "350") },
  working: { text: stage1Example },
});

/** A sum over two units. */
export const unitsDiffer = defineMessage({
  code: "BLIP2204",
  slug: "units-differ",
  severity: "error",
  title: ({ left, right }: { left: string; right: string }) =>
    `${left} and ${right} cannot be added`,
  explanation: "Both sides of a sum count the same thing.",
  failing: { text: "blip 1\nlet length = 5 steps + 1 epochs\nparam l: int = length\n" },
  working: { text: "blip 1\nlet length = 5 steps + 1 steps\n" },
});

/** Codes BLIP20xx to BLIP23xx, in order. */
export const typeMessages: readonly AnyMessage[] = [
  wrongType,
  outOfRange,
  unknownWord,
  notAValue,
  unknownType,
  ruleFails,
  paramWithoutValue,
  sizesDiffer,
  crossWidth,
  queriesWidth,
  headsDivide,
  imagePatches,
  textTooLong,
  imageSizes,
  blocksBeyond,
  wrongUnit,
  unitNeeded,
  unitsDiffer,
];
