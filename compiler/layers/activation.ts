/** Nonlinear functions, element by element. */
import type { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";

/** x Φ(x) by the error function. Hendrycks & Gimpel 2016, arXiv:1606.08415. */
export function gelu(b: Builder, x: Node): Node {
  return b.mul(b.mul(x, 0.5), b.add(b.erf(b.mul(x, Math.SQRT1_2)), 1));
}

/** The tanh approximation of `gelu`. */
export function geluTanh(b: Builder, x: Node): Node {
  const cubic = b.mul(b.mul(x, x), b.mul(x, 0.044715));
  const inner = b.mul(b.add(x, cubic), Math.sqrt(2 / Math.PI));
  return b.mul(b.mul(x, 0.5), b.add(b.tanh(inner), 1));
}

/** x σ(1.702 x), as CLIP has it. */
export function quickGelu(b: Builder, x: Node): Node {
  return b.mul(x, sigmoid(b, b.mul(x, 1.702)));
}

/** max(x, 0). */
export function relu(b: Builder, x: Node): Node {
  return b.max(x, 0);
}

/** x σ(x). */
export function silu(b: Builder, x: Node): Node {
  return b.mul(x, sigmoid(b, x));
}

/** σ(x), by tanh, which does not overflow. */
export function sigmoid(b: Builder, x: Node): Node {
  return b.mul(b.add(b.tanh(b.mul(x, 0.5)), 1), 0.5);
}

/** Activations by the name that configs use. */
export const activations = { gelu, geluTanh, quickGelu, relu, silu } as const;
export type ActivationName = keyof typeof activations;
