/** Messages about names, backbones, settings and imports (BLIP10xx to BLIP13xx). */
import { type AnyMessage, defineMessage } from "../message.ts";
import { stage1Example, stage2Example } from "./example-pipeline.ts";

/** A block whose first word is no kind. */
export const unknownKind = defineMessage({
  code: "BLIP1001",
  slug: "unknown-kind",
  severity: "error",
  title: ({ kind }: { kind: string }) => `there is no kind of block called \`${kind}\``,
  explanation:
    "A block starts with its kind: encoder, text, queries, qformer, adapter, lm, objective, data, stage. In front of it may stand `frozen` or `trainable`.",
  failing: { text: "blip 1\ntrainable querys q {\n  count = 32\n}\n" },
  working: { text: "blip 1\ntrainable queries q {\n  count = 32\n}\n" },
});

/** A name that nothing declares. */
export const unknownName = defineMessage({
  code: "BLIP1002",
  slug: "unknown-name",
  severity: "error",
  title: ({ name }: { name: string }) => `nothing is called \`${name}\``,
  explanation:
    "A bare word names a param, a let, a block or an import of the same file. What another file declares is reached through the name of its import: `s1.bridge`.",
  failing: { text: stage1Example.replace("vision.patches", "vison.patches") },
  working: { text: stage1Example },
});

/** A word behind `:` that is no variant of the kind. */
export const unknownVariant = defineMessage({
  code: "BLIP1003",
  slug: "unknown-variant",
  severity: "error",
  title: ({ noun, variant }: { noun: string; variant: string }) =>
    `${noun} has no variant called \`${variant}\``,
  explanation:
    "Behind `:` stands the variant of a block: `objective itc: contrastive`, `optimizer: adamw`, `adapter to_lm: linear`.",
  failing: { text: stage1Example.replace(": contrastive", ": contrastiv") },
  working: { text: stage1Example },
});

/** Two declarations of one name. */
export const nameTwice = defineMessage({
  code: "BLIP1004",
  slug: "name-twice",
  severity: "error",
  title: ({ name }: { name: string }) => `\`${name}\` is declared twice`,
  explanation:
    "Params, lets, blocks and imports of a file share one set of names, so that a bare word is never ambiguous.",
  failing: { text: "blip 1\nlet width = 768\nlet width = 1024\n" },
  working: { text: "blip 1\nlet width = 768\nlet wide = 1024\n" },
});

/** Part of the language that has no meaning in this version. */
export const notYet = defineMessage({
  code: "BLIP1005",
  slug: "not-yet",
  severity: "error",
  title: ({ what }: { what: string }) => `${what} has no meaning in this version yet`,
  explanation:
    "The grammar knows more than this version can carry out. What it cannot carry out it refuses, so that nothing in a file is silently left out.",
  failing: {
    text: stage1Example.replace(
      'frozen encoder vision = "shapes-vit"',
      'trainable encoder vision = "shapes-vit" {\n  dtype = f16\n}',
    ),
  },
  working: { text: "blip 1\nparam batch: int = 64 where batch > 1\n" },
});

/** A block in a place where its kind does not belong, or without what its kind needs. */
export const misplacedBlock = defineMessage({
  code: "BLIP1006",
  slug: "misplaced-block",
  severity: "error",
  title: ({ what }: { what: string }) => what,
  explanation:
    "optimizer, schedule and save stand inside of a stage and have no name; every other block stands at the top of a file and has one.",
  failing: { text: "blip 1\noptimizer: adamw { lr = 1e-4 }\n" },
  working: { text: stage1Example },
});

/** A param or a let that needs its own value. */
export const valueCircle = defineMessage({
  code: "BLIP1007",
  slug: "value-circle",
  severity: "error",
  title: ({ name }: { name: string }) => `\`${name}\` is made of itself`,
  explanation:
    "A param or a `let` may name others, in any order, but not itself, and not by way of others.",
  failing: { text: "blip 1\nlet width = narrow * 2\nlet narrow = width / 2\n" },
  working: { text: "blip 1\nlet width = narrow * 2\nlet narrow = 384\n" },
});

/** A backbone that nobody knows. */
export const unknownBackbone = defineMessage({
  code: "BLIP1101",
  slug: "unknown-backbone",
  severity: "error",
  title: ({ name }: { name: string }) => `no backbone is called "${name}"`,
  explanation:
    'A backbone is named by the name under which it is registered, such as "eva-clip-g/14" or "facebook/opt-2.7b".',
  failing: { text: 'blip 1\nfrozen encoder vision = "eva-clip-g14"\n' },
  working: { text: 'blip 1\nfrozen encoder vision = "eva-clip-g/14"\n' },
});

/** A backbone of another kind than the block needs. */
export const wrongBackbone = defineMessage({
  code: "BLIP1102",
  slug: "wrong-backbone",
  severity: "error",
  title: ({ name, is, wanted }: { name: string; is: string; wanted: string }) =>
    `"${name}" is ${is}, not ${wanted}`,
  explanation:
    "Each backbone plays a role: image encoder, text encoder, Q-Former or language model. A block takes backbones of its own role.",
  failing: { text: 'blip 1\nfrozen encoder vision = "facebook/opt-2.7b"\n' },
  working: { text: 'blip 1\nfrozen lm opt = "facebook/opt-2.7b"\n' },
});

/** A setting that the kind does not have. */
export const unknownSetting = defineMessage({
  code: "BLIP1201",
  slug: "unknown-setting",
  severity: "error",
  title: ({ noun, name }: { noun: string; name: string }) =>
    `${noun} has no setting called \`${name}\``,
  explanation: "Each kind of block has a fixed set of settings; the note lists them.",
  failing: { text: 'blip 1\nfrozen encoder vision = "eva-clip-g/14" {\n  dtpye = f16\n}\n' },
  working: { text: 'blip 1\nfrozen encoder vision = "eva-clip-g/14" {\n  dtype = f16\n}\n' },
});

/** A setting that another kind or variant has. */
export const misplacedSetting = defineMessage({
  code: "BLIP1202",
  slug: "misplaced-setting",
  severity: "error",
  title: ({ name, owner, here }: { name: string; owner: string; here: string }) =>
    `\`${name}\` belongs to ${owner}, not to ${here}`,
  explanation: "The setting exists, but in another kind of block or in another variant.",
  failing: {
    text: stage1Example.replace("  pair =", "  temperature = learned(0.07)\n  pair ="),
  },
  working: {
    text: stage1Example.replace("  image =", "  temperature = learned(0.07)\n  image ="),
  },
});

/** A setting that must be there and is not. */
export const missingSetting = defineMessage({
  code: "BLIP1203",
  slug: "missing-setting",
  severity: "error",
  title: ({ owner, name }: { owner: string; name: string }) => `${owner} needs \`${name}\``,
  explanation: "Some settings have no sensible default and must be written.",
  failing: { text: stage1Example.replace("  pair = bridge(q, caption)\n", "") },
  working: { text: stage1Example },
});

/** One setting written twice in the same body. */
export const settingTwice = defineMessage({
  code: "BLIP1204",
  slug: "setting-twice",
  severity: "error",
  title: ({ name }: { name: string }) => `\`${name}\` is set twice in this block`,
  explanation: "Within one body a setting stands once; only `extend` and `--set` replace values.",
  failing: { text: stage1Example.replace("  count = 8\n", "  count = 8\n  count = 16\n") },
  working: { text: stage1Example },
});

/** An import does not declare the name. */
export const unknownExport = defineMessage({
  code: "BLIP1205",
  slug: "unknown-export",
  severity: "error",
  title: ({ file, name }: { file: string; name: string }) => `${file} has no \`${name}\``,
  explanation: "Every param, let and block of a file can be used by the files that import it.",
  failing: {
    text: stage2Example.replace("s1.bridge", "s1.brige"),
    files: { "stage1.blip": stage1Example },
  },
  working: { text: stage2Example, files: { "stage1.blip": stage1Example } },
});

/** `--set` or `extend` aims at nothing. */
export const unknownOverride = defineMessage({
  code: "BLIP1206",
  slug: "unknown-override",
  severity: "error",
  title: ({ owner, name }: { owner: string; name: string }) => `\`${owner}\` has no \`${name}\``,
  explanation:
    '`--set path=value` and `extend` change params, sources and settings that exist: `batch=32`, `vision="clip-vit-l/14"`, `pretrain.optimizer.lr=2e-4`.',
  failing: { text: stage1Example, set: ["pretrain.optimiser.lr=2e-4"] },
  working: { text: stage1Example, set: ["pretrain.optimizer.lr=2e-4"] },
});

/** A part of an import is needed but not declared here. */
export const partNotDeclared = defineMessage({
  code: "BLIP1207",
  slug: "part-not-declared",
  severity: "error",
  title: ({ reader, part }: { reader: string; part: string }) =>
    `\`${reader}\` reads \`${part}\`, which this file does not declare`,
  explanation:
    "A part taken from another file brings its wiring along. The parts it is wired to must be declared too, because only this file can say whether they are frozen here.",
  failing: {
    text: stage2Example.replace("frozen encoder vision = s1.vision\n", ""),
    files: { "stage1.blip": stage1Example },
  },
  working: { text: stage2Example, files: { "stage1.blip": stage1Example } },
});

/** A word for a part of a module that is none. */
export const unknownPart = defineMessage({
  code: "BLIP1208",
  slug: "unknown-part",
  severity: "error",
  title: ({ name, part }: { name: string; part: string }) =>
    `\`${name}\` has no part called \`${part}\``,
  explanation:
    "`freeze` and `.except(…)` name parts of a module: `blocks[0..20]`, the blocks 0 to 19; `embeddings`, what stands before the blocks; and, of a qformer, `cross`, what takes the width of the patches.",
  failing: {
    text: stage2Example.replace("= s1.bridge {", "= s1.bridge.except(crss) {"),
    files: { "stage1.blip": stage1Example },
  },
  working: {
    text: stage2Example.replace("= s1.bridge {", "= s1.bridge.except(cross) {"),
    files: { "stage1.blip": stage1Example },
  },
});

/** Files that import each other. */
export const importCycle = defineMessage({
  code: "BLIP1301",
  slug: "import-cycle",
  severity: "error",
  title: ({ first, second }: { first: string; second: string }) =>
    first === second ? `${first} imports itself` : `${first} and ${second} import each other`,
  explanation: "Imports form a tree: a file may not need itself, not even through others.",
  failing: {
    text: 'blip 1\nimport "./stage1.blip" as s1\n',
    files: { "stage1.blip": 'blip 1\nimport "./example.blip" as s2\n' },
  },
  working: {
    text: 'blip 1\nimport "./stage1.blip" as s1\n',
    files: { "stage1.blip": "blip 1\nlet width = 768\n" },
  },
});

/** An imported file that is not there. */
export const importNotFound = defineMessage({
  code: "BLIP1302",
  slug: "import-not-found",
  severity: "error",
  title: ({ path }: { path: string }) => `there is no file "${path}"`,
  explanation: "The path of an import is relative to the file that holds it.",
  failing: { text: 'blip 1\nimport "./stage0.blip" as s0\n' },
  working: {
    text: 'blip 1\nimport "./stage0.blip" as s0\n',
    files: { "stage0.blip": "blip 1\nlet width = 768\n" },
  },
});

/** Codes BLIP10xx to BLIP13xx, in order. */
export const nameMessages: readonly AnyMessage[] = [
  unknownKind,
  unknownName,
  unknownVariant,
  nameTwice,
  notYet,
  misplacedBlock,
  valueCircle,
  unknownBackbone,
  wrongBackbone,
  unknownSetting,
  misplacedSetting,
  missingSetting,
  settingTwice,
  unknownExport,
  unknownOverride,
  partNotDeclared,
  unknownPart,
  importCycle,
  importNotFound,
];
