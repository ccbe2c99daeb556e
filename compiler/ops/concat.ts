/** Tensors one after another along an axis. */
import { invariant } from "../invariant.ts";
import type { OpRule } from "../ir/rule.ts";
import { elements, typeText } from "../ir/tensor-type.ts";

export const concat: OpRule<"concat"> = {
  infer(parts, { axis }) {
    const first = parts[0]!.type;
    invariant(
      parts.every(
        ({ type }) =>
          type.dtype === first.dtype &&
          type.shape.length === first.shape.length &&
          type.shape.every((size, i) => i === axis || size === first.shape[i]),
      ),
      () => `concat of ${parts.map((part) => typeText(part.type)).join(", ")} along ${axis}`,
    );
    const size = parts.reduce((sum, part) => sum + part.type.shape[axis]!, 0);
    return { shape: first.shape.map((old, i) => (i === axis ? size : old)), dtype: first.dtype };
  },
  gradient({ inputs, attributes: { axis } }, adjoint, b) {
    let start = 0;
    return inputs.map((part) => {
      const end = start + part.type.shape[axis]!;
      const piece = b.slice(adjoint, axis, start, end);
      start = end;
      return piece;
    });
  },
  reference(inputs, node) {
    const { axis } = node.attributes;
    const outer = elements(node.type.shape.slice(0, axis));
    const result = new Float64Array(elements(node.type.shape));
    let to = 0;
    for (let row = 0; row < outer; row++) {
      for (const [i, part] of node.inputs.entries()) {
        const run = elements(part.type.shape.slice(axis));
        result.set(inputs[i]!.subarray(row * run, (row + 1) * run), to);
        to += run;
      }
    }
    return result;
  },
  lowering: { kind: "index" },
};
