/** Matrix product of the last two axes, of two f32 or of two f16; sums and result are f32. */
import { invariant } from "../invariant.ts";
import type { OpRule } from "../ir/rule.ts";
import { elements, sameShape, typeText } from "../ir/tensor-type.ts";

export const matmul: OpRule<"matmul"> = {
  infer([x, y]) {
    const a = x.type.shape;
    const c = y.type.shape;
    const fits =
      a.length >= 2 &&
      a.length === c.length &&
      sameShape(a.slice(0, -2), c.slice(0, -2)) &&
      a.at(-1) === c.at(-2);
    invariant(
      fits && x.type.dtype === y.type.dtype && (x.type.dtype === "f32" || x.type.dtype === "f16"),
      () => `matmul of ${typeText(x.type)} and ${typeText(y.type)}`,
    );
    return { shape: [...a.slice(0, -1), c.at(-1)!], dtype: "f32" };
  },
  gradient({ inputs: [x, y] }, adjoint, b) {
    return [b.matmul(adjoint, b.swap(y)), b.matmul(b.swap(x), adjoint)];
  },
  reference([x, y], { inputs, type }) {
    const rows = type.shape.at(-2)!;
    const columns = type.shape.at(-1)!;
    const depth = inputs[0].type.shape.at(-1)!;
    const result = new Float64Array(elements(type.shape));
    const batches = elements(type.shape.slice(0, -2));
    for (let batch = 0; batch < batches; batch++) {
      for (let i = 0; i < rows; i++) {
        for (let k = 0; k < depth; k++) {
          const factor = x![(batch * rows + i) * depth + k]!;
          const from = (batch * depth + k) * columns;
          const to = (batch * rows + i) * columns;
          for (let j = 0; j < columns; j++) result[to + j]! += factor * y![from + j]!;
        }
      }
    }
    return result;
  },
  lowering: { kind: "contraction" },
};
