/** Plan → the device buffers that its program has: a list that is known before any kernel is printed. */
import type { Temporary } from "../5-schedule/kernel.ts";
import type { Plan } from "../5-schedule/plan.ts";
import { isSplat } from "../5-schedule/stored.ts";
import { type Node, reachable } from "../ir/node.ts";
import { storageBytes } from "../ir/tensor-type.ts";
import type { BufferSpec } from "../program.ts";

/** One device allocation. */
export interface PlannedBuffer {
  readonly kind: BufferSpec["kind"];
  /** Multiple of 16. */
  readonly bytes: number;
  readonly name: string;
  /** What it holds, one after the other; scratch buffers may hold several. */
  readonly tenants: readonly (Node | Temporary)[];
}

/** Inputs, state and constants in the order of the graph, then the slots. */
export function buffersOf({ graph, kernels, slots }: Plan): readonly PlannedBuffer[] {
  const overwritten = graph.updates.map(({ target }) => target as Node);
  const read = new Set<Node>([...graph.outputs.values(), ...overwritten]);
  for (const kernel of kernels) for (const node of kernel.reads) read.add(node);
  const buffers: PlannedBuffer[] = [];
  const values = graph.updates.map(({ value }) => value);
  for (const node of reachable([...graph.outputs.values(), ...overwritten, ...values])) {
    const add = (kind: BufferSpec["kind"], name: string) =>
      buffers.push({ kind, bytes: padded(storageBytes(node.type)), name, tenants: [node] });
    if (node.op === "input") add("input", node.attributes.name);
    else if (node.op === "parameter") add("state", node.attributes.path);
    else if (node.op === "constant" && !isSplat(node) && read.has(node))
      add("constant", `constant ${node.type.shape}`);
  }
  const tenants: (Node | Temporary)[][] = slots.bytes.map(() => []);
  for (const [tensor, slot] of slots.of) tenants[slot]!.push(tensor);
  slots.bytes.forEach((bytes, i) => {
    buffers.push({
      kind: "scratch",
      bytes: padded(bytes),
      name: `slot ${i}`,
      tenants: tenants[i]!,
    });
  });
  return buffers;
}

/** Buffers of programs that run side by side: state of one name is one buffer. */
export function buffersOfAll(plans: readonly Plan[]): readonly PlannedBuffer[] {
  const known = new Set<string>();
  return plans.flatMap(buffersOf).filter(({ kind, name }) => {
    if (kind !== "state") return true;
    const isNew = !known.has(name);
    known.add(name);
    return isNew;
  });
}

/** Buffers are whole vectors of four, so that any of them can be bound as such. */
export function padded(bytes: number): number {
  return 16 * Math.ceil(Math.max(bytes, 1) / 16);
}
