/** `std/NAME.blip`: what ships with the compiler, written in the language itself. */
import { createSource, type Source } from "../../grammar/source.ts";

const texts: Readonly<Record<string, string>> = {
  "std/augmentations.blip": `blip 1

/// Pixels a side: \`--set aug.size=384\` where the file is imported as \`aug\`.
param size: int = 224

/// BLIP-2's pictures in training: a part of at least half of the picture, mirrored every second time.
let train = random_resized_crop(size, scale: [0.5, 1.0]) -> random_flip -> normalize("clip")

/// The whole picture, for measuring.
let evaluate = resize(size) -> normalize("clip")
`,
  "std/datasets.blip": `blip 1

/// COCO captions as LAVIS lists them after Karpathy's split; paths are relative to the file that imports this one.
data coco_captions = captions("coco_karpathy_train.json") {
  root = "images"
  batch = 64
}

/// Five captions a picture, 5,000 pictures.
data coco_captions_val = captions("coco_karpathy_val.json") {
  root = "images"
  batch = 64
}

/// Five captions a picture, 5,000 pictures.
data coco_captions_test = captions("coco_karpathy_test.json") {
  root = "images"
  batch = 64
}
`,
  "std/blip2.blip": `blip 1

/// Hyper-parameters of BLIP-2's pre-training (arXiv:2301.12597, section 4).
let lr = 1e-4
let betas = [0.9, 0.98]
let weight_decay = 0.05

/// Stage 1: 250,000 steps; warm-up as in LAVIS's configuration.
let stage1_train = 250_000 steps
let stage1_warmup = 5_000 steps
let stage1_min_lr = 1e-5

/// Stage 2: 80,000 steps.
let stage2_train = 80_000 steps
let stage2_warmup = 2_000 steps
let stage2_min_lr = 5e-5
`,
};

const sources = new Map<string, Source>();

/** The file of the library; undefined when it has none of this name. Equal names give equal sources. */
export function standardSource(path: string): Source | undefined {
  const text = texts[path];
  if (text === undefined) return undefined;
  const source = sources.get(path) ?? createSource(path, text);
  sources.set(path, source);
  return source;
}

/** Names of the files of the library. */
export const standardFiles: readonly string[] = Object.keys(texts);

/** The file that paths in `name` are relative to: in the library, the pipeline that imports it. */
export function pathBase(name: string, pipeline: string): string {
  return name in texts ? pipeline : name;
}
