/** One step of captioning by the Q-Former alone: words so far → logits of the next. */
import {
  captionLogits,
  captionPass,
  type ImageMemory,
  type QformerConfig,
  queryPass,
} from "../backbones/qformer.ts";
import type { Node } from "../ir/node.ts";
import type { KeysValues } from "../layers/attention.ts";
import { onesMask } from "../layers/mask.ts";
import type { Scope } from "../layers/scope.ts";
import { rowAt } from "./row-at.ts";

/** What a picture gives to every step, by the name of the step's input: `past.{layer}.keys` and `.values`. */
export function captionMemory(
  s: Scope,
  image: ImageMemory,
  c: QformerConfig,
): ReadonlyMap<string, Node> {
  const pairs = queryPass(s, image, c).keysValues;
  return new Map(
    pairs.flatMap(({ keys, values }, i): [string, Node][] => [
      [`past.${i}.keys`, keys],
      [`past.${i}.values`, values],
    ]),
  );
}

/**
 * `ids` i32 [rows, columns] with [DEC] first, of which the first `position` + 1 (i32[1]) are written → logits [rows, vocabulary].
 * Reads the inputs of `captionMemory`, with `rows` in place of its batch.
 */
export function captionStep(s: Scope, ids: Node, position: Node, c: QformerConfig): Node {
  const [rows, columns] = ids.type.shape as [number, number];
  const { b } = s;
  const shape = [rows, c.heads, c.queries, c.width / c.heads];
  const past = Array.from(
    { length: c.layers },
    (_, i): KeysValues => ({
      keys: b.input(`past.${i}.keys`, shape),
      values: b.input(`past.${i}.values`, shape),
    }),
  );
  const { hidden } = captionPass(s, ids, onesMask(b, rows, columns), past, c);
  return captionLogits(s, rowAt(b, hidden, position), c);
}
