/** Messages about lints and information (BLIP90xx to BLIP93xx). */
import { type AnyMessage, defineMessage } from "../message.ts";
import { stage1Example, stage2Example } from "./example-pipeline.ts";

/** A lock of the second stage's backbones and of these imports. */
function lockOf(imports: readonly string[], tokens: Readonly<Record<string, number>> = {}): string {
  const backbones = [
    ["shapes-vit", "encoder"],
    ["shapes-bert", "qformer"],
    ["shapes-opt", "lm"],
  ].map(([name, role]) => ({ name, role, shape: "" }));
  const pins = [...imports, "pairs.json"];
  const files = pins.map((path) => ({ path, kind: "import", size: 0, sha256: "" }));
  const data = [{ name: "pairs.json", revision: "", files: ["pairs.json"], tokens }];
  return JSON.stringify({ lockVersion: 1, compiler: "0.1.0", edition: 1, backbones, data, files });
}

/** Stage 1 on an annotation file. */
const captionsExample = stage1Example.replace("shapes(seed: 1)", 'captions("pairs.json")');

/** A module that nothing reads. */
export const unusedModule = defineMessage({
  code: "BLIP9101",
  slug: "unused-module",
  severity: "warning",
  title: ({ kind, name }: { kind: string; name: string }) => `${kind} \`${name}\` is never used`,
  explanation:
    "No objective or stage reads the module. A name that starts with `_` says that this is meant.",
  failing: { text: `${stage1Example}\nfrozen lm opt = "shapes-opt"\n` },
  working: { text: `${stage1Example}\nfrozen lm _opt = "shapes-opt"\n` },
});

/** A param without use. */
export const unreadParam = defineMessage({
  code: "BLIP9102",
  slug: "unread-param",
  severity: "warning",
  title: ({ name }: { name: string }) => `nothing reads the param \`${name}\``,
  explanation:
    "Setting the param changes nothing. A name that starts with `_` says that this is meant.",
  failing: { text: stage1Example.replace("blip 1\n", "blip 1\n\nparam batch: int = 24\n") },
  working: {
    text: stage1Example
      .replace("blip 1\n", "blip 1\n\nparam batch: int = 24\n")
      .replace("batch = 24", "batch = batch"),
  },
});

/** An objective that counts for nothing. */
export const zeroWeight = defineMessage({
  code: "BLIP9103",
  slug: "zero-weight",
  severity: "warning",
  title: (facts: { objective: string; stage: string }) =>
    `\`${facts.objective}\` has weight 0 in stage \`${facts.stage}\``,
  explanation: "The objective is computed each step, and nothing learns from it.",
  failing: { text: stage1Example.replace("itm + itg", "itm + 0 * itg") },
  working: { text: stage1Example.replace("itm + itg", "itm + 0.5 * itg") },
});

/** A learning rate that hardly ever works. */
export const highRate = defineMessage({
  code: "BLIP9104",
  slug: "high-rate",
  severity: "warning",
  title: ({ rate }: { rate: number }) => `a learning rate of ${rate} is very high`,
  explanation: "Above 0.01 AdamW usually diverges. A missing `e-` is the common cause.",
  failing: { text: stage1Example.replace("lr = 4e-3", "lr = 4e-1") },
  working: { text: stage1Example },
});

/** Checkpoints that are never written. */
export const saveBeyondRun = defineMessage({
  code: "BLIP9105",
  slug: "save-beyond-run",
  severity: "warning",
  title: ({ stage }: { stage: string }) =>
    `stage \`${stage}\` ends before its first checkpoint is due`,
  explanation:
    "Checkpoints let an interrupted run go on. With this distance there is one at the end only.",
  failing: {
    text: stage1Example.replace(
      "  train = 350 steps\n",
      "  train = 350 steps\n  save { every = 500 steps }\n",
    ),
  },
  working: {
    text: stage1Example.replace(
      "  train = 350 steps\n",
      "  train = 350 steps\n  save { every = 50 steps }\n",
    ),
  },
});

/** Images that go through two ways of preparation, one behind the other. */
export const twoImagePipelines = defineMessage({
  code: "BLIP9106",
  slug: "two-image-pipelines",
  severity: "warning",
  title: (facts: { stage: string; data: string; what: string }) =>
    `the images of \`${facts.data}\` are ${facts.what} twice for stage \`${facts.stage}\``,
  explanation:
    "One chain holds two preparations of an image, usually the one for training and the one for evaluation.",
  failing: {
    text: stage1Example.replace(
      "  batch = 24\n",
      '  batch = 24\n  image = normalize("clip") -> normalize("clip")\n',
    ),
  },
  working: {
    text: stage1Example.replace("  batch = 24\n", '  batch = 24\n  image = normalize("clip")\n'),
  },
});

/** A file that does not say in which edition of the language it is written. */
export const editionMissing = defineMessage({
  code: "BLIP9107",
  slug: "edition-missing",
  severity: "warning",
  title: ({ file, edition }: { file: string; edition: number }) =>
    `${file} does not say its edition; it is read as edition ${edition}`,
  explanation:
    "The first statement of a file names the edition of the language, so that a newer compiler still reads it as it was meant. `blipc fix` writes it.",
  failing: { text: stage1Example.replace("blip 1\n\n", "") },
  working: { text: stage1Example },
});

/** Frozen queries or a frozen adapter that no checkpoint holds. */
export const frozenFresh = defineMessage({
  code: "BLIP9108",
  slug: "frozen-fresh",
  severity: "warning",
  title: ({ kind, name, stage }: { kind: string; name: string; stage: string }) =>
    `${kind} \`${name}\` is frozen, and nothing gives it values in stage \`${stage}\``,
  explanation:
    "Nobody publishes queries and adapters: they start at random values and are trained, or come from the checkpoint that a stage continues from. Frozen without one they stay random.",
  failing: { text: stage1Example.replace("trainable queries", "frozen queries") },
  working: { text: stage1Example },
});

/** An import that the lock beside it does not know. */
export const unpinnedImport = defineMessage({
  code: "BLIP9109",
  slug: "unpinned-import",
  severity: "warning",
  title: ({ path }: { path: string }) => `${path} is imported, and blip.lock does not pin it`,
  explanation:
    "A project with a lock says what its pipelines read. An import that is not in it can change what a pipeline means, and nobody is told.",
  failing: {
    text: stage2Example,
    files: { "stage1.blip": stage1Example, "blip.lock": lockOf([]) },
  },
  working: {
    text: stage2Example,
    files: { "stage1.blip": stage1Example, "blip.lock": lockOf(["stage1.blip"]) },
  },
});

/** Captions of which a text keeps the beginning alone. */
export const textCut = defineMessage({
  code: "BLIP9110",
  slug: "text-cut",
  severity: "warning",
  title: (facts: { text: string; kept: number; data: string; tokens: number }) =>
    `\`${facts.text}\` keeps ${facts.kept} tokens, and more than 5 % of the captions of \`${facts.data}\` are longer`,
  explanation:
    "What does not fit into `max_len` is cut off, and nothing is learned from it. `blipc lock` counts the tokens of captions; the number in the help is what one caption in twenty exceeds.",
  failing: { text: captionsExample, files: { "blip.lock": lockOf([], { shapes: 20 }) } },
  working: { text: captionsExample, files: { "blip.lock": lockOf([], { shapes: 14 }) } },
});

/** A stage whose random numbers are those of the default seed. */
export const seedNotSaid = defineMessage({
  code: "BLIP9301",
  slug: "seed-not-said",
  severity: "info",
  title: ({ stage, seed }: { stage: string; seed: number }) =>
    `stage \`${stage}\` states no seed; ${seed} is taken`,
  explanation:
    "Fresh weights, dropout, the order of records and negatives are drawn from the seed of the stage. The default makes a run repeatable; a seed that is written makes it visible, and another one makes another run.",
  failing: { text: stage1Example },
  working: { text: stage1Example.replace("train = 350 steps", "train = 350 steps\n  seed = 7") },
});

/** A contrast that a step of several micro-batches computes of each alone. */
export const fewerNegatives = defineMessage({
  code: "BLIP9302",
  slug: "fewer-negatives",
  severity: "info",
  title: (facts: { objective: string; records: number; batch: number }) =>
    `\`${facts.objective}\` compares ${facts.records} of the ${facts.batch} records of a step`,
  explanation:
    "With `accumulate` a contrast sees one micro-batch at a time, so it learns from fewer negatives than the batch holds. In `whole` it compares all records of the step, with the gradients of a step that is not split, for one more forward pass.",
  failing: {
    text: stage1Example.replace(
      "  data = pairs\n  train",
      "  accumulate = 2\n  data = pairs\n  train",
    ),
  },
  working: {
    text: stage1Example.replace(
      "  data = pairs\n  train",
      "  accumulate = 2\n  whole = [itc]\n  data = pairs\n  train",
    ),
  },
});

/** Codes BLIP90xx to BLIP93xx, in order. */
export const lintMessages: readonly AnyMessage[] = [
  unusedModule,
  unreadParam,
  zeroWeight,
  highRate,
  saveBeyondRun,
  twoImagePipelines,
  editionMissing,
  frozenFresh,
  unpinnedImport,
  textCut,
  seedNotSaid,
  fewerNegatives,
];
