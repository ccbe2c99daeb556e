/** Nodes that one kernel computes, and the kernel that was made of them. */
import type { Node } from "../ir/node.ts";
import type { Kernel } from "./kernel.ts";

/** A node to compute, and the buffer to write: its own, or a parameter's. */
export interface Member {
  readonly node: Node;
  readonly to: Node;
}

/** Nodes that one kernel computes. */
export interface Group {
  readonly kind: Kernel["kind"];
  /** The product or the scatter; undefined for maps and rows. */
  readonly anchor: Node | undefined;
  readonly members: readonly Member[];
}

/** A kernel, and the nodes whose buffers it reads. */
export interface Realized {
  readonly kernel: Kernel;
  readonly reads: ReadonlySet<Node>;
}
