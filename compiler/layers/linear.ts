/** Affine map of the last axis, as one matrix product over all rows. */
import type { Node } from "../ir/node.ts";
import type { Init } from "../ir/signatures.ts";
import type { Scope } from "./scope.ts";

export interface LinearOptions {
  /** Default true. */
  readonly bias?: boolean;
  /** Initial standard deviation of the weight, biases zero; without it both are uniform ±1/√in. */
  readonly std?: number;
}

/** `x` [..., in] → [..., out]; parameters `weight` [out, in] and `bias` [out]. */
export function linear(s: Scope, x: Node, out: number, options: LinearOptions = {}): Node {
  const width = x.type.shape.at(-1)!;
  const plain: Init = { kind: "uniform", bound: 1 / Math.sqrt(width) };
  const { std, bias = true } = options;
  const weight = s.parameter(
    "weight",
    [out, width],
    std === undefined ? plain : { kind: "normal", std },
  );
  const offset = bias
    ? s.parameter("bias", [out], std === undefined ? plain : { kind: "zeros" })
    : undefined;
  return affine(s, x, weight, offset);
}

/** `x` [..., in], `weight` [out, in], `bias` [out] → [..., out]. */
export function affine(s: Scope, x: Node, weight: Node, bias?: Node): Node {
  return s.within(() => {
    const { b } = s;
    const shape = x.type.shape;
    const product = b.matmul(b.reshape(x, [-1, shape.at(-1)!]), b.swap(weight));
    const shifted = bias === undefined ? product : b.add(product, bias);
    return b.reshape(shifted, [...shape.slice(0, -1), weight.type.shape[0]!]);
  });
}
