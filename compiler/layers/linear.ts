/** Affine map of the last axis, as one matrix product over all rows. */
import type { Node } from "../ir/node.ts";
import type { Init } from "../ir/signatures.ts";
import type { Scope } from "./scope.ts";

export interface LinearOptions {
  /** Default true. */
  readonly bias?: boolean;
  /** Initial standard deviation of the weight, biases zero; without it both are uniform ±1/√in. */
  readonly std?: number | undefined;
}

/** `x` [..., in] → [..., out]; parameters `weight` [out, in] and `bias` [out]. */
export function linear(s: Scope, x: Node, out: number, options: LinearOptions = {}): Node {
  const width = x.type.shape.at(-1)!;
  const { std, bias = true } = options;
  const init = fresh(width, std);
  const weight = s.parameter("weight", [out, width], init.weight);
  const offset = bias ? s.parameter("bias", [out], init.bias) : undefined;
  return affine(s, x, weight, offset);
}

/** How weight and bias of a map from `width` values start: see `LinearOptions.std`. */
export function fresh(width: number, std?: number): { readonly weight: Init; readonly bias: Init } {
  if (std !== undefined) return { weight: { kind: "normal", std }, bias: { kind: "zeros" } };
  const plain: Init = { kind: "uniform", bound: 1 / Math.sqrt(width) };
  return { weight: plain, bias: plain };
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
