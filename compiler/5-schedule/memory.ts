/** Whole-buffer slots reused by lifetime: every stored tensor gets one while it lives. */
import type { Node } from "../ir/node.ts";
import { storageBytes } from "../ir/tensor-type.ts";
import type { PlannedKernel, Temporary } from "./kernel.ts";

export interface Slots {
  /** Bytes of each slot. */
  readonly bytes: readonly number[];
  readonly of: ReadonlyMap<Node | Temporary, number>;
}

/** `kept` nodes (outputs) hold a slot of their own to the end. */
export function slots(kernels: readonly PlannedKernel[], kept: ReadonlySet<Node>): Slots {
  const lastUse = new Map<Node | Temporary, number>();
  kernels.forEach((planned, i) => {
    for (const node of [...planned.reads, ...planned.writes, ...temporaries(planned)])
      lastUse.set(node, i);
  });
  const bytes: number[] = [];
  const of = new Map<Node | Temporary, number>();
  const free: number[] = [];
  kernels.forEach((planned, i) => {
    for (const node of [...planned.writes, ...temporaries(planned)]) {
      const need = bytesOf(node);
      const own = !("label" in node) && kept.has(node);
      of.set(node, own ? bytes.push(need) - 1 : take(free, bytes, need));
    }
    for (const node of new Set([...planned.reads, ...planned.writes, ...temporaries(planned)])) {
      const slot = of.get(node);
      if (slot === undefined || lastUse.get(node) !== i || (!("label" in node) && kept.has(node)))
        continue;
      free.push(slot);
    }
  });
  return { bytes, of };
}

/** Bytes of what a kernel reads or writes. */
export function bytesOf(tensor: Node | Temporary): number {
  return "label" in tensor ? tensor.bytes : storageBytes(tensor.type);
}

export function temporaries({ kernel }: Pick<PlannedKernel, "kernel">): readonly Temporary[] {
  return kernel.kind === "scatter" ? [kernel.head, kernel.next] : [];
}

/** The smallest free slot that is large enough, else the largest one grown, else a new one. */
function take(free: number[], bytes: number[], need: number): number {
  let best = -1;
  for (let i = 0; i < free.length; i++) {
    const size = bytes[free[i]!]!;
    const chosen = best < 0 ? -1 : bytes[free[best]!]!;
    const better = chosen < need ? size > chosen : size >= need && size < chosen;
    if (best < 0 || better) best = i;
  }
  if (best < 0) return bytes.push(need) - 1;
  const slot = free.splice(best, 1)[0]!;
  bytes[slot] = Math.max(bytes[slot]!, need);
  return slot;
}
