/** The 32 faults of the gallery: the pipelines of language.md section 1, each with one thing changed. */
import { readFileSync } from "node:fs";
import type { Example } from "../../../../grammar/message.ts";

/** A fault: the file that is checked is `main`, under the name that the gallery shows. */
export interface GalleryExample {
  readonly number: number;
  readonly main: string;
  readonly files: Readonly<Record<string, string>>;
  readonly set?: readonly string[];
  readonly device?: Example["device"];
  /** Where our frame differs from the one in the gallery: the fact that is different. */
  readonly differs?: string;
}

const example = (name: string) =>
  readFileSync(new URL(`../../../grammar/examples/${name}.blip`, import.meta.url), "utf8");
const stage1 = example("stage1");
const stage2 = example("stage2");
const vitL = example("vit_l");
const standard = `blip 1
data coco_captions = captions("coco_karpathy_train.json") {
  root = "images"
  batch = 64
}
`;

/** What the standard library would declare; the name that the example imports. */
const library = { "std/datasets.blip": standard };

type Change = readonly [from: string, to: string];

function changed(text: string, changes: readonly Change[]): string {
  let now = text;
  for (const [from, to] of changes) {
    if (!now.includes(from)) throw new Error(`the example has no ${from}`);
    now = now.replace(from, to);
  }
  return now;
}

interface More {
  readonly set?: readonly string[];
  readonly device?: Example["device"];
  readonly differs?: string;
  readonly lock?: string;
  readonly stage1?: readonly Change[];
}

function one(number: number, changes: readonly Change[], more: More = {}): GalleryExample {
  const { lock, stage1: _, ...rest } = more;
  const files = {
    ...library,
    "stage1.blip": changed(stage1, changes),
    "stage2.blip": stage2,
  };
  return { number, main: "stage1.blip", files: withLock(files, lock), ...rest };
}

function two(number: number, changes: readonly Change[], more: More = {}): GalleryExample {
  const { lock, stage1: first, ...rest } = more;
  const files = {
    ...library,
    "stage1.blip": changed(stage1, first ?? []),
    "stage2.blip": changed(stage2, changes),
  };
  return { number, main: "stage2.blip", files: withLock(files, lock), ...rest };
}

function swapped(number: number, changes: readonly Change[], more: More = {}): GalleryExample {
  const { lock, stage1: _, ...rest } = more;
  const files = { ...library, "stage1.blip": stage1, "vit_l.blip": changed(vitL, changes) };
  return { number, main: "vit_l.blip", files: withLock(files, lock), ...rest };
}

function withLock(
  files: Readonly<Record<string, string>>,
  lock: string | undefined,
): Readonly<Record<string, string>> {
  return lock === undefined ? files : { ...files, "blip.lock": lock };
}

/** The lock of stage 1: everything but the other tower. */
const firstLock = JSON.stringify({
  lockVersion: 1,
  backbones: [
    { name: "eva-clip-g/14", role: "encoder", shape: "" },
    { name: "bert-base-uncased", role: "qformer", shape: "" },
  ],
  files: [
    { path: "bert-base-uncased", kind: "tokenizer", size: 1, sha256: "" },
    { path: "coco_karpathy_train.json", kind: "data", size: 1, sha256: "" },
    { path: "stage1.blip", kind: "import", size: 1, sha256: "" },
  ],
});

/** In order of number. */
export const galleryExamples: readonly GalleryExample[] = [
  one(1, [['"eva-clip-g/14"', '"eva-clip-g14"']], {
    differs: "the registry holds shapes-vit and no SigLIP",
  }),
  one(2, [['"eva-clip-g/14"', '"facebook/opt-2.7b"']]),
  one(3, [["dtype = f16", "dtpye = f16"]], {
    differs: "an encoder has the settings cache, init and weights too",
  }),
  one(4, [["  negatives =", "  temperature = learned(0.07)\n  negatives ="]]),
  one(5, [["dtype = f16", "dtype f16"]]),
  one(6, [["image_size, 3]", "image_size, 3"]]),
  one(7, [["  init = normal(std: 0.02)\n}\n", ""]]),
  two(8, [["trainable qformer", "qformer"]]),
  swapped(9, [["pretrain.optimizer.lr = 2e-4", "pretrain.from = base.pretrain.best"]], {
    differs: "activations are f32, and the norm of the patches belongs to the Q-Former here",
  }),
  one(10, [
    ["width = 768", "width = 512"],
    ["caption]  // shared self-attention", "caption]"],
  ]),
  one(11, [
    ["self = [q, caption]  // shared self-attention\n", "heads = 10\n  self = [q, caption]\n"],
  ]),
  one(12, [], { set: ["image_size=230"] }),
  one(13, [["train = 250_000 steps", "train = 10"]], {
    differs: "how many records an annotation file holds is not in the pipeline",
  }),
  one(14, [["32 tokens", "32 px"]]),
  one(15, [
    ["250_000 steps", "2_000 steps"],
    ["warmup = 5_000 steps, min_lr = 1e-5", "warmup = 5_000 steps"],
  ]),
  two(16, [
    ["trainable queries", "frozen queries"],
    ["trainable qformer", "frozen qformer"],
    ["trainable adapter", "frozen adapter"],
  ]),
  one(17, [
    [
      "lr = 1e-4, betas = [0.9, 0.98], weight_decay = 0.05",
      "lr = 1e-4, lr_for = [rate(vision, 1e-6)]",
    ],
  ]),
  one(18, [
    ["image = bridge(q)", "image = bridge(caption)"],
    ["pair = bridge(q, caption)", "pair = bridge(caption)"],
    ["given = bridge(q)", "given = bridge(caption)"],
    ["bridge(caption)  // mask: uni-modal", "bridge(caption)"],
  ]),
  one(19, [["[q, caption]  // shared self-attention", "[q]"]]),
  one(20, [["predict = caption\n", "predict = caption\n  mask = bidirectional\n"]]),
  one(21, [["1.0 * itc + 1.0 * itm", "1.0 * itm"]]),
  one(22, [], {
    set: ["batch=1"],
    differs: "accumulate averages micro-batches and does not gather them",
  }),
  two(23, [["predict = prompt", "predict = s1.caption"]]),
  one(24, [
    ['"std/datasets.blip" as ds', '"./stage2.blip" as s2'],
    [
      stage1.slice(stage1.indexOf("data pairs"), stage1.indexOf("\nstage pretrain")),
      'data pairs = captions("coco.json") { batch = batch }\n\nlet words = s2.prompt\n\n',
    ],
  ]),
  two(25, [["s1.bridge", "s1.brige"]]),
  one(26, [], { set: ["pretrain.optimiser.lr=2e-4"] }),
  two(27, [["drop = [s1.caption]  // no text branch in stage 2", "every = 4"]], {
    stage1: [["every = 2  // cross-attend every 2nd layer", "every = 2"]],
  }),
  swapped(28, [], {
    lock: firstLock,
    differs: "nothing is downloaded, and the program is called blipc",
  }),
  two(29, [], { differs: "the program is called blipc" }),
  two(30, [
    ["frozen lm", "trainable lm"],
    ["dtype = f16", "dropout = 0.1"],
    ["  prefix = to_lm\n", ""],
  ]),
  one(31, [["batch: int = 64", "batch: int = 256"]], {
    device: { memory: "24 GiB" },
    differs: "sizes are those of this compiler, and there is no checkpointing of activations",
  }),
  one(32, [["dtype = f16", "dtype = bf16"]], {
    differs: "f16 weights are unpacked by the shaders and need no feature; bf16 does not exist",
  }),
];
