/** One line an operation: what it takes and what it carries. The vocabulary of the tensor graph. */
import type { Node } from "./node.ts";
import type { DType, Shape } from "./tensor-type.ts";

type None = Readonly<Record<never, never>>;
type Zero = readonly [];
type One = readonly [Node];
type Two = readonly [Node, Node];
type Three = readonly [Node, Node, Node];
type Five = readonly [Node, Node, Node, Node, Node];
type Eight = readonly [Node, Node, Node, Node, Node, Node, Node, Node];

/** How a fresh parameter is filled. `uniform` is ±bound. */
export type Init =
  | { readonly kind: "zeros" }
  | { readonly kind: "ones" }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "normal"; readonly std: number }
  | { readonly kind: "truncated-normal"; readonly std: number }
  | { readonly kind: "uniform"; readonly bound: number };

export interface Signatures {
  /** A tensor the host writes before each run. */
  input: {
    inputs: Zero;
    attributes: { readonly name: string; readonly shape: Shape; readonly dtype: DType };
  };
  /** A tensor that outlives the run: a weight, a moment, a running gradient. */
  parameter: {
    inputs: Zero;
    attributes: {
      readonly path: string;
      readonly shape: Shape;
      readonly dtype: DType;
      readonly init: Init;
    };
  };
  /** `data` holds one value (repeated) or one value an element, row-major. */
  constant: {
    inputs: Zero;
    attributes: { readonly data: readonly number[]; readonly shape: Shape; readonly dtype: DType };
  };
  /** i32: the coordinate along `axis`. */
  iota: { inputs: Zero; attributes: { readonly shape: Shape; readonly axis: number } };
  /** f32 in [0, 1): Philox4x32-10 keyed by the seed input (i32[2]), counter = (element index, stream). */
  random: { inputs: One; attributes: { readonly shape: Shape; readonly stream: number } };

  neg: { inputs: One; attributes: None };
  exp: { inputs: One; attributes: None };
  log: { inputs: One; attributes: None };
  sqrt: { inputs: One; attributes: None };
  tanh: { inputs: One; attributes: None };
  erf: { inputs: One; attributes: None };
  /** bool: neither infinite nor NaN. */
  finite: { inputs: One; attributes: None };
  cast: { inputs: One; attributes: { readonly dtype: DType } };
  /** The value itself. `again`: what is computed from it shares no kernel with what is not, so that it is computed when it is needed. */
  stopGradient: { inputs: One; attributes: { readonly again?: true } };

  add: { inputs: Two; attributes: None };
  sub: { inputs: Two; attributes: None };
  mul: { inputs: Two; attributes: None };
  div: { inputs: Two; attributes: None };
  max: { inputs: Two; attributes: None };
  /** bool: first < second. */
  less: { inputs: Two; attributes: None };
  /** bool. */
  equal: { inputs: Two; attributes: None };
  /** `condition ? second : third`, element by element. */
  select: { inputs: Three; attributes: None };

  /** Folds `axes` (ascending) away. */
  reduce: {
    inputs: One;
    attributes: { readonly kind: "sum" | "max"; readonly axes: readonly number[] };
  };
  /** i32: index of the first greatest element along `axis`, which goes away. */
  argmax: { inputs: One; attributes: { readonly axis: number } };
  /** [..., m, k] x [..., k, n] -> f32[..., m, n]; the leading sizes are equal, both operands are f32 or both f16. */
  matmul: { inputs: Two; attributes: None };
  /**
   * queries [batch, heads, n, width], keys and values [batch, heads, m, width], bias f32 and visible bool
   * [batch, heads, n, m]. Scores are scale * queries keys^T + bias, the lowest f32 where not visible. Gives the values mixed
   * by the scores' softmax, [batch, n, heads, width], or the logarithm of the sum of their exponentials, [batch, heads, n].
   */
  attention: {
    inputs: Five;
    attributes: { readonly scale: number; readonly gives: "mixed" | "logSum" };
  };
  /**
   * Adjoint of one of the first three inputs of `attention`. Inputs are all of these, then `logSum`, the adjoint of `mixed`,
   * and the products of that adjoint with `mixed`, summed along the width: [batch, heads, n].
   */
  attentionGradient: {
    inputs: Eight;
    attributes: { readonly scale: number; readonly to: "queries" | "keys" | "values" };
  };

  reshape: { inputs: One; attributes: { readonly shape: Shape } };
  /** Result axis i is input axis permutation[i]. */
  transpose: { inputs: One; attributes: { readonly permutation: readonly number[] } };
  /** Same rank; sizes of 1 are repeated. */
  broadcast: { inputs: One; attributes: { readonly shape: Shape } };
  slice: {
    inputs: One;
    attributes: { readonly start: readonly number[]; readonly end: readonly number[] };
  };
  /** Zeros around. */
  pad: {
    inputs: One;
    attributes: { readonly before: readonly number[]; readonly after: readonly number[] };
  };
  concat: { inputs: readonly Node[]; attributes: { readonly axis: number } };
  /** f32 tensors flattened one after another as `packLayout` says, zeros between them: one buffer that its parts are written to. */
  pack: { inputs: readonly Node[]; attributes: None };
  /** table [rows, ...rest], indices i32[...at] -> [...at, ...rest]. */
  gather: { inputs: Two; attributes: None };
  /** indices i32[...at], updates [...at, ...rest] -> [rows, ...rest]: sums of the updates by row. */
  scatterAdd: { inputs: Two; attributes: { readonly rows: number } };
}

export type OpName = keyof Signatures;
