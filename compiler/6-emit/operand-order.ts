/** Operands of a sum or a product → the order in which a shader names them. */
import type { Expression } from "../5-schedule/expression.ts";
import { children } from "../5-schedule/realize.ts";

/** Sums and products name what depends on a value at hand first, so that more kernels share their text. */
export function inOrder({
  node,
  operands,
}: Expression & { kind: "scalar" }): readonly Expression[] {
  const [first, second] = operands;
  const isCommutative = node.op === "add" || node.op === "mul";
  return isCommutative && holdsLocal(second!) && !holdsLocal(first!) ? [second!, first!] : operands;
}

const localHolders = new WeakMap<Expression, boolean>();

function holdsLocal(expression: Expression): boolean {
  const known = localHolders.get(expression);
  if (known !== undefined) return known;
  const holds = expression.kind === "local" || children(expression).some(holdsLocal);
  localHolders.set(expression, holds);
  return holds;
}
