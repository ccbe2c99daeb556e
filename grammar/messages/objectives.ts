/** Messages about objectives, data and schedule (BLIP40xx to BLIP42xx). */
import { type AnyMessage, defineMessage } from "../message.ts";
import { stage1Example, stage2Example } from "./example-pipeline.ts";

/** Two drawn sets, mixed. */
const mixExample = stage1Example.replace(
  "data pairs = shapes(seed: 1) {\n  batch = 24\n}",
  `data first = shapes(seed: 1) {
  batch = 8
}

data second = shapes(seed: 2) {
  batch = 8
}

data pairs = mix([first, second], weights: [0.7, 0.3]) {
  batch = 24
}`,
);

/** A text port on a Q-Former without text. */
export const noTextBranch = defineMessage({
  code: "BLIP4101",
  slug: "no-text-branch",
  severity: "error",
  title: (facts: { variant: string; objective: string; bridge: string }) =>
    `${facts.variant} objective \`${facts.objective}\` needs a text side, and \`${facts.bridge}\` has none`,
  explanation:
    "Text enters a Q-Former when it stands in `self`: then it shares the self-attention with the queries.",
  failing: { text: stage1Example.replace("self = [q, caption]", "self = [q]") },
  working: { text: stage1Example },
});

/** Contrast without negatives. */
export const onePair = defineMessage({
  code: "BLIP4102",
  slug: "one-pair",
  severity: "error",
  title: ({ variant }: { variant: string }) => `a ${variant} objective has no negatives at batch 1`,
  explanation:
    "The other pairs of the batch are the negatives. With one pair the loss is 0 for every input.",
  failing: { text: stage1Example, set: ["pairs.batch=1"] },
  working: { text: stage1Example, set: ["pairs.batch=32"] },
});

/** A mask that shows the words to be predicted. */
export const targetLeak = defineMessage({
  code: "BLIP4103",
  slug: "target-leak",
  severity: "error",
  title: ({ variant }: { variant: string }) =>
    variant === "contrastive"
      ? "with this mask, one side of a contrast can read the other"
      : `with this mask, ${variant} can read the words it has to predict`,
  explanation:
    "Captioning predicts each word from the ones before it, and a contrast tells which text belongs to which picture. A mask that shows later words, or one side to the other, gives the answer away.",
  failing: {
    text: stage1Example.replace(
      "  given = bridge(q)\n",
      "  given = bridge(q)\n  mask = bidirectional\n",
    ),
  },
  working: {
    text: stage1Example.replace("  given = bridge(q)\n", "  given = bridge(q)\n  mask = causal\n"),
  },
});

/** Hard negatives from a loss that is not computed. */
export const negativesMissing = defineMessage({
  code: "BLIP4104",
  slug: "negatives-missing",
  severity: "error",
  title: (facts: { objective: string; from: string }) =>
    `\`${facts.objective}\` takes its hard negatives from \`${facts.from}\`, but the stage does not compute \`${facts.from}\``,
  explanation:
    "Hard negatives are drawn from the similarities of a contrastive objective, which must be part of the same stage.",
  failing: { text: stage1Example.replace("minimize = itc + itm", "minimize = itm") },
  working: { text: stage1Example },
});

/** Token ids of one vocabulary read by a model with another. */
export const tokenizerMismatch = defineMessage({
  code: "BLIP4105",
  slug: "tokenizer-mismatch",
  severity: "error",
  title: (facts: { text: string; tokenizer: string; model: string }) =>
    `\`${facts.text}\` holds ${facts.tokenizer} token ids, but \`${facts.model}\` has its own vocabulary`,
  explanation: "A token id means a word only together with the tokenizer that made it.",
  failing: {
    text: stage2Example.replace("opt.tokenizer", '"bert-base-uncased"'),
    files: { "stage1.blip": stage1Example },
  },
  working: { text: stage2Example, files: { "stage1.blip": stage1Example } },
});

/** A port that does not get what it needs. */
export const wrongPort = defineMessage({
  code: "BLIP4106",
  slug: "wrong-port",
  severity: "error",
  title: (facts: { port: string; owner: string; wanted: string; given: string }) =>
    `\`${facts.port}\` of \`${facts.owner}\` takes ${facts.wanted}, not ${facts.given}`,
  explanation: "Each port of an objective takes one kind of tensor.",
  failing: { text: stage1Example.replace("pair = bridge(q, caption)", "pair = caption") },
  working: { text: stage1Example },
});

/** A stage whose data cannot feed its objectives. */
export const dataLacks = defineMessage({
  code: "BLIP4107",
  slug: "data-lacks",
  severity: "error",
  title: (facts: { data: string; lacks: string; objective: string }) =>
    `\`${facts.data}\` has no ${facts.lacks}, and \`${facts.objective}\` needs them`,
  explanation:
    "Documents are text alone; captions and shapes are pictures with text; questions stand in the records of `vqa` alone.",
  failing: { text: stage1Example.replace("shapes(seed: 1)", "documents(seed: 1)") },
  working: { text: stage1Example },
});

/** Parts of a mix that prepare their pictures in different ways. */
export const mixDiffers = defineMessage({
  code: "BLIP4108",
  slug: "mix-differs",
  severity: "error",
  title: ({ mix, first, second }: { mix: string; first: string; second: string }) =>
    `\`${mix}\` does not say what happens to its pictures, and \`${first}\` and \`${second}\` differ`,
  explanation:
    "A batch of a mix holds pictures of all its parts, prepared in one way. When the parts agree, it is theirs; else the mix says it.",
  failing: {
    text: mixExample.replace(
      "  batch = 8\n",
      '  batch = 8\n  image = random_flip -> normalize("clip")\n',
    ),
  },
  working: { text: mixExample },
});

/** An objective that compares nothing, or cannot keep what it compares, over a whole step. */
export const wholeOfRecords = defineMessage({
  code: "BLIP4109",
  slug: "whole-of-records",
  severity: "error",
  title: (facts: { objective: string; variant: string }) =>
    `${facts.variant} objective \`${facts.objective}\` sees one micro-batch at a time`,
  explanation:
    "With `accumulate` a step is made of micro-batches. A contrast in `whole` compares the records of all of them: what it compares is small, kept for the whole step, and computed twice. Matching sends pairs of pictures and texts through the bridge, so its negatives come from its own micro-batch; captioning and language look at each record alone.",
  failing: {
    text: stage1Example.replace(
      "  data = pairs\n  train",
      "  accumulate = 2\n  whole = [itc, itm]\n  data = pairs\n  train",
    ),
  },
  working: {
    text: stage1Example.replace(
      "  data = pairs\n  train",
      "  accumulate = 2\n  whole = [itc]\n  data = pairs\n  train",
    ),
  },
});

/** A call with queries that do not enter the Q-Former. */
export const notInSelf = defineMessage({
  code: "BLIP4110",
  slug: "not-in-self",
  severity: "error",
  title: ({ queries, bridge }: { queries: string; bridge: string }) =>
    `queries \`${queries}\` do not stand in \`self\` of \`${bridge}\``,
  explanation:
    "`self` of a Q-Former lists all that shares its self-attention; a call takes one set of queries and one text of them.",
  failing: { text: stage1Example.replace("self = [q, caption]", "self = [caption]") },
  working: { text: stage1Example },
});

/** An objective that stands twice in the sum of a stage. */
export const objectiveTwice = defineMessage({
  code: "BLIP4111",
  slug: "objective-twice",
  severity: "error",
  title: ({ objective }: { objective: string }) => `\`${objective}\` stands twice in \`minimize\``,
  explanation:
    "Each objective stands once in the sum, with one weight: `2 * itc + itm`. A second time is mostly another objective that was meant.",
  failing: { text: stage1Example.replace("itc + itm + itg", "itc + itm + itc") },
  working: { text: stage1Example.replace("itc + itm + itg", "2 * itc + itm + itg") },
});

/** Warm-up beyond the end of the run. */
export const warmupTooLong = defineMessage({
  code: "BLIP4201",
  slug: "warmup-too-long",
  severity: "error",
  title: (_: object) => "the learning rate would still be warming up when training ends",
  explanation:
    "The learning rate reaches its peak at the end of the warm-up, which must lie inside of the run.",
  failing: { text: stage1Example.replace("warmup = 40 steps", "warmup = 400 steps") },
  working: { text: stage1Example },
});

/** Codes BLIP40xx to BLIP42xx, in order. */
export const objectiveMessages: readonly AnyMessage[] = [
  noTextBranch,
  onePair,
  targetLeak,
  negativesMissing,
  tokenizerMismatch,
  wrongPort,
  dataLacks,
  mixDiffers,
  wholeOfRecords,
  notInSelf,
  objectiveTwice,
  warmupTooLong,
];
