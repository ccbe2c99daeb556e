/** Functions of expressions that work element by element, as functions over ops. */
import type { Builder, Operand } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";
import { gelu, relu, sigmoid, silu } from "../layers/activation.ts";

type OfOne = (b: Builder, x: Node) => Node;
type OfTwo = (b: Builder, x: Operand, y: Operand) => Node;

const abs: OfOne = (b, x) => b.max(x, b.neg(x));

/** Functions of one tensor, by their names in the language. */
export const elementFunctions = {
  exp: (b, x) => b.exp(x),
  log: (b, x) => b.log(x),
  sqrt: (b, x) => b.sqrt(x),
  square: (b, x) => b.mul(x, x),
  abs,
  tanh: (b, x) => b.tanh(x),
  erf: (b, x) => b.erf(x),
  sigmoid,
  log_sigmoid: (b, x) => b.neg(softplus(b, b.neg(x))),
  softplus,
  relu,
  gelu,
  silu,
} as const satisfies Record<string, OfOne>;

/** What joins two tensors; comparisons give 0 and 1. One of both may be a number. */
export const combinations = {
  "+": (b, x, y) => b.add(x, y),
  "-": (b, x, y) => b.sub(x, y),
  "*": (b, x, y) => b.mul(x, y),
  "/": (b, x, y) => b.div(x, y),
  maximum: (b, x, y) => b.max(x, y),
  minimum: (b, x, y) => b.neg(b.max(negative(b, x), negative(b, y))),
  "==": (b, x, y) => b.cast(b.equal(x, y), "f32"),
  "!=": (b, x, y) => b.sub(1, b.cast(b.equal(x, y), "f32")),
  "<": (b, x, y) => b.cast(b.less(x, y), "f32"),
  "<=": (b, x, y) => b.sub(1, b.cast(b.less(y, x), "f32")),
  ">": (b, x, y) => b.cast(b.less(y, x), "f32"),
  ">=": (b, x, y) => b.sub(1, b.cast(b.less(x, y), "f32")),
} as const satisfies Record<string, OfTwo>;

function negative(b: Builder, x: Operand): Operand {
  return typeof x === "number" ? -x : b.neg(x);
}

/** log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)): neither overflows nor rounds small values away. */
function softplus(b: Builder, x: Node): Node {
  return b.add(relu(b, x), logOnePlus(b, b.exp(b.neg(abs(b, x)))));
}

/**
 * log(1 + e) for e in [0, 1] = 2 artanh(e / (2 + e)), by its series: a driver's log may err by 2^-21 beside 1, which is
 * more than many of these values. Abramowitz & Stegun 4.6.22; what is left out is below 2e-9 of the value, a
 * thirtieth of what f32 rounds.
 */
function logOnePlus(b: Builder, e: Node): Node {
  const ratio = b.div(e, b.add(e, 2));
  const square = b.mul(ratio, ratio);
  let sum: Node | undefined;
  for (let power = 15; power > 1; power -= 2) {
    const term = sum === undefined ? undefined : b.mul(sum, square);
    sum =
      term === undefined
        ? b.broadcastTo(b.constant(1 / power), e.type.shape)
        : b.add(term, 1 / power);
  }
  return b.mul(b.mul(ratio, b.add(b.mul(sum!, square), 1)), 2);
}
