/** Folds axes away by sum or greatest value. */
import { invariant } from "../invariant.ts";
import type { OpRule } from "../ir/rule.ts";
import { elements, typeText } from "../ir/tensor-type.ts";
import { coordinates } from "./coordinates.ts";

export const reduce: OpRule<"reduce"> = {
  infer([x], { axes, kind }) {
    const rank = x.type.shape.length;
    invariant(
      axes.length > 0 &&
        axes.every((axis, i) => axis >= 0 && axis < rank && (i === 0 || axis > axes[i - 1]!)),
      () => `reduce of ${typeText(x.type)} over axes [${axes}]`,
    );
    invariant(x.type.dtype !== "bool", () => `reduce ${kind} of ${typeText(x.type)}`);
    return { shape: x.type.shape.filter((_, axis) => !axes.includes(axis)), dtype: x.type.dtype };
  },
  /** Of equal greatest elements each gets an equal share. */
  gradient(node, adjoint, b) {
    const [x] = node.inputs;
    const { axes, kind } = node.attributes;
    const kept = x.type.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const spread = (y: typeof adjoint) => b.broadcastTo(b.reshape(y, kept), x.type.shape);
    if (kind === "sum") return [spread(adjoint)];
    const greatest = b.cast(b.equal(x, spread(node)), x.type.dtype);
    return [b.mul(greatest, spread(b.div(adjoint, b.sum(greatest, axes))))];
  },
  reference([x], node) {
    const { axes, kind } = node.attributes;
    const shape = node.inputs[0].type.shape;
    const result = new Float64Array(elements(node.type.shape)).fill(
      kind === "sum" ? 0 : Number.NEGATIVE_INFINITY,
    );
    const strides = coordinates(node.type.shape).strides;
    let axis = 0;
    const kept = shape.map((_, i) => (axes.includes(i) ? 0 : strides[axis++]!));
    coordinates(shape).forEach((at, i) => {
      let to = 0;
      for (let d = 0; d < at.length; d++) to += at[d]! * kept[d]!;
      result[to] = kind === "sum" ? result[to]! + x![i]! : Math.max(result[to]!, x![i]!);
    });
    return result;
  },
  lowering: { kind: "fold" },
};
