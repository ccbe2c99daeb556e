/** Takes the row of one position out of every sequence. */
import type { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";

/** `x` [batch, tokens, width], `position` i32[1] → [batch, width]. */
export function rowAt(b: Builder, x: Node, position: Node): Node {
  const [batch, , width] = x.type.shape as [number, number, number];
  return b.reshape(b.gather(b.transpose(x, [1, 0, 2]), position), [batch, width]);
}
