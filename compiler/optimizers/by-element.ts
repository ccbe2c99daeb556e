/** Settings of an optimizer's step over several tensors at once: those that differ by tensor may be tensors. */
import type { Node } from "../ir/node.ts";

export type ByElement<
  T extends { readonly weightDecay: number; readonly rateScale?: number | undefined },
> = Omit<T, "weightDecay" | "rateScale"> & {
  readonly weightDecay: number | Node;
  readonly rateScale?: number | Node;
};
