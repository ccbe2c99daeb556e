/** Tensors one after another in one buffer: what an optimizer changes in one go. */
import { invariant } from "../invariant.ts";
import { packLayout } from "../ir/pack-layout.ts";
import type { OpRule } from "../ir/rule.ts";
import { elements, typeText } from "../ir/tensor-type.ts";

export const pack: OpRule<"pack"> = {
  infer(parts) {
    invariant(
      parts.length > 0 && parts.every(({ type }) => type.dtype === "f32"),
      () => `pack of ${parts.map((part) => typeText(part.type)).join(", ")}`,
    );
    return { shape: [packLayout(parts.map(({ type }) => type.shape)).size], dtype: "f32" };
  },
  gradient({ inputs }, adjoint, b) {
    const { starts } = packLayout(inputs.map(({ type }) => type.shape));
    return inputs.map(({ type }, i) => b.unpack(adjoint, starts[i]!, type.shape));
  },
  reference(inputs, node) {
    const { starts, size } = packLayout(node.inputs.map(({ type }) => type.shape));
    const result = new Float64Array(size);
    node.inputs.forEach(({ type }, i) => {
      if (elements(type.shape) > 0) result.set(inputs[i]!, starts[i]!);
    });
    return result;
  },
  lowering: { kind: "index" },
};
