/** Kernels of a plan: loops over variables with scalar expressions inside; what `6-emit` prints as WGSL. */
import type { Node, NodeOf } from "../ir/node.ts";
import type { Expression } from "./expression.ts";
import type { Linear, Variable } from "./linear.ts";

/** What a kernel writes: a node's own buffer, or the state of a parameter. */
export interface Store {
  readonly node: Node;
  readonly to: Node;
  readonly address: Linear;
  readonly value: Expression;
}

/** One thread an element. */
export interface MapKernel {
  readonly kind: "map";
  /** Outermost first. */
  readonly variables: readonly Variable[];
  readonly stores: readonly Store[];
}

/** One thread a row: folds along the row level by level, then stores. */
export interface RowsKernel {
  readonly kind: "rows";
  readonly rows: readonly Variable[];
  readonly columns: readonly Variable[];
  /** Ascending level; a fold may use folds of smaller levels. */
  readonly folds: readonly Fold[];
  /** Written once a row. */
  readonly rowStores: readonly Store[];
  /** Written for each element of the row. */
  readonly stores: readonly Store[];
}

export interface Fold {
  readonly node: NodeOf<"reduce"> | NodeOf<"argmax">;
  readonly level: number;
  readonly value: Expression;
}

/** A product of two strided operands; the stores see its element as a local value. */
export interface MatmulKernel {
  readonly kind: "matmul";
  readonly node: NodeOf<"matmul">;
  /** Outermost first. */
  readonly batch: readonly Variable[];
  readonly row: Variable;
  readonly column: Variable;
  readonly depth: number;
  readonly left: StridedOperand;
  readonly right: StridedOperand;
  readonly stores: readonly Store[];
}

/** Element (batch, i, k) or (batch, k, j) stands at offset + Σ batch * stride + i * outer + k * inner. */
export interface StridedOperand {
  readonly source: Node;
  readonly offset: number;
  readonly batch: readonly number[];
  /** Stride of the row (left) or the column (right). */
  readonly outer: number;
  /** Stride of the folded axis. */
  readonly inner: number;
}

/**
 * Attention forward, or backward to the queries, or backward to keys and values. Threads have the tokens of `column` side by
 * side and loop over those of `row`: keys and queries, or queries and keys in the pass "keys".
 */
export interface AttentionKernel {
  readonly kind: "attention";
  readonly pass: AttentionPass;
  /** Batch and head. */
  readonly batch: readonly [Variable, Variable];
  readonly column: Variable;
  readonly row: Variable;
  readonly width: Variable;
  readonly scale: number;
  readonly operands: AttentionOperands;
  /** At a query and a key. */
  readonly bias: Expression;
  readonly visible: Expression;
  /** What is computed, of the nodes that are written or that others here need. */
  readonly results: readonly AttentionResult[];
  /** Written for each token of `column` and each place of `width`. */
  readonly stores: readonly Store[];
  /** Written for each token of `column`. */
  readonly columnStores: readonly Store[];
}

export type AttentionPass = "forward" | "queries" | "keys";
export type AttentionResult = NodeOf<"attention"> | NodeOf<"attentionGradient">;

/** `outer` is the stride of the token, `inner` that of the width; the last two have no width. The last three are for backward. */
export interface AttentionOperands {
  readonly queries: StridedOperand;
  readonly keys: StridedOperand;
  readonly values: StridedOperand;
  readonly adjoint?: StridedOperand;
  readonly logSum?: StridedOperand;
  readonly along?: StridedOperand;
}

/** Sums updates by row, in order: first the links from each index to the next equal one, then a walk a row. */
export interface ScatterKernel {
  readonly kind: "scatter";
  readonly node: NodeOf<"scatterAdd">;
  /** Position among the indices. */
  readonly position: Variable;
  readonly index: Expression;
  /** Position within an update row, outermost first. */
  readonly within: readonly Variable[];
  readonly run: number;
  readonly update: Expression;
  /** Temporary buffers: first position of each row; next position with the same index. */
  readonly head: Temporary;
  readonly next: Temporary;
}

/** Device memory that is no tensor of the graph. */
export interface Temporary {
  readonly label: string;
  readonly bytes: number;
}

export type Kernel = MapKernel | RowsKernel | MatmulKernel | AttentionKernel | ScatterKernel;

/** A kernel with what it reads and writes. */
export interface PlannedKernel {
  readonly kernel: Kernel;
  readonly reads: ReadonlySet<Node>;
  /** Nodes whose buffers it fills. */
  readonly writes: ReadonlySet<Node>;
  /** Parameters whose state it overwrites. */
  readonly overwrites: ReadonlySet<Node>;
  readonly label: string;
}
