/** Messages about frozen parts and gradients (BLIP30xx to BLIP33xx). */
import { type AnyMessage, defineMessage } from "../message.ts";
import { stage1Example, stage2Example } from "./example-pipeline.ts";

/** A language model and its objective, in front of the stage. */
const languageExample = `trainable lm opt = "shapes-opt"

text words = opt.tokenizer {
  max_len = 14 tokens
}

objective say: language {
  model = opt
  predict = words
}

stage pretrain`;

/** Neither `frozen` nor `trainable` in front of a module. */
export const stateNotSaid = defineMessage({
  code: "BLIP3001",
  slug: "state-not-said",
  severity: "error",
  title: ({ name }: { name: string }) => `say whether \`${name}\` is frozen or trainable`,
  explanation:
    "Whether weights are updated decides memory, speed and the result, so it is written in front of every module and has no default.",
  failing: { text: stage1Example.replace("trainable qformer", "qformer") },
  working: { text: stage1Example },
});

/** `frozen` or `trainable` in front of something without weights. */
export const stateOfNothing = defineMessage({
  code: "BLIP3002",
  slug: "state-of-nothing",
  severity: "error",
  title: ({ noun, state }: { noun: string; state: string }) =>
    `${noun} has no weights that could be ${state}`,
  explanation: "Only encoder, queries, qformer, adapter and lm have weights.",
  failing: { text: stage1Example.replace("\ntext caption", "\nfrozen text caption") },
  working: { text: stage1Example },
});

/** A stage in which everything is frozen. */
export const nothingToTrain = defineMessage({
  code: "BLIP3101",
  slug: "nothing-to-train",
  severity: "error",
  title: ({ stage }: { stage: string }) => `stage \`${stage}\` has nothing to train`,
  explanation: "Every module on the way to the objectives of the stage is frozen.",
  failing: {
    text: `blip 1

frozen lm opt = "shapes-opt"

text words = opt.tokenizer {
  max_len = 14 tokens
}

objective say: language {
  model = opt
  predict = words
}

data texts = documents(seed: 1) {
  batch = 64
}

stage pretrain {
  minimize = say
  data = texts
  train = 100 steps
  optimizer: adamw { lr = 3e-3 }
}
`,
  },
  working: {
    text: `blip 1

trainable lm opt = "shapes-opt"

text words = opt.tokenizer {
  max_len = 14 tokens
}

objective say: language {
  model = opt
  predict = words
}

data texts = documents(seed: 1) {
  batch = 64
}

stage pretrain {
  minimize = say
  data = texts
  train = 100 steps
  optimizer: adamw { lr = 3e-3 }
}
`,
  },
});

/** A learning rate for weights that are not updated. */
export const rateOfFrozen = defineMessage({
  code: "BLIP3102",
  slug: "rate-of-frozen",
  severity: "error",
  title: ({ name }: { name: string }) => `a learning rate is set for \`${name}\`, which is frozen`,
  explanation:
    "No weight of a frozen module is updated, so a rate of its own would be ignored. Either the rate or the word `frozen` is a mistake.",
  failing: {
    text: stage1Example.replace("lr = 4e-3", "lr = 4e-3, lr_for = [rate(vision, 1e-6)]"),
  },
  working: { text: stage1Example },
});

/** A trainable module on which no objective depends. */
export const noGradient = defineMessage({
  code: "BLIP3103",
  slug: "no-gradient",
  severity: "error",
  title: ({ name }: { name: string }) => `\`${name}\` is trainable, but no objective depends on it`,
  explanation:
    "A module is trained when some objective in `minimize` depends on it. This one is wired to something that trains, yet nothing that is minimized reads it, so it would stay at its initial values.",
  failing: {
    text: `${stage1Example
      .replace("minimize = itc + itm + itg", "minimize = say")
      .replace("stage pretrain", languageExample)}`,
  },
  working: { text: stage1Example },
});

/** `cache` on an encoder whose weights change. */
export const cacheOfTrainable = defineMessage({
  code: "BLIP3110",
  slug: "cache-of-trainable",
  severity: "error",
  title: ({ name }: { name: string }) => `\`${name}\` is trainable, so its features change`,
  explanation:
    "`cache = features` computes what an encoder sees in a picture once and keeps it. That is only right for an encoder whose weights stay as they are.",
  failing: {
    text: stage1Example.replace(
      'frozen encoder vision = "shapes-vit"',
      'trainable encoder vision = "shapes-vit" {\n  cache = features\n}',
    ),
  },
  working: {
    text: stage1Example.replace('"shapes-vit"', '"shapes-vit" {\n  cache = features\n}'),
  },
});

/** `cache` on an encoder whose pictures are another each epoch. */
export const cacheOfRandom = defineMessage({
  code: "BLIP3111",
  slug: "cache-of-random-pictures",
  severity: "error",
  title: ({ name, data }: { name: string; data: string }) =>
    `\`${name}\` keeps its features, but data \`${data}\` changes each picture at random`,
  explanation:
    "`cache = features` computes what an encoder sees in a picture once and keeps it. A picture that is cropped or flipped at random is another one each time, so nothing could be kept.",
  failing: {
    text: stage1Example
      .replace('"shapes-vit"', '"shapes-vit" {\n  cache = features\n}')
      .replace(
        "data pairs = shapes(seed: 1) {",
        'data pairs = shapes(seed: 1) {\n  image = random_flip -> normalize("clip")',
      ),
  },
  working: {
    text: stage1Example.replace('"shapes-vit"', '"shapes-vit" {\n  cache = features\n}'),
  },
});

/** A part of a frozen module that is frozen once more. */
export const freezeOfFrozen = defineMessage({
  code: "BLIP3112",
  slug: "freeze-of-frozen",
  severity: "error",
  title: ({ name }: { name: string }) =>
    `\`${name}\` is frozen as a whole, and \`freeze\` freezes a part of it`,
  explanation:
    "`freeze` names the part of a trainable module that is not trained. Of a frozen module nothing is, so either the word `frozen` or the setting is a mistake.",
  failing: {
    text: stage1Example.replace('"shapes-vit"', '"shapes-vit" {\n  freeze = blocks[0..2]\n}'),
  },
  working: {
    text: stage1Example.replace(
      'frozen encoder vision = "shapes-vit"',
      'trainable encoder vision = "shapes-vit" {\n  freeze = [embeddings, blocks[0..2]]\n}',
    ),
  },
});

/** Every part of a trainable module is frozen. */
export const freezesAll = defineMessage({
  code: "BLIP3113",
  slug: "freezes-all",
  severity: "error",
  title: ({ name }: { name: string }) =>
    `\`${name}\` is trainable, and \`freeze\` leaves nothing of it to train`,
  explanation: "A module of which nothing trains is called `frozen`, in front of its block.",
  failing: {
    text: stage1Example.replace(
      'frozen encoder vision = "shapes-vit"',
      'trainable encoder vision = "shapes-vit" {\n  freeze = [embeddings, blocks[0..3]]\n}',
    ),
  },
  working: { text: stage1Example },
});

/** Something frozen that is left out of what is taken over. */
export const frozenAnew = defineMessage({
  code: "BLIP3114",
  slug: "frozen-anew",
  severity: "error",
  title: ({ what }: { what: string }) => `${what} is frozen and starts anew`,
  explanation:
    "`.except(…)` leaves parts out of what is taken over; they start at first values, and are meant to be trained. What is frozen stays at them, which is noise.",
  failing: {
    text: stage2Example
      .replace("trainable qformer", "frozen qformer")
      .replace("= s1.bridge {", "= s1.bridge.except(cross) {"),
    files: { "stage1.blip": stage1Example },
  },
  working: {
    text: stage2Example.replace("= s1.bridge {", "= s1.bridge.except(cross) {"),
    files: { "stage1.blip": stage1Example },
  },
});

/** Gradients pass through a frozen module: information, no fault. */
export const gradientThroughFrozen = defineMessage({
  code: "BLIP3301",
  slug: "gradient-through-frozen",
  severity: "info",
  title: ({ frozen, trainable }: { frozen: string; trainable: string }) =>
    `gradients pass through frozen \`${frozen}\` to reach \`${trainable}\``,
  explanation:
    "A frozen module keeps its weights, but what is trained before it needs gradients that pass through it. Its activations are therefore kept for the backward pass.",
  failing: { text: stage2Example, files: { "stage1.blip": stage1Example } },
  working: { text: stage1Example },
});

/** Gradients pass through frozen blocks to reach what stands before them. */
export const gradientThroughBlocks = defineMessage({
  code: "BLIP3302",
  slug: "gradient-through-blocks",
  severity: "info",
  title: ({ part, name, before }: { part: string; name: string; before: string }) =>
    `gradients pass through the frozen \`${part}\` of \`${name}\` to reach its ${before}`,
  explanation:
    "`freeze` keeps weights as they are. What stands before the frozen blocks still trains, so gradients pass through them and their activations are kept. Freezing what stands before them too ends the backward pass there, and saves its time and memory.",
  failing: {
    text: stage1Example.replace(
      'frozen encoder vision = "shapes-vit"',
      'trainable encoder vision = "shapes-vit" {\n  freeze = blocks[0..2]\n}',
    ),
  },
  working: {
    text: stage1Example.replace(
      'frozen encoder vision = "shapes-vit"',
      'trainable encoder vision = "shapes-vit" {\n  freeze = [embeddings, blocks[0..2]]\n}',
    ),
  },
});

/** Codes BLIP30xx to BLIP33xx, in order. */
export const freezingMessages: readonly AnyMessage[] = [
  stateNotSaid,
  stateOfNothing,
  nothingToTrain,
  rateOfFrozen,
  noGradient,
  cacheOfTrainable,
  cacheOfRandom,
  freezeOfFrozen,
  freezesAll,
  frozenAnew,
  gradientThroughFrozen,
  gradientThroughBlocks,
];
