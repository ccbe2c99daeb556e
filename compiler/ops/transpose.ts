/** Reorders axes. */
import { invariant } from "../invariant.ts";
import type { OpRule } from "../ir/rule.ts";
import { elements, typeText } from "../ir/tensor-type.ts";
import { coordinates } from "./coordinates.ts";

export const transpose: OpRule<"transpose"> = {
  infer([x], { permutation }) {
    const sorted = [...permutation].sort((a, b) => a - b);
    invariant(
      permutation.length === x.type.shape.length && sorted.every((axis, i) => axis === i),
      () => `transpose of ${typeText(x.type)} by [${permutation}]`,
    );
    return { shape: permutation.map((axis) => x.type.shape[axis]!), dtype: x.type.dtype };
  },
  gradient({ attributes: { permutation } }, adjoint, b) {
    const inverse = new Array<number>(permutation.length);
    permutation.forEach((axis, i) => {
      inverse[axis] = i;
    });
    return [b.transpose(adjoint, inverse)];
  },
  reference([x], node) {
    const { strides } = coordinates(node.inputs[0].type.shape);
    const result = new Float64Array(elements(node.type.shape));
    coordinates(node.type.shape).forEach((at, i) => {
      let from = 0;
      for (let d = 0; d < at.length; d++)
        from += at[d]! * strides[node.attributes.permutation[d]!]!;
      result[i] = x![from]!;
    });
    return result;
  },
  lowering: { kind: "index" },
};
