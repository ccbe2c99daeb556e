/** Who may see whom: masks for attention, made of coordinates and padding masks. */
import type { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";

/** bool [rows, columns]: row i sees column j when j ≤ i + `ahead`. */
export function causal(b: Builder, rows: number, columns: number, ahead = 0): Node {
  const row = b.iota([rows, columns], 0);
  const column = b.iota([rows, columns], 1);
  return b.less(column, b.add(row, ahead + 1));
}

/** `mask` i32 [batch, keys] of 0 and 1 → bool [batch, 1, 1, keys]. */
export function keyMask(b: Builder, mask: Node): Node {
  const [batch, keys] = mask.type.shape as [number, number];
  return b.less(0, b.reshape(mask, [batch, 1, 1, keys]));
}

/** Both hold; the shapes broadcast. */
export function both(b: Builder, first: Node, second: Node): Node {
  return b.less(0, b.mul(b.cast(first, "i32"), b.cast(second, "i32")));
}

/** 0 where `visible` holds and -10000 elsewhere, to be added to scores, as BERT does. */
export function maskBias(b: Builder, visible: Node): Node {
  return b.mul(b.sub(1, b.cast(visible, "f32")), -10000);
}

/** i32 ones. */
export function onesMask(b: Builder, batch: number, tokens: number): Node {
  return b.constant(1, [batch, tokens], "i32");
}
