/** Index of the first greatest element along an axis. */
import { invariant } from "../invariant.ts";
import type { OpRule } from "../ir/rule.ts";
import { denseStrides, elements, typeText } from "../ir/tensor-type.ts";

export const argmax: OpRule<"argmax"> = {
  infer([x], { axis }) {
    invariant(
      axis >= 0 && axis < x.type.shape.length,
      () => `argmax of ${typeText(x.type)} along ${axis}`,
    );
    return { shape: x.type.shape.filter((_, i) => i !== axis), dtype: "i32" };
  },
  gradient: () => null,
  reference([x], node) {
    const { axis } = node.attributes;
    const shape = node.inputs[0].type.shape;
    const stride = denseStrides(shape)[axis]!;
    const size = shape[axis]!;
    return Float64Array.from({ length: elements(node.type.shape) }, (_, i) => {
      const start = Math.floor(i / stride) * stride * size + (i % stride);
      let best = 0;
      for (let k = 1; k < size; k++)
        if (x![start + k * stride]! > x![start + best * stride]!) best = k;
      return best;
    });
  },
  lowering: { kind: "fold" },
};
