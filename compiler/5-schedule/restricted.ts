/** A kernel and parts of its loops → the same kernel over those parts: loops from 0, starts moved into the addresses. */
import { tokenOperands } from "./attention-view.ts";
import type { Expression } from "./expression.ts";
import type { AttentionOperands, Fold, Kernel, Store, StridedOperand } from "./kernel.ts";
import { constant, type Linear, of, plus, times, type Variable, variable } from "./linear.ts";

/** Where each cut loop starts and how many values it takes. */
export type Cell = ReadonlyMap<Variable, { readonly start: number; readonly size: number }>;

/** Product and fold axes are never cut. */
export function restricted(kernel: Kernel, cell: Cell): Kernel {
  // All loops are made anew, in order: the youngest is the one of neighbors in memory.
  const loops = new Map(
    [...loopsOf(kernel)]
      .sort((a, b) => a.id - b.id)
      .map((old) => [old, variable(cell.get(old)?.size ?? old.extent, old.splittable)]),
  );
  const loop = (old: Variable): Variable => loops.get(old) ?? old;
  const forms = new Map<Variable, Linear>();
  /** What a variable is in terms of the new loops. */
  const meaning = (old: Variable): Linear => {
    const known = forms.get(old);
    if (known !== undefined) return known;
    const { definition } = old;
    let made: Linear = of(old);
    if (loops.has(old)) made = plus(of(loop(old)), constant(cell.get(old)?.start ?? 0));
    else if (definition?.kind === "index") {
      const value = moved(definition.value);
      if (value !== definition.value)
        made = of(variable(old.extent, false, { kind: "index", value }));
    } else if (definition !== undefined) {
      const form = address(definition.form);
      if (form !== definition.form) made = of(variable(old.extent, false, { ...definition, form }));
    }
    forms.set(old, made);
    return made;
  };
  const address = (form: Linear): Linear => {
    const terms = form.terms.map(({ variable: old, factor }) => ({
      old,
      factor,
      now: meaning(old),
    }));
    const isSame = terms.every(({ old, now }) => now.terms[0]?.variable === old);
    if (isSame) return form;
    return terms.reduce(
      (sum, { factor, now }) => plus(sum, times(now, factor)),
      constant(form.offset),
    );
  };
  const expressions = new Map<Expression, Expression>();
  const moved = (old: Expression): Expression => {
    const known = expressions.get(old);
    if (known !== undefined) return known;
    const made = movedOnce(old);
    expressions.set(old, made);
    return made;
  };
  const movedOnce = (old: Expression): Expression => {
    switch (old.kind) {
      case "local":
      case "constant":
        return old;
      case "load": {
        const at = address(old.address);
        return at === old.address ? old : { ...old, address: at };
      }
      case "coordinate": {
        const form = address(old.form);
        return form === old.form ? old : { ...old, form };
      }
      case "random": {
        const position = address(old.position);
        const [low, high] = [moved(old.seed[0]), moved(old.seed[1])];
        const isSame = position === old.position && low === old.seed[0] && high === old.seed[1];
        return isSame ? old : { ...old, position, seed: [low, high] };
      }
      case "scalar": {
        const operands = old.operands.map(moved);
        const at = address(old.address);
        const isSame = at === old.address && operands.every((each, i) => each === old.operands[i]);
        return isSame ? old : { ...old, operands, address: at };
      }
      case "choose": {
        const bounds = old.bounds.map(({ form, limit }) => ({ form: address(form), limit }));
        return { ...old, bounds, inside: moved(old.inside), outside: moved(old.outside) };
      }
    }
  };
  const stores = (all: readonly Store[]): readonly Store[] =>
    all.map((store) => ({ ...store, address: address(store.address), value: moved(store.value) }));
  const operand = (
    old: StridedOperand,
    batch: readonly Variable[],
    outer: Variable,
  ): StridedOperand => {
    const start = (each: Variable) => cell.get(each)?.start ?? 0;
    const offset = batch.reduce((sum, axis, i) => sum + start(axis) * old.batch[i]!, old.offset);
    return { ...old, offset: offset + start(outer) * old.outer };
  };
  switch (kernel.kind) {
    case "map":
      return { ...kernel, variables: kernel.variables.map(loop), stores: stores(kernel.stores) };
    case "rows": {
      const fold = (old: Fold): Fold => ({ ...old, value: moved(old.value) });
      return {
        ...kernel,
        rows: kernel.rows.map(loop),
        columns: kernel.columns.map(loop),
        folds: kernel.folds.map(fold),
        rowStores: stores(kernel.rowStores),
        stores: stores(kernel.stores),
      };
    }
    case "matmul": {
      const { batch, row, column } = kernel;
      return {
        ...kernel,
        batch: batch.map(loop),
        row: loop(row),
        column: loop(column),
        left: operand(kernel.left, batch, row),
        right: operand(kernel.right, batch, column),
        stores: stores(kernel.stores),
      };
    }
    case "attention": {
      const { batch, column, row, width } = kernel;
      const operands = Object.fromEntries(
        tokenOperands(kernel).map(({ name, operand: own, token }) => [
          name,
          operand(own, batch, token),
        ]),
      ) as unknown as AttentionOperands;
      return {
        ...kernel,
        batch: [loop(batch[0]), loop(batch[1])],
        column: loop(column),
        row: loop(row),
        width: loop(width),
        operands,
        bias: moved(kernel.bias),
        visible: moved(kernel.visible),
        stores: stores(kernel.stores),
        columnStores: stores(kernel.columnStores),
      };
    }
    case "scatter":
      return kernel;
  }
}

function loopsOf(kernel: Kernel): readonly Variable[] {
  switch (kernel.kind) {
    case "map":
      return kernel.variables;
    case "rows":
      return [...kernel.rows, ...kernel.columns];
    case "matmul":
      return [...kernel.batch, kernel.row, kernel.column];
    case "attention":
      return [...kernel.batch, kernel.row, kernel.column, kernel.width];
    case "scatter":
      return [];
  }
}
