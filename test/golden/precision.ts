/** In which precision golden graphs run, and how far mixed precision may be from the reference: one table, with reasons. */
import type { TrainingGraph } from "../../compiler/3-differentiate/training-graph.ts";
import { mixedPrecision } from "../../compiler/4-optimize/mixed-precision.ts";
import type { Builder } from "../../compiler/ir/builder.ts";
import { type Node, reachable } from "../../compiler/ir/node.ts";

/** `GOLDEN_PRECISION=mixed` rounds the operands of products to f16. */
export function isMixed(): boolean {
  return process.env["GOLDEN_PRECISION"] === "mixed";
}

/** The graph in the precision of the run. */
export function inPrecision(graph: TrainingGraph, b: Builder | undefined): TrainingGraph {
  return isMixed() && b !== undefined ? mixedPrecision(graph, b) : graph;
}

/** What losses are multiplied by before gradients are taken in mixed precision: within f16 for all cases. */
export const lossScale = 2 ** 10;

/**
 * Kinds whose folders are compared in mixed precision; the others hold no product of a model, or ids that follow from
 * comparisons.
 */
export const mixedKinds: readonly string[] = [
  "vit-eva",
  "vit-clip",
  "qformer-stage1",
  "stage2-opt",
];

interface MixedBound {
  /** Keys of a case; the first rule that fits counts. */
  readonly keys: RegExp;
  /** Factor of 2^-10 √n max|reference|, n being the most products behind one another; `sharpness` is 1 / temperature. */
  readonly factor: (sharpness: number) => number;
  readonly reason: string;
}

/**
 * f16 holds eleven bits, so rounding both operands changes a product by 2 x 2^-11 of its size at most, and n products
 * behind one another by √n times that, since their roundings know nothing of each other.
 */
export const mixedBounds: readonly MixedBound[] = [
  {
    keys: /^grad_(itc|total)\//,
    factor: (sharpness) => 2 * sharpness,
    reason:
      "as other gradients; similarities are divided by the temperature, and with them their roundings",
  },
  {
    keys: /^grad/,
    factor: () => 2,
    reason:
      "both factors of the chain rule are rounded: what flows back, and the place where derivatives are taken",
  },
  {
    keys: /\/(weights_(t2i|i2t)|loss_itc)$/,
    factor: (sharpness) => sharpness,
    reason: "similarities are divided by the temperature, and with them their roundings",
  },
  { keys: /./, factor: () => 1, reason: "states, logits, losses, traces of losses" },
];

/** Of parameters after `steps` AdamW steps. */
export function mixedStepBound(learningRate: number, steps: number): number {
  // A gradient smaller than its rounding may have either sign, and AdamW divides it by its own size.
  return 2.1 * learningRate * steps;
}

/** Why words are not compared. */
export const wordsLeftOut =
  "words follow from comparisons of scores that lie closer together than halves can tell";

/** Most products behind one another on a way to each output. */
export function chainLengths(outputs: ReadonlyMap<string, Node>): ReadonlyMap<string, number> {
  const lengths = new Map<Node, number>();
  for (const node of reachable(outputs.values())) {
    const before = Math.max(0, ...(node.inputs as readonly Node[]).map((x) => lengths.get(x)!));
    lengths.set(node, before + (node.op === "matmul" ? 1 : 0));
  }
  return new Map([...outputs].map(([name, node]) => [name, lengths.get(node)!]));
}
