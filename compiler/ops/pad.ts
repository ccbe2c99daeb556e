/** Zeros around a tensor. */
import { invariant } from "../invariant.ts";
import type { OpRule } from "../ir/rule.ts";
import { elements, typeText } from "../ir/tensor-type.ts";
import { coordinates } from "./coordinates.ts";

export const pad: OpRule<"pad"> = {
  infer([x], { before, after }) {
    const rank = x.type.shape.length;
    invariant(
      before.length === rank &&
        after.length === rank &&
        [...before, ...after].every((size) => size >= 0),
      () => `pad of ${typeText(x.type)} by [${before}] and [${after}]`,
    );
    return {
      shape: x.type.shape.map((size, axis) => before[axis]! + size + after[axis]!),
      dtype: x.type.dtype,
    };
  },
  gradient({ inputs: [x], attributes: { before } }, adjoint, b) {
    const end = before.map((start, axis) => start + x.type.shape[axis]!);
    return [b.make("slice", [adjoint], { start: before, end })];
  },
  reference([x], node) {
    const { strides } = coordinates(node.type.shape);
    const result = new Float64Array(elements(node.type.shape));
    coordinates(node.inputs[0].type.shape).forEach((at, i) => {
      let to = 0;
      for (let d = 0; d < at.length; d++) to += (at[d]! + node.attributes.before[d]!) * strides[d]!;
      result[to] = x![i]!;
    });
    return result;
  },
  lowering: { kind: "index" },
};
