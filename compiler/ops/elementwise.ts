/** Operations element by element: one row each, with WGSL text, the same in TypeScript, and the adjoints. */
import { invariant } from "../invariant.ts";
import type { Builder } from "../ir/builder.ts";
import type { Node, NodeOf } from "../ir/node.ts";
import type { Adjoints, OpRule } from "../ir/rule.ts";
import type { OpName } from "../ir/signatures.ts";
import { type DType, sameShape, type TensorType, typeText } from "../ir/tensor-type.ts";
import { roundHalf } from "./round-half.ts";

interface Row<K extends OpName> {
  readonly wgsl: (operands: readonly string[], node: Node, lanes: 1 | 4) => string;
  readonly value: (...operands: number[]) => number;
  readonly adjoints: ((node: NodeOf<K>, adjoint: Node, b: Builder) => Adjoints<K>) | null;
  /** Operand types it takes; f32 and i32 when absent. */
  readonly takes?: readonly DType[];
  readonly type?: (inputs: readonly TensorType[], node: NodeOf<K>["attributes"]) => DType;
}

const numbers: readonly DType[] = ["f32", "i32"];
const floats: readonly DType[] = ["f32"];
const all: readonly DType[] = ["f32", "f16", "i32", "bool"];

function rule<K extends OpName>(op: K, row: Row<K>): OpRule<K> {
  const takes = row.takes ?? numbers;
  return {
    infer(inputs, attributes) {
      const types = (inputs as readonly Node[]).map((node) => node.type);
      const first = types[0]!;
      const text = () => `${op} of ${types.map(typeText).join(" and ")}`;
      invariant(
        types.every((type) => sameShape(type.shape, first.shape)),
        text,
      );
      const values = op === "select" ? types.slice(1) : types;
      const dtype = values[0]!.dtype;
      invariant(values.every((type) => type.dtype === dtype) && takes.includes(dtype), text);
      invariant(op !== "select" || first.dtype === "bool", text);
      const own = row.type?.(types, attributes) ?? dtype;
      return own === first.dtype ? first : { shape: first.shape, dtype: own };
    },
    gradient: (node, adjoint, b) => row.adjoints?.(node, adjoint, b) ?? null,
    reference(inputs, node) {
      const count = inputs[0]!.length;
      const result = new Float64Array(count);
      const operands = new Array<number>(inputs.length);
      const isInteger = node.type.dtype === "i32";
      const isBool = node.type.dtype === "bool";
      const isHalf = node.type.dtype === "f16";
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < operands.length; k++) operands[k] = inputs[k]![i]!;
        const value = row.value(...operands);
        result[i] = isInteger
          ? Math.trunc(value)
          : isBool
            ? Number(value !== 0)
            : isHalf
              ? roundHalf(value)
              : value;
      }
      return result;
    },
    lowering: { kind: "scalar", wgsl: row.wgsl },
  };
}

const wide = (lanes: 1 | 4, type: "f32" | "i32"): string => (lanes === 4 ? `vec4<${type}>` : type);

export const neg = rule("neg", {
  wgsl: ([x]) => `(-${x})`,
  value: (x) => -x,
  adjoints: (_, adjoint, b) => [b.neg(adjoint)],
});
export const exp = rule("exp", {
  takes: floats,
  wgsl: ([x]) => `exp(${x})`,
  value: Math.exp,
  adjoints: (y, adjoint, b) => [b.mul(adjoint, y as Node)],
});
export const log = rule("log", {
  takes: floats,
  wgsl: ([x]) => `log(${x})`,
  value: Math.log,
  adjoints: ({ inputs: [x] }, adjoint, b) => [b.div(adjoint, x)],
});
export const sqrt = rule("sqrt", {
  takes: floats,
  wgsl: ([x]) => `sqrt(${x})`,
  value: Math.sqrt,
  adjoints: (y, adjoint, b) => [b.div(b.mul(adjoint, 0.5), y as Node)],
});
/** The argument is held to ±15, where f32 tanh is ±1: some drivers compute it from exp. */
export const tanh = rule("tanh", {
  takes: floats,
  wgsl: ([x], _, lanes) =>
    `tanh(clamp(${x}, ${wide(lanes, "f32")}(-15.0), ${wide(lanes, "f32")}(15.0)))`,
  value: Math.tanh,
  adjoints: (y, adjoint, b) => [b.mul(adjoint, b.sub(1, b.mul(y as Node, y as Node)))],
});
/** Kernels call `erf1` or `erf4` of the emitted prelude. */
export const erf = rule("erf", {
  takes: floats,
  wgsl: ([x], _, lanes) => `erf${lanes}(${x})`,
  value: errorFunction,
  adjoints: ({ inputs: [x] }, adjoint, b) => [
    b.mul(adjoint, b.mul(b.exp(b.neg(b.mul(x, x))), 2 / Math.sqrt(Math.PI))),
  ],
});
/** To f16 it rounds to the nearest, ties to even: kernels call `half1` or `half4` of the emitted prelude. */
export const cast = rule("cast", {
  takes: all,
  wgsl: ([x], node, lanes) => {
    const from = node.inputs[0]!.type.dtype;
    const to = node.type.dtype;
    if (from === to || (from === "f16" && to === "f32")) return x!;
    if (to === "f16") return `half${lanes}(${wide(lanes, "f32")}(${x}))`;
    if (to === "bool") return `(${x} != ${wide(lanes, from === "i32" ? "i32" : "f32")}(0))`;
    return `${wide(lanes, to === "i32" ? "i32" : "f32")}(${x})`;
  },
  value: (x) => x,
  type: (_, { dtype }) => dtype,
  adjoints: ({ inputs: [x] }, adjoint, b) => [
    isFloat(x.type.dtype) ? b.cast(adjoint, x.type.dtype) : null,
  ],
});
/** By the bits: drivers may take it that no number is infinite or NaN. */
export const finite = rule("finite", {
  takes: floats,
  wgsl: ([x], _, lanes) => {
    const word = lanes === 4 ? "vec4<u32>" : "u32";
    return `((bitcast<${word}>(${x}) & ${word}(0x7f800000u)) != ${word}(0x7f800000u))`;
  },
  value: (x) => (Number.isFinite(Math.fround(x)) ? 1 : 0),
  type: () => "bool",
  adjoints: null,
});
export const stopGradient = rule("stopGradient", {
  takes: all,
  wgsl: ([x]) => x!,
  value: (x) => x,
  adjoints: null,
});
export const add = rule("add", {
  wgsl: ([x, y]) => `(${x} + ${y})`,
  value: (x, y) => x! + y!,
  adjoints: (_, adjoint) => [adjoint, adjoint],
});
export const sub = rule("sub", {
  wgsl: ([x, y]) => `(${x} - ${y})`,
  value: (x, y) => x! - y!,
  adjoints: (_, adjoint, b) => [adjoint, b.neg(adjoint)],
});
export const mul = rule("mul", {
  wgsl: ([x, y]) => `(${x} * ${y})`,
  value: (x, y) => x! * y!,
  adjoints: ({ inputs: [x, y] }, adjoint, b) => [b.mul(adjoint, y), b.mul(adjoint, x)],
});
export const div = rule("div", {
  wgsl: ([x, y]) => `(${x} / ${y})`,
  value: (x, y) => x! / y!,
  adjoints: (node, adjoint, b) => {
    const first = b.div(adjoint, node.inputs[1]);
    return [first, b.neg(b.mul(first, node as Node))];
  },
});
/** Where both are equal the adjoint goes to the second, so that relu(0) has slope 0. */
export const max = rule("max", {
  wgsl: ([x, y]) => `max(${x}, ${y})`,
  value: (x, y) => Math.max(x!, y!),
  adjoints: ({ inputs: [x, y] }, adjoint, b) => {
    const first = b.less(y, x);
    return [b.select(first, adjoint, 0), b.select(first, b.constant(0), adjoint)];
  },
});
export const less = rule("less", {
  wgsl: ([x, y]) => `(${x} < ${y})`,
  value: (x, y) => (x! < y! ? 1 : 0),
  type: () => "bool",
  adjoints: null,
});
export const equal = rule("equal", {
  takes: all,
  wgsl: ([x, y]) => `(${x} == ${y})`,
  value: (x, y) => (x === y ? 1 : 0),
  type: () => "bool",
  adjoints: null,
});
export const select = rule("select", {
  takes: all,
  wgsl: ([condition, x, y]) => `select(${y}, ${x}, ${condition})`,
  value: (condition, x, y) => (condition !== 0 ? x! : y!),
  adjoints: ({ inputs: [condition] }, adjoint, b) => [
    null,
    b.select(condition, adjoint, 0),
    b.select(condition, b.constant(0), adjoint),
  ],
});

function isFloat(dtype: DType): boolean {
  return dtype === "f32" || dtype === "f16";
}

/** erf in f64: Maclaurin series below 3, continued fraction of erfc above. Abramowitz & Stegun 7.1.5, 7.1.14. */
export function errorFunction(x: number): number {
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let n = 1; Math.abs(term) > 1e-18 * sum; n++) {
      term *= (-z * z) / n;
      sum += term / (2 * n + 1);
      if (n > 200) break;
    }
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let k = 60; k > 0; k--) fraction = k / 2 / (z + fraction);
  return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction));
}
