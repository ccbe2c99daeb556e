/** Same elements in the same row-major order, other sizes. */
import { invariant } from "../invariant.ts";
import type { OpRule } from "../ir/rule.ts";
import { elements, typeText } from "../ir/tensor-type.ts";

export const reshape: OpRule<"reshape"> = {
  infer([x], { shape }) {
    invariant(
      elements(shape) === elements(x.type.shape),
      () => `reshape of ${typeText(x.type)} to [${shape}]`,
    );
    return { shape, dtype: x.type.dtype };
  },
  gradient: ({ inputs: [x] }, adjoint, b) => [b.reshape(adjoint, x.type.shape)],
  reference: ([x]) => x!,
  lowering: { kind: "index" },
};
