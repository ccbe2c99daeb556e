/** RowsKernel → WGSL: a thread walks its row once a level of folds, then once more to store. */

import type { Fold, RowsKernel } from "../5-schedule/kernel.ts";
import { dense, type Variable } from "../5-schedule/linear.ts";
import { type ExpressionText, NotWide, type Value } from "./expression-text.ts";
import { type EmitContext, type Emitted, type Launch, wideOrNot } from "./launch.ts";
import { rowThreads, threadBuiltins } from "./threads.ts";

/**
 * A software driver of eight lanes makes a branch of every element of every lane that is read or written, so that kernels
 * over rows with many accesses of four take longer to translate than they gain: normalization forward has six, all its
 * gradients have more. On four lanes nothing is gained.
 */
const mostFours = 6;

export function emitRows(kernel: RowsKernel, context: EmitContext): Launch {
  const last = lastVariable(kernel);
  const emit = (text: ExpressionText, vector: Variable | undefined): Emitted => {
    const { rows, columns } = kernel;
    const isAlongRow = vector !== undefined && columns.includes(vector);
    const grid = rowThreads(text, rows, isAlongRow ? undefined : vector, context.target);
    const levels = [...new Set(kernel.folds.map((fold) => fold.level))];
    for (const level of levels) {
      emitLevel(
        text,
        kernel,
        kernel.folds.filter((fold) => fold.level === level),
        vector,
        isAlongRow,
      );
    }
    const rowValues = kernel.rowStores.map((store) => text.stored(store));
    if (kernel.stores.length > 0) {
      walk(text, columns, vector, () => text.storeAll(kernel.stores));
    }
    kernel.rowStores.forEach((store, i) => {
      text.store(store, rowValues[i]!);
    });
    return {
      shader: text.shader.finish(grid.workgroup, threadBuiltins, text.lines()),
      grid: grid.count,
    };
  };
  const { deviceClass, subgroupSize } = context.target;
  const isOfMany = deviceClass === "cpu" && subgroupSize >= 8;
  return wideOrNot(last, context, emit, isOfMany ? mostFours : undefined);
}

/** The variable of neighbors in memory. */
function lastVariable({ rows, columns }: RowsKernel): Variable | undefined {
  const all = [...rows, ...columns].filter((v) => v.extent > 1);
  return all.length === 0 ? undefined : all.reduce((a, b) => (b.id > a.id ? b : a));
}

/** Loops over the columns of a row, outermost first; the vector variable in quarters. */
function walk(
  text: ExpressionText,
  columns: readonly Variable[],
  vector: Variable | undefined,
  inside: () => void,
): void {
  const live = columns.filter((v) => v.extent !== 1);
  const nest = (i: number): void => {
    const v = live[i];
    if (v === undefined) {
      inside();
      return;
    }
    const name = text.name("c");
    const extent = v === vector ? v.extent / 4 : v.extent;
    text.block(
      `for (var ${name} = 0u; ${name} < ${text.shader.uniform(extent)}; ${name}++)`,
      () => {
        text.define(v, name);
        nest(i + 1);
      },
    );
  };
  if (live.length === 0) text.block("", inside);
  else nest(0);
}

function emitLevel(
  text: ExpressionText,
  kernel: RowsKernel,
  folds: readonly Fold[],
  vector: Variable | undefined,
  isAlongRow: boolean,
): void {
  const accumulators = folds.map((fold) => {
    const { node } = fold;
    if (node.op === "argmax" && vector !== undefined) throw new NotWide();
    const { dtype } = node.inputs[0].type;
    const lanes = vector === undefined ? 1 : 4;
    const type = lanes === 4 ? `vec4<${dtype}>` : dtype;
    const isSum = node.op === "reduce" && node.attributes.kind === "sum";
    const lowest =
      dtype === "i32" ? "i32(-2147483647 - 1)" : `bitcast<f32>(${text.shader.uniform(0xff800000)})`;
    const name = text.name("s");
    text.line(`var ${name} = ${type}(${isSum ? "0" : lowest});`);
    if (node.op === "argmax") text.line(`var ${name}_at = 0;`);
    return { fold, name, lanes: lanes as 1 | 4, dtype, isSum };
  });
  walk(text, kernel.columns, vector, () => {
    const values = accumulators.map(({ fold }) => text.value(fold.value));
    accumulators.forEach(({ fold, name, lanes, dtype, isSum }, i) => {
      const value = text.widen(values[i]!, lanes, dtype);
      if (fold.node.op === "argmax") {
        const at = text.address(dense(kernel.columns));
        text.line(`if (${value} > ${name}) { ${name} = ${value}; ${name}_at = i32(${at}); }`);
      } else text.line(isSum ? `${name} += ${value};` : `${name} = max(${name}, ${value});`);
    });
  });
  for (const { fold, name, lanes, isSum } of accumulators) {
    let value: Value = { text: fold.node.op === "argmax" ? `${name}_at` : name, lanes };
    if (isAlongRow && lanes === 4) {
      const [x, y, z, w] = ["x", "y", "z", "w"].map((part) => `${name}.${part}`);
      const folded = text.name("f");
      text.line(
        isSum
          ? `let ${folded} = (${x} + ${y}) + (${z} + ${w});`
          : `let ${folded} = max(max(${x}, ${y}), max(${z}, ${w}));`,
      );
      value = { text: folded, lanes: 1 };
    }
    text.setLocal(fold.node, value);
  }
}
