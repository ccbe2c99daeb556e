/** What is computed again -> what a plan says of it, by layer. */
import type { Node } from "../ir/node.ts";
import { operationsOf } from "../ir/operations.ts";
import { storageBytes } from "../ir/tensor-type.ts";
import type { Choice } from "./choose.ts";

/** What a step computes a second time to take less memory. */
export interface Recomputation {
  /** Device bytes that the step takes less. */
  readonly saved: number;
  /** Operations a run of the step program: products, and one for each element of anything else. */
  readonly operations: number;
  /** Tensors that are forgotten and computed again. */
  readonly tensors: number;
  readonly layers: readonly RecomputedLayer[];
}

/** Part of a recomputation, by the path of what made its nodes. */
export interface RecomputedLayer {
  readonly path: string;
  readonly tensors: number;
  /** Bytes of those tensors. */
  readonly bytes: number;
  readonly operations: number;
}

/** Layers in order of appearance. */
export function recomputation({ from, again }: Choice, saved: number): Recomputation {
  const layers = new Map<string, { tensors: number; bytes: number; operations: number }>();
  let operations = 0;
  for (const node of [...again].sort((x, y) => x.id - y.id)) {
    const path = layerOf(node);
    const sums = layers.get(path) ?? { tensors: 0, bytes: 0, operations: 0 };
    const own = operationsOf(node);
    operations += own;
    sums.operations += own;
    if (from.has(node)) {
      sums.tensors += 1;
      sums.bytes += storageBytes(node.type);
    }
    layers.set(path, sums);
  }
  return {
    saved,
    operations,
    tensors: from.size,
    layers: [...layers].map(([path, sums]) => ({ path, ...sums })),
  };
}

/** The path down to its last number, `Qformer.bert.encoder.layer.3`; without one, down to its second name. */
function layerOf(node: Node): string {
  const parts = node.origin.path.replaceAll("'", "").split(".");
  const last = parts.findLastIndex((part) => /^\d+$/.test(part));
  return parts.slice(0, last < 0 ? 2 : last + 1).join(".");
}
