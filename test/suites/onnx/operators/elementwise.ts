/** ONNX operators that go element by element. */
import type { Builder } from "../../../../compiler/ir/builder.ts";
import type { Node } from "../../../../compiler/ir/node.ts";
import { gelu, geluTanh, relu, sigmoid } from "../../../../compiler/layers/activation.ts";
import type { Call, Operator } from "../call.ts";
import { and, minimum, not, or } from "./helpers.ts";

type Two = (b: Builder, x: Node, y: Node) => Node;

const one =
  (make: (b: Builder, x: Node) => Node): Operator =>
  (call) => [make(call.b, call.input(0))];

const two =
  (make: Two): Operator =>
  (call) => [make(call.b, call.input(0), call.input(1))];

const many =
  (make: Two): Operator =>
  (call) => [call.all().reduce((x, y) => make(call.b, x, y))];

const orEqual: Two = (b, x, y) => or(b, b.less(x, y), b.equal(x, y));

/** Greatest finite f32: what lies beyond is infinite. */
const greatest = 3.4028234663852886e38;

function isInfinite(call: Call): Node[] {
  const { b } = call;
  const x = call.input(0);
  const sides = [
    ...(call.integer("detect_positive", 1) === 1 ? [b.less(greatest, x)] : []),
    ...(call.integer("detect_negative", 1) === 1 ? [b.less(x, -greatest)] : []),
  ];
  return [sides.reduce((first, second) => or(b, first, second))];
}

/** |x|^y by exp and log; the sign from the parity of y, which must be whole where x is below zero. */
function pow(call: Call): Node[] {
  const { b } = call;
  const x = call.input(0);
  const y = call.input(1);
  const [base, exponent] = [b.cast(x, "f32"), b.cast(y, "f32")];
  const size = b.exp(b.mul(exponent, b.log(b.max(base, b.neg(base)))));
  const whole = b.cast(y, "i32");
  const odd = not(b, b.equal(whole, b.mul(b.div(whole, 2), 2)));
  const power = b.select(and(b, b.less(base, 0), odd), b.neg(size), size);
  if (x.type.dtype === "f32") return [power];
  // Whole powers of whole numbers: to the nearest.
  return [
    b.cast(b.add(power, b.select(b.less(power, 0), b.constant(-0.5), b.constant(0.5))), "i32"),
  ];
}

function clip(call: Call): Node[] {
  const { b } = call;
  const low = call.optional(1);
  const high = call.optional(2);
  let x = call.input(0);
  if (low !== undefined) x = b.max(x, low);
  if (high !== undefined) x = minimum(b, x, high);
  return [x];
}

function geluOf(call: Call): Node[] {
  const approximate = call.text("approximate", "none");
  return [(approximate === "tanh" ? geluTanh : gelu)(call.b, call.input(0))];
}

export const elementwise: Readonly<Record<string, Operator>> = {
  Abs: one((b, x) => b.max(x, b.neg(x))),
  Add: two((b, x, y) => b.add(x, y)),
  And: two(and),
  Clip: clip,
  Div: two((b, x, y) => b.div(x, y)),
  Equal: two((b, x, y) => b.equal(x, y)),
  Erf: one((b, x) => b.erf(x)),
  Exp: one((b, x) => b.exp(x)),
  Gelu: geluOf,
  Greater: two((b, x, y) => b.less(y, x)),
  GreaterOrEqual: two((b, x, y) => orEqual(b, y, x)),
  Identity: one((_, x) => x),
  IsInf: isInfinite,
  IsNaN: one((b, x) => not(b, b.equal(x, x))),
  Less: two((b, x, y) => b.less(x, y)),
  LessOrEqual: two(orEqual),
  Log: one((b, x) => b.log(x)),
  Max: many((b, x, y) => b.max(x, y)),
  Mean: (call) => {
    const parts = call.all();
    return [
      call.b.div(
        parts.reduce((x, y) => call.b.add(x, y)),
        parts.length,
      ),
    ];
  },
  Min: many(minimum),
  Mul: two((b, x, y) => b.mul(x, y)),
  Neg: one((b, x) => b.neg(x)),
  Not: one(not),
  Or: two(or),
  Pow: pow,
  Reciprocal: one((b, x) => b.div(1, x)),
  Relu: one(relu),
  Sigmoid: one(sigmoid),
  Sqrt: one((b, x) => b.sqrt(x)),
  Sub: two((b, x, y) => b.sub(x, y)),
  Sum: many((b, x, y) => b.add(x, y)),
  Swish: (call) => {
    const x = call.input(0);
    return [call.b.mul(x, sigmoid(call.b, call.b.mul(x, call.float("alpha", 1))))];
  },
  Tanh: one((b, x) => b.tanh(x)),
  Where: (call) => [call.b.select(call.input(0), call.input(1), call.input(2))],
};
