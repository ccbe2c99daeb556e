/** Operands of products through transposes, slices and broadcasts: strides on a buffer instead of copies. */
import type { Node, NodeOf } from "../ir/node.ts";
import { through } from "./expression.ts";
import type { StridedOperand } from "./kernel.ts";
import { dense, type Linear, SplitNeeded, type Variable, variable } from "./linear.ts";

/** Variables of one product, shared by its operands and its stores. */
export interface ProductVariables {
  readonly batch: readonly Variable[];
  readonly row: Variable;
  readonly column: Variable;
  readonly depth: Variable;
}

export function productVariables(node: NodeOf<"matmul">): ProductVariables {
  const shape = node.type.shape;
  return {
    batch: shape.slice(0, -2).map((size) => variable(size, false)),
    row: variable(shape.at(-2)!, false),
    column: variable(shape.at(-1)!, false),
    depth: variable(node.inputs[0].type.shape.at(-1)!, false),
  };
}

/**
 * Walks down from an operand while its elements stay at a fixed stride from one another.
 * `isStored` nodes are not looked through.
 */
export function operandView(
  node: NodeOf<"matmul">,
  side: 0 | 1,
  variables: ProductVariables,
  isStored: (node: Node) => boolean,
): { readonly source: Node; readonly operand: StridedOperand } {
  const { batch, row, column, depth } = variables;
  const axes = [...batch, ...(side === 0 ? [row, depth] : [depth, column])];
  const operand = stridedView(node.inputs[side], axes, isStored, {
    batch,
    outer: side === 0 ? row : column,
    inner: depth,
  });
  return { source: operand.source, operand };
}

/** Walks down from `node`, whose elements `axes` walk in order. */
export function stridedView(
  node: Node,
  axes: readonly Variable[],
  isStored: (node: Node) => boolean,
  { batch, outer, inner }: { batch: readonly Variable[]; outer: Variable; inner?: Variable },
): StridedOperand {
  const own = new Set(axes);
  let source = node;
  let form: Linear = dense(axes);
  while (!isStored(source)) {
    const step = stepDown(source, form);
    if (step === undefined || step.form.terms.some((term) => !own.has(term.variable))) break;
    source = step.source;
    form = step.form;
  }
  const stride = (v: Variable) => form.terms.find((term) => term.variable === v)?.factor ?? 0;
  return {
    source,
    offset: form.offset,
    batch: batch.map(stride),
    outer: stride(outer),
    inner: inner === undefined ? 0 : stride(inner),
  };
}

function stepDown(
  node: Node,
  form: Linear,
): { readonly source: Node; readonly form: Linear } | undefined {
  switch (node.op) {
    case "reshape":
    case "stopGradient":
      return { source: node.inputs[0], form };
    case "transpose":
    case "broadcast":
    case "slice":
      try {
        return { source: node.inputs[0], form: through(node, form) };
      } catch (error) {
        if (!(error instanceof SplitNeeded)) throw error;
        return undefined;
      }
    case "cast":
      return node.inputs[0].op === "parameter" &&
        node.inputs[0].type.dtype === "f16" &&
        node.type.dtype === "f32"
        ? { source: node.inputs[0], form }
        : undefined;
    default:
      return undefined;
  }
}
