/** Rows of a table by index. Indices outside the table are held to its ends. */
import { invariant } from "../invariant.ts";
import type { OpRule } from "../ir/rule.ts";
import { elements, typeText } from "../ir/tensor-type.ts";

export const gather: OpRule<"gather"> = {
  infer([table, indices]) {
    invariant(
      table.type.shape.length >= 1 && indices.type.dtype === "i32",
      () => `gather of ${typeText(table.type)} by ${typeText(indices.type)}`,
    );
    return {
      shape: [...indices.type.shape, ...table.type.shape.slice(1)],
      dtype: table.type.dtype,
    };
  },
  gradient({ inputs: [table, indices] }, adjoint, b) {
    return [b.scatterAdd(indices, adjoint, table.type.shape[0]!), null];
  },
  reference([table, indices], node) {
    const shape = node.inputs[0].type.shape;
    const run = elements(shape.slice(1));
    const result = new Float64Array(elements(node.type.shape));
    indices!.forEach((index, i) => {
      const row = Math.min(Math.max(index, 0), shape[0]! - 1);
      result.set(table!.subarray(row * run, (row + 1) * run), i * run);
    });
    return result;
  },
  lowering: { kind: "index" },
};
