/** A box cut out of a tensor. */
import { invariant } from "../invariant.ts";
import type { OpRule } from "../ir/rule.ts";
import { elements, typeText } from "../ir/tensor-type.ts";
import { coordinates } from "./coordinates.ts";

export const slice: OpRule<"slice"> = {
  infer([x], { start, end }) {
    invariant(
      x.type.shape.every(
        (size, axis) => 0 <= start[axis]! && start[axis]! <= end[axis]! && end[axis]! <= size,
      ),
      () => `slice of ${typeText(x.type)} from [${start}] to [${end}]`,
    );
    return { shape: start.map((from, axis) => end[axis]! - from), dtype: x.type.dtype };
  },
  gradient({ inputs: [x], attributes: { start, end } }, adjoint, b) {
    const after = end.map((to, axis) => x.type.shape[axis]! - to);
    return [b.make("pad", [adjoint], { before: start, after })];
  },
  reference([x], node) {
    const { strides } = coordinates(node.inputs[0].type.shape);
    const result = new Float64Array(elements(node.type.shape));
    coordinates(node.type.shape).forEach((at, i) => {
      let from = 0;
      for (let d = 0; d < at.length; d++)
        from += (at[d]! + node.attributes.start[d]!) * strides[d]!;
      result[i] = x![from]!;
    });
    return result;
  },
  lowering: { kind: "index" },
};
