/** Sums rows into a table by index, in the order of the indices. Indices outside the table are held to its ends, as in `gather`. */
import { invariant } from "../invariant.ts";
import type { OpRule } from "../ir/rule.ts";
import { elements, sameShape, typeText } from "../ir/tensor-type.ts";

export const scatterAdd: OpRule<"scatterAdd"> = {
  infer([indices, updates], { rows }) {
    const at = indices.type.shape;
    invariant(
      indices.type.dtype === "i32" &&
        updates.type.dtype === "f32" &&
        sameShape(updates.type.shape.slice(0, at.length), at),
      () => `scatterAdd of ${typeText(updates.type)} by ${typeText(indices.type)}`,
    );
    return { shape: [rows, ...updates.type.shape.slice(at.length)], dtype: "f32" };
  },
  gradient: ({ inputs: [indices] }, adjoint, b) => [null, b.gather(adjoint, indices)],
  reference([indices, updates], node) {
    const run = elements(node.type.shape.slice(1));
    const result = new Float64Array(elements(node.type.shape));
    indices!.forEach((index, i) => {
      const row = Math.min(Math.max(index, 0), node.attributes.rows - 1);
      for (let k = 0; k < run; k++) result[row * run + k]! += updates![i * run + k]!;
    });
    return result;
  },
  lowering: { kind: "scatter" },
};
