/** What is measured: one workload a row of the table, the same for every column. */

/** Layout of the operands of a product: `T` says that the operand is stored the other way round. */
export type Form = "NN" | "NT" | "TN";

/** `batch` products of [rows, depth] and [depth, columns]. */
export interface Product {
  readonly kind: "product";
  readonly name: string;
  readonly batch: number;
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  readonly form: Form;
  /** The second operand is stored as f16; ours alone. */
  readonly isHalf: boolean;
}

/** A pre-LN encoder block on [batch, tokens, width]; `trains` adds backward and AdamW. */
export interface Block {
  readonly kind: "block";
  readonly name: string;
  readonly batch: number;
  readonly tokens: number;
  readonly width: number;
  readonly heads: number;
  readonly mlpWidth: number;
  readonly trains: boolean;
}

/** One pass over memory. `rows` x `width`; AdamW has one row. */
export interface Pass {
  readonly kind: "pass";
  readonly name: string;
  readonly pass: "layer-norm" | "softmax" | "cross-entropy" | "adamw" | "sum";
  readonly rows: number;
  readonly width: number;
}

/** A training step of a pipeline beside this file. */
export interface Stage {
  readonly kind: "stage";
  readonly name: string;
  /** 1 or 2. */
  readonly stage: 1 | 2;
  readonly batch: number;
  readonly words: number;
  readonly queries: number;
  readonly layers: number;
  /** Blocks of the vision tower in use. */
  readonly towerLayers: number;
}

export type StageSizes = Omit<Stage, "kind" | "name" | "stage">;

/** Attention of given queries, keys and values, [batch, heads, rows, head width]; `trains` adds the gradients of all three. */
export interface Attention {
  readonly kind: "attention";
  readonly name: string;
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly headWidth: number;
  readonly isCausal: boolean;
  readonly trains: boolean;
}

export type Workload = Product | Block | Pass | Attention | Stage;

/** Floating-point operations (a multiply-add is two) of the products in a workload; 0 where it has none or the compiler counts. */
export function flopOf(work: Workload): number {
  switch (work.kind) {
    case "product":
      return 2 * work.batch * work.rows * work.depth * work.columns;
    case "pass":
    case "stage":
      return 0;
    case "attention":
      return (
        (work.trains ? 12 : 4) * work.batch * work.heads * work.queries * work.keys * work.headWidth
      );
    case "block": {
      const { batch, tokens, width, mlpWidth, trains } = work;
      const rows = batch * tokens;
      const projections = 2 * rows * width * (4 * width + 2 * mlpWidth);
      const attention = 4 * batch * tokens * tokens * width;
      const forward = projections + attention;
      // Nothing needs the gradient of the block's input, so the first projection has none to its left.
      return trains ? 3 * forward - 2 * rows * width * 3 * width : forward;
    }
  }
}

/** Bytes that a workload must read and write at least; only for those bound by memory. */
export function bytesOf(work: Workload): number | undefined {
  if (work.kind !== "pass") return undefined;
  const elements = work.rows * work.width;
  switch (work.pass) {
    case "layer-norm":
    case "softmax":
      return 8 * elements;
    case "cross-entropy":
      return 4 * elements;
    case "adamw":
      return 28 * elements;
    case "sum":
      return 12 * elements;
  }
}

export function product(
  form: Form,
  rows: number,
  depth: number,
  columns: number,
  about = "",
  { batch = 1, isHalf = false } = {},
): Product {
  const times = batch === 1 ? "" : `${batch} of `;
  const stored = isHalf ? ", f16 weights" : "";
  const name = `${times}${rows}x${depth}x${columns} ${form}${stored}${about === "" ? "" : `, ${about}`}`;
  return { kind: "product", name, batch, rows, depth, columns, form, isHalf };
}

export function pass(kind: Pass["pass"], rows: number, width: number): Pass {
  const size = rows === 1 ? `of ${width}` : `${rows}x${width}`;
  return { kind: "pass", name: `${passNames[kind]} ${size}`, pass: kind, rows, width };
}

const passNames = {
  "layer-norm": "LayerNorm",
  softmax: "softmax",
  "cross-entropy": "cross-entropy",
  adamw: "AdamW",
  sum: "sum of two",
} as const;

/** A block of ViT-B on pictures of 224 pixels. */
export const encoder = { batch: 4, tokens: 197, width: 768, heads: 12, mlpWidth: 3072 };
const small = { batch: 2, tokens: 50, width: 192, heads: 3, mlpWidth: 768 };

export function block(sizes: Omit<Block, "kind" | "name" | "trains">, trains: boolean): Block {
  const { width, heads, tokens, batch } = sizes;
  const name = `block d${width} h${heads} s${tokens} b${batch}, ${trains ? "training step" : "forward"}`;
  return { kind: "block", name, ...sizes, trains };
}

/** Sizes of the middle stages: ViT-B, half a Q-Former, OPT-125m. */
export const middle = { batch: 4, words: 32, queries: 32, layers: 6, towerLayers: 11 } as const;

/** The same pipelines, a few layers of them. */
export const smallMiddle = {
  ...middle,
  batch: 2,
  words: 16,
  queries: 16,
  layers: 2,
  towerLayers: 2,
} as const;

export function stage(which: Stage["stage"], sizes: StageSizes): Stage {
  const { batch, layers, towerLayers } = sizes;
  const about = which === 1 ? "" : ", OPT-125m";
  const name = `stage-${which} step, tower of ${towerLayers}, Q-Former of ${layers}${about}, batch ${batch}`;
  return { kind: "stage", name, stage: which, ...sizes };
}

const quick: readonly Workload[] = [
  product("NN", 256, 256, 256),
  product("NT", 197, 192, 768, "forward"),
  product("TN", 768, 197, 192, "weight gradient"),
  product("NT", 197, 192, 768, "forward", { isHalf: true }),
  block(small, false),
  block(small, true),
  pass("layer-norm", 788, 768),
  pass("softmax", 2364, 197),
  pass("cross-entropy", 16, 30523),
  pass("adamw", 1, 1 << 20),
  stage(1, smallMiddle),
  stage(2, smallMiddle),
];

const full: readonly Workload[] = [
  product("NN", 512, 512, 512),
  product("NN", 1024, 1024, 1024),
  product("NT", 1024, 1024, 1024, "", { isHalf: true }),
  product("NN", 2048, 2048, 2048),
  product("NT", 257, 1408, 6144, "ViT-g, forward"),
  product("NT", 257, 6144, 1408, "ViT-g, forward"),
  product("NN", 257, 6144, 1408, "ViT-g, input gradient"),
  product("NT", 257, 1408, 6144, "ViT-g, forward", { isHalf: true }),
  product("NT", 256, 768, 3072, "Q-Former of 8, forward"),
  product("NN", 256, 3072, 768, "Q-Former of 8, input gradient"),
  product("TN", 3072, 256, 768, "Q-Former of 8, weight gradient"),
  product("NT", 128, 768, 30523, "Q-Former, logits"),
  block(encoder, false),
  block(encoder, true),
  pass("layer-norm", 6304, 768),
  pass("softmax", 37824, 197),
  pass("cross-entropy", 128, 30523),
  pass("adamw", 1, 7 << 20),
  pass("sum", 1, 4 << 20),
  stage(1, middle),
  stage(2, middle),
];

/** The rows of the table, in order; the quick ones are small enough to try the bench itself. */
export function workloads(isQuick: boolean): readonly Workload[] {
  return isQuick ? quick : full;
}
