/** Messages about stages, checkpoints, tests and the lock file (BLIP50xx to BLIP53xx). */
import { type AnyMessage, defineMessage } from "../message.ts";
import { stage1Example, stage2Example } from "./example-pipeline.ts";

/** Weights of a stage that no longer fit the block that takes them over. */
export const changedModule = defineMessage({
  code: "BLIP5101",
  slug: "changed-module",
  severity: "error",
  title: ({ module, trained }: { module: string; trained: string }) =>
    `\`${module}\` is not the module that ${trained} trained`,
  explanation:
    "A stage that continues takes over weights. A setting that changes their number or shape leaves trained tensors without a place. `from = s1.pretrain.last.except(bridge.cross)` leaves named parts out, which then start anew.",
  failing: {
    text: stage2Example.replace("drop = [s1.caption]", "drop = [s1.caption]\n  layers = 3"),
    files: { "stage1.blip": stage1Example },
  },
  working: { text: stage2Example, files: { "stage1.blip": stage1Example } },
});

/** A value for `best(…)` that no objective gives. */
export const notMeasured = defineMessage({
  code: "BLIP5102",
  slug: "not-measured",
  severity: "error",
  title: ({ stage, metric }: { stage: string; metric: string }) =>
    `stage \`${stage}\` does not measure \`${metric}\``,
  explanation:
    "`keep = best(…)` keeps the checkpoint with the best value of something that the stage computes: `loss`, an objective in `minimize` (smaller is better) or one of its metrics (larger is better). With a `validate` block the value is that of the held data.",
  failing: {
    text: stage1Example.replace(
      "train = 350 steps",
      "train = 350 steps\n  save { every = 50 steps, keep = best(itc.bleu) }",
    ),
  },
  working: {
    text: stage1Example.replace(
      "train = 350 steps",
      "train = 350 steps\n  save { every = 50 steps, keep = best(itc.recall1) }",
    ),
  },
});

/** A stage that needs its own result to start from. */
export const stageCircle = defineMessage({
  code: "BLIP5103",
  slug: "stage-circle",
  severity: "error",
  title: ({ stage }: { stage: string }) => `stage \`${stage}\` continues from itself`,
  explanation:
    "`from` names a stage that was trained before: one of another file, or of the same file, but not the stage itself, and not by way of others. `blipc run --resume` is what goes on with a run.",
  failing: {
    text: stage1Example.replace("train = 350 steps", "train = 350 steps\n  from = pretrain.last"),
  },
  working: { text: stage1Example },
});

/** A backbone that blip.lock does not name. */
export const notPinned = defineMessage({
  code: "BLIP5201",
  slug: "not-pinned",
  severity: "error",
  title: ({ name }: { name: string }) => `"${name}" is not pinned in blip.lock`,
  explanation:
    "blip.lock holds the backbones and files of a project with their sizes, sha256 and the shapes of their weights. `blipc lock` writes it; with `--frozen-lock` nothing may differ from it.",
  failing: {
    text: stage1Example,
    files: { "blip.lock": '{ "lockVersion": 1, "backbones": [], "files": [] }' },
  },
  working: { text: stage1Example },
});

/** A file that is not the one that was locked. */
export const fileDrifted = defineMessage({
  code: "BLIP5202",
  slug: "file-drifted",
  severity: "error",
  title: ({ path, what }: { path: string; what: string }) => `"${path}" ${what}`,
  explanation:
    "A file that the pipeline reads differs from the one in blip.lock: the run would not be the one that was locked. Bring the old file back, or take the new one with `blipc lock`.",
  failing: {
    text: stage1Example.replace('"shapes-vit"', '"shapes-vit" {\n  weights = "v.safetensors"\n}'),
    files: {
      "blip.lock":
        '{ "lockVersion": 1, "backbones": [{ "name": "shapes-vit", "role": "encoder", "shape": "" }, { "name": "shapes-bert", "role": "qformer", "shape": "" }], "files": [] }',
    },
  },
  working: { text: stage1Example },
});

/** A lock file that cannot be read. */
export const lockUnreadable = defineMessage({
  code: "BLIP5203",
  slug: "lock-unreadable",
  severity: "error",
  title: ({ reason }: { reason: string }) => `blip.lock cannot be read: ${reason}`,
  explanation:
    "blip.lock is JSON that `blipc lock` writes. It is not meant to be edited; write it anew.",
  failing: { text: stage1Example, files: { "blip.lock": "{" } },
  working: { text: stage1Example },
});

/** Weights whose shapes, as locked, are not those that the pipeline asks for. */
export const lockedShapes = defineMessage({
  code: "BLIP5204",
  slug: "locked-shapes",
  severity: "error",
  title: ({ path, module }: { path: string; module: string }) =>
    `the weights in "${path}" do not fit \`${module}\``,
  explanation:
    "blip.lock holds names and shapes of the tensors of every weight file, so that `blipc check --frozen-lock` finds weights that do not fit before a byte of them is read, and where the file is not at hand.",
  failing: {
    text: stage1Example.replace('"shapes-vit"', '"shapes-vit" {\n  weights = "v.safetensors"\n}'),
    files: {
      "blip.lock":
        '{ "lockVersion": 1, "backbones": [{ "name": "shapes-vit", "role": "encoder", "shape": "" }, { "name": "shapes-bert", "role": "qformer", "shape": "" }], "files": [{ "path": "v.safetensors", "kind": "weights", "size": 80, "sha256": "", "tensors": { "cls_token": "F32[1,1,32]" } }] }',
    },
  },
  working: { text: stage1Example },
});

/** Something in an assert that has no value. */
export const notAssertable = defineMessage({
  code: "BLIP5301",
  slug: "not-assertable",
  severity: "error",
  title: ({ value }: { value: string }) => `${value} cannot stand in an assert`,
  explanation:
    "Asserts compare numbers, strings and shapes: params, `params(trainable)`, `params(bridge)`, `memory(stage)` in bytes, `flops(stage)` and `.shape` of a module.",
  failing: { text: `${stage1Example}\ntest "sizes" {\n  assert vision.patches == 4\n}\n` },
  working: {
    text: `${stage1Example}\ntest "sizes" {\n  assert vision.patches.shape == [B, 10, 64]\n}\n`,
  },
});

/** An assert that does not hold. */
export const assertFails = defineMessage({
  code: "BLIP5302",
  slug: "assert-fails",
  severity: "error",
  title: ({ test, message }: { test: string; message: string }) =>
    `${test === "" ? "" : `test "${test}": `}${message}`,
  explanation:
    "`blipc test` works out both sides of every assert from the plan, without a device. The frame shows them.",
  failing: { text: `${stage1Example}\ntest "small" {\n  assert params(trainable) < 1000\n}\n` },
  working: { text: `${stage1Example}\ntest "small" {\n  assert params(trainable) < 10e6\n}\n` },
});

/** Codes BLIP50xx to BLIP53xx, in order. */
export const stageMessages: readonly AnyMessage[] = [
  changedModule,
  notMeasured,
  stageCircle,
  notPinned,
  fileDrifted,
  lockUnreadable,
  lockedShapes,
  notAssertable,
  assertFails,
];
