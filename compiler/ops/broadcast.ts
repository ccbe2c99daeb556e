/** Repeats axes of size 1. */
import { invariant } from "../invariant.ts";
import type { OpRule } from "../ir/rule.ts";
import { elements, typeText } from "../ir/tensor-type.ts";
import { coordinates } from "./coordinates.ts";

export const broadcast: OpRule<"broadcast"> = {
  infer([x], { shape }) {
    invariant(
      shape.length === x.type.shape.length &&
        shape.every((size, axis) => x.type.shape[axis] === size || x.type.shape[axis] === 1),
      () => `broadcast of ${typeText(x.type)} to [${shape}]`,
    );
    return { shape, dtype: x.type.dtype };
  },
  gradient({ inputs: [x], attributes: { shape } }, adjoint, b) {
    const axes = shape.flatMap((size, axis) => (size !== x.type.shape[axis] ? [axis] : []));
    return [b.sum(adjoint, axes, true)];
  },
  reference([x], node) {
    const shape = node.inputs[0].type.shape;
    const strides = coordinates(shape).strides.map((stride, axis) =>
      shape[axis] === 1 ? 0 : stride,
    );
    const result = new Float64Array(elements(node.type.shape));
    coordinates(node.type.shape).forEach((at, i) => {
      let from = 0;
      for (let d = 0; d < at.length; d++) from += at[d]! * strides[d]!;
      result[i] = x![from]!;
    });
    return result;
  },
  lowering: { kind: "index" },
};
