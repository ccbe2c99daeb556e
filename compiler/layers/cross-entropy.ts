/** Cross entropy of rows of logits against classes or against shares. */
import type { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";
import { logSoftmax, shifted } from "./softmax.ts";

/** The target that leaves its row out. */
export const ignored = -100;

export interface CrossEntropyOptions {
  /** Share of the target that is spread evenly over all classes. Szegedy et al. 2016, arXiv:1512.00567. */
  readonly smoothing?: number;
  /** `mean` over the rows that are not ignored (default), or one loss a row. */
  readonly reduction?: "mean" | "none";
}

/**
 * `logits` [rows, classes], `targets` i32[rows] with -100 for rows that do not count → scalar, or [rows].
 * With no row that counts the mean is 0.
 */
export function crossEntropy(
  b: Builder,
  logits: Node,
  targets: Node,
  options: CrossEntropyOptions = {},
): Node {
  const { smoothing = 0, reduction = "mean" } = options;
  const [rows, classes] = logits.type.shape as [number, number];
  const lowered = shifted(b, logits);
  const total = b.log(b.sum(b.exp(lowered), [-1]));
  const isTarget = b.equal(b.iota([rows, classes], 1), b.reshape(targets, [rows, 1]));
  const picked = b.sum(b.select(isTarget, lowered, 0), [-1]);
  const target =
    smoothing === 0
      ? picked
      : b.add(b.mul(picked, 1 - smoothing), b.mul(b.mean(lowered, [-1]), smoothing));
  const isIgnored = b.equal(targets, ignored);
  const losses = b.select(isIgnored, b.constant(0), b.sub(total, target));
  if (reduction === "none") return losses;
  const count = b.sum(b.sub(1, b.cast(isIgnored, "f32")), [0]);
  return b.div(b.sum(losses, [0]), b.max(count, 1));
}

/** `logits` and `targets` [rows, classes], targets being shares → mean over rows. */
export function softCrossEntropy(b: Builder, logits: Node, targets: Node): Node {
  return b.neg(b.mean(b.sum(b.mul(logSoftmax(b, logits), targets), [-1]), [0]));
}
