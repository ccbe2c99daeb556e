/** Whole-buffer slots reused by lifetime: every stored tensor gets one while it lives. */
import type { Node } from "../ir/node.ts";
import { storageBytes } from "../ir/tensor-type.ts";
import type { PlannedKernel, Temporary } from "./kernel.ts";
import type { Place } from "./packs.ts";

export interface Slots {
  /** Bytes of each slot. */
  readonly bytes: readonly number[];
  readonly of: ReadonlyMap<Node | Temporary, number>;
}

/** A tensor and the kernels between which it lives, both included. */
interface Tenant {
  readonly tensor: Node | Temporary;
  readonly bytes: number;
  readonly first: number;
  last: number;
}

/**
 * `kept` nodes (outputs) hold a slot of their own to the end, and so do packs: the zeros between their parts stay. A part has
 * none but its pack's. The others largest first, each into the slot that stands empty for the shortest time before or after
 * it; so a slot is no larger than its first tenant. Pisarchyk & Lee 2020, arXiv:2001.03288, section 4.3.
 */
export function slots(
  kernels: readonly PlannedKernel[],
  kept: ReadonlySet<Node>,
  places: ReadonlyMap<Node, Place>,
): Slots {
  const bytes: number[] = [];
  const of = new Map<Node | Temporary, number>();
  const tenants: (readonly Tenant[])[] = [];
  for (const each of tenantsOf(kernels, places).toSorted(
    (x, y) => y.bytes - x.bytes || x.first - y.first,
  )) {
    const { tensor } = each;
    const own = !("label" in tensor) && (kept.has(tensor) || tensor.op === "pack");
    const slot = own ? -1 : closest(tenants, each);
    if (slot < 0) {
      of.set(tensor, bytes.push(each.bytes) - 1);
      tenants.push(own ? [{ ...each, first: 0, last: kernels.length }] : [each]);
    } else {
      of.set(tensor, slot);
      tenants[slot] = [...tenants[slot]!, each];
    }
  }
  return { bytes, of };
}

function tenantsOf(
  kernels: readonly PlannedKernel[],
  places: ReadonlyMap<Node, Place>,
): readonly Tenant[] {
  const found = new Map<Node | Temporary, Tenant>();
  const packOr = (node: Node) => places.get(node)?.pack ?? node;
  kernels.forEach((planned, at) => {
    for (const tensor of [...[...planned.writes].map(packOr), ...temporaries(planned)])
      if (!found.has(tensor))
        found.set(tensor, { tensor, bytes: bytesOf(tensor), first: at, last: at });
    for (const tensor of planned.reads) {
      const tenant = found.get(tensor);
      if (tenant !== undefined) tenant.last = at;
    }
  });
  return [...found.values()];
}

/** The slot that is free while `tenant` lives and was in use, or will be, closest to it; -1 when none is free. */
function closest(slots: readonly (readonly Tenant[])[], { first, last }: Tenant): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  slots.forEach((others, slot) => {
    let gap = Number.POSITIVE_INFINITY;
    for (const other of others) {
      const distance = other.first > last ? other.first - last : first - other.last;
      if (distance <= 0) return;
      gap = Math.min(gap, distance);
    }
    if (gap >= least) return;
    least = gap;
    best = slot;
  });
  return best;
}

/** Bytes of what a kernel reads or writes. */
export function bytesOf(tensor: Node | Temporary): number {
  return "label" in tensor ? tensor.bytes : storageBytes(tensor.type);
}

export function temporaries({ kernel }: Pick<PlannedKernel, "kernel">): readonly Temporary[] {
  return kernel.kind === "scatter" ? [kernel.head, kernel.next] : [];
}
