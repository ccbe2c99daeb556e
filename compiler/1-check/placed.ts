/** A value with the place that set it. */
import type { Span } from "../../grammar/source.ts";

/** A value and where it was set: in a file, in an `extend`, or by `--set`. Defaults point at the block. */
export interface Placed<T> {
  readonly value: T;
  readonly span: Span;
  /** True when nobody wrote it: `span` is then the header of the block. */
  readonly isDefault: boolean;
}
