/** Attention and its gradient → loops, and operands as strides on buffers. */
import type { Node } from "../ir/node.ts";
import type {
  AttentionKernel,
  AttentionOperands,
  AttentionPass,
  AttentionResult,
  StridedOperand,
} from "./kernel.ts";
import { dense, type Linear, type Variable, variable } from "./linear.ts";
import { stridedView } from "./operand-view.ts";

export const isAttention = (node: Node): node is AttentionResult =>
  node.op === "attention" || node.op === "attentionGradient";

/** True when one kernel gives both: output and log-sum, adjoints of keys and values. */
export function isOneKernel(a: Node, b: Node): boolean {
  return (
    isAttention(a) &&
    isAttention(b) &&
    passOf(a) === passOf(b) &&
    a.attributes.scale === b.attributes.scale &&
    (a.inputs as readonly Node[]).every((input, i) => input === b.inputs[i])
  );
}

function passOf(node: AttentionResult): AttentionPass {
  if (node.op === "attention") return "forward";
  return node.attributes.to === "queries" ? "queries" : "keys";
}

export interface AttentionView {
  readonly pass: AttentionPass;
  readonly batch: readonly [Variable, Variable];
  readonly row: Variable;
  readonly column: Variable;
  readonly width: Variable;
  readonly operands: AttentionOperands;
  /** Where bias and visibility of a query and a key stand in [batch, heads, n, m]. */
  readonly scores: Linear;
  /** Where an element of a result stands in its tensor. */
  readonly address: (node: AttentionResult) => Linear;
}

/** `isStored` nodes are not looked through. */
export function attentionView(
  node: AttentionResult,
  isStored: (node: Node) => boolean,
): AttentionView {
  const [queries, keys, values] = node.inputs;
  const [batches, heads, n, size] = queries.type.shape as [number, number, number, number];
  const at = variable(batches, false);
  const head = variable(heads, false);
  const query = variable(n, false);
  const key = variable(keys.type.shape[2]!, false);
  const width = variable(size, false);
  const pass = passOf(node);
  const batch = [at, head] as const;
  const tokens = (input: Node, token: Variable) =>
    stridedView(input, [at, head, token, width], isStored, { batch, outer: token, inner: width });
  const numbers = (input: Node) =>
    stridedView(input, [at, head, query], isStored, { batch, outer: query });
  const operands: AttentionOperands = {
    queries: tokens(queries, query),
    keys: tokens(keys, key),
    values: tokens(values, key),
    ...(node.op === "attention"
      ? {}
      : {
          adjoint: stridedView(node.inputs[6], [at, query, head, width], isStored, {
            batch,
            outer: query,
            inner: width,
          }),
          logSum: numbers(node.inputs[5]),
          along: numbers(node.inputs[7]),
        }),
  };
  const [row, column] = pass === "keys" ? [query, key] : [key, query];
  return {
    pass,
    batch,
    row,
    column,
    width,
    operands,
    scores: dense([at, head, query, key]),
    address: (each) => {
      if (each.op === "attentionGradient") return dense([at, head, column, width]);
      return each.attributes.gives === "mixed"
        ? dense([at, query, head, width])
        : dense([at, head, query]);
    },
  };
}

/** Operands with their names and the loop over their tokens. */
export function tokenOperands(kernel: AttentionKernel): readonly {
  readonly name: keyof AttentionOperands;
  readonly operand: StridedOperand;
  readonly token: Variable;
}[] {
  const { pass, row, column, operands } = kernel;
  const [query, key] = pass === "keys" ? [row, column] : [column, row];
  return (Object.keys(operands) as (keyof AttentionOperands)[]).map((name) => ({
    name,
    operand: operands[name]!,
    token: name === "keys" || name === "values" ? key : query,
  }));
}
