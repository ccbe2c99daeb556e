/** Zeroes a share of the elements and scales the rest. Srivastava et al. 2014. */
import type { Node } from "../ir/node.ts";
import type { Scope } from "./scope.ts";

/** Absent at rate 0 and in trees that drop nothing. `rate` is the share that is zeroed. */
export function dropout(s: Scope, x: Node, rate: number): Node {
  if (rate === 0 || !s.drops) return x;
  const kept = s.b.less(s.random(x.type.shape), 1 - rate);
  return s.b.select(kept, s.b.mul(x, 1 / (1 - rate)), 0);
}
