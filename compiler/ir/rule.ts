/** What an operation must say of itself. One record an op, collected in `ops/index.ts`. */
import type { Builder } from "./builder.ts";
import type { Node, NodeOf } from "./node.ts";
import type { OpName, Signatures } from "./signatures.ts";
import type { TensorType } from "./tensor-type.ts";

/** Values of a tensor in the reference interpreter, row-major, in f64. bool is 0 or 1. */
export type Values = Float64Array;

/** For each input its adjoint, or null where no gradient flows. */
export type Adjoints<K extends OpName> = AdjointsOf<Signatures[K]["inputs"]>;
type AdjointsOf<T extends readonly unknown[]> = { readonly [I in keyof T]: Node | null };

export interface OpRule<K extends OpName> {
  /** Shape rule. Throws `InvariantError` with both types when they do not fit. */
  infer(inputs: Signatures[K]["inputs"], attributes: Signatures[K]["attributes"]): TensorType;
  /** Adjoints of the inputs, made of ops; `null` alone when the op has no gradient, "expand" when that of its definition is meant. */
  gradient(node: NodeOf<K>, adjoint: Node, b: Builder): Adjoints<K> | null | "expand";
  /** The definition of an op with a kernel of its own, in smaller ops. */
  expand?(node: NodeOf<K>, b: Builder): Node;
  /** The plainest loop: the truth that kernels are tested against. */
  reference(inputs: readonly Values[], node: NodeOf<K>): Values;
  /** How it becomes part of a kernel. */
  readonly lowering: Lowering;
}

/**
 * - `source`: read from a buffer or made from coordinates.
 * - `scalar`: a WGSL expression of its operands, element by element.
 * - `index`: moves elements; a map from output coordinates to input coordinates, never a kernel of its own.
 * - `fold`: folds axes away.
 * - `contraction`, `scatter`, `attention`: kernels of their own.
 */
export type Lowering =
  | { readonly kind: "source" | "index" | "fold" | "contraction" | "scatter" | "attention" }
  | {
      readonly kind: "scalar";
      wgsl(operands: readonly string[], node: Node, lanes: 1 | 4): string;
    };

export type Rules = { readonly [K in OpName]: OpRule<K> };
