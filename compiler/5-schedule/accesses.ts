/** A kernel → every place of a buffer that it reads or writes, as addresses over its loops. */
import type { Node } from "../ir/node.ts";
import { tokenOperands } from "./attention-view.ts";
import type { Expression } from "./expression.ts";
import type { Kernel, Store, StridedOperand, Temporary } from "./kernel.ts";
import { dense, type Linear, of, plus, times, type Variable, variable } from "./linear.ts";
import { children, formsOf, indexValues } from "./realize.ts";

/** An access; the address counts elements. */
export interface Access {
  readonly tensor: Node | Temporary;
  readonly form: Linear;
}

/** All accesses, some perhaps more than once. */
export function accessesOf(kernel: Kernel): readonly Access[] {
  const found: Access[] = [];
  const seen = new Set<Expression>();
  const read = (expression: Expression): void => {
    if (seen.has(expression)) return;
    seen.add(expression);
    if (expression.kind === "load")
      found.push({ tensor: expression.node, form: expression.address });
    for (const child of children(expression)) read(child);
    for (const form of formsOf(expression)) for (const value of indexValues(form)) read(value);
  };
  const write = (stores: readonly Store[]): void => {
    for (const { to, address, value } of stores) {
      found.push({ tensor: to, form: address });
      for (const index of indexValues(address)) read(index);
      read(value);
    }
  };
  switch (kernel.kind) {
    case "map":
      write(kernel.stores);
      return found;
    case "rows":
      for (const { value } of kernel.folds) read(value);
      write(kernel.rowStores);
      write(kernel.stores);
      return found;
    case "matmul": {
      const { batch, row, column, left, right } = kernel;
      const depth = variable(kernel.depth, false);
      found.push(strided(left, batch, row, depth), strided(right, batch, column, depth));
      write(kernel.stores);
      return found;
    }
    case "attention": {
      const { batch, width } = kernel;
      for (const { operand, token } of tokenOperands(kernel))
        found.push(strided(operand, batch, token, width));
      read(kernel.bias);
      read(kernel.visible);
      write(kernel.columnStores);
      write(kernel.stores);
      return found;
    }
    case "scatter": {
      read(kernel.index);
      read(kernel.update);
      const row = variable(kernel.node.attributes.rows, false);
      const form = plus(times(of(row), kernel.run), dense(kernel.within));
      found.push({ tensor: kernel.node as Node, form });
      found.push({ tensor: kernel.head, form: of(row) });
      found.push({ tensor: kernel.next, form: of(kernel.position) });
      return found;
    }
  }
}

function strided(
  operand: StridedOperand,
  batch: readonly Variable[],
  outer: Variable,
  inner: Variable,
): Access {
  const start = { offset: operand.offset, terms: [] };
  const terms = batch.map((axis, i) => of(axis, operand.batch[i]!));
  const all = [...terms, of(outer, operand.outer), of(inner, operand.inner)];
  return { tensor: operand.source, form: all.reduce(plus, start) };
}
