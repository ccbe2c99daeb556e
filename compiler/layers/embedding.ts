/** Rows of a learned table, and images cut into patches. */
import type { Node } from "../ir/node.ts";
import { affine, fresh, type LinearOptions } from "./linear.ts";
import type { Scope } from "./scope.ts";

/** `ids` i32[...] → [..., width]; parameter `weight` [rows, width]. */
export function embedding(s: Scope, ids: Node, rows: number, width: number, std = 0.02): Node {
  const table = s.parameter("weight", [rows, width], { kind: "normal", std });
  return s.within(() => s.b.gather(table, ids));
}

/**
 * `pixels` [batch, channels, height, width] → [batch, patches, out], patches row by row.
 * A convolution with stride equal to its size; parameters `weight` [out, channels, patch, patch] and `bias` [out].
 */
export function patchEmbedding(
  s: Scope,
  pixels: Node,
  patch: number,
  out: number,
  options: LinearOptions = {},
): Node {
  const [batch, channels, height, width] = pixels.type.shape as [number, number, number, number];
  const rows = height / patch;
  const columns = width / patch;
  const depth = channels * patch * patch;
  const { bias = true, std } = options;
  const init = fresh(depth, std);
  const weight = s.parameter("weight", [out, channels, patch, patch], init.weight);
  const offset = bias ? s.parameter("bias", [out], init.bias) : undefined;
  return s.within(() => {
    const { b } = s;
    const cut = b.reshape(pixels, [batch, channels, rows, patch, columns, patch]);
    const patches = b.transpose(cut, [0, 2, 4, 1, 3, 5]); // [batch, rows, columns, channels, patch, patch]
    const flat = b.reshape(patches, [batch, rows * columns, depth]);
    return affine(s, flat, b.reshape(weight, [out, depth]), offset);
  });
}
