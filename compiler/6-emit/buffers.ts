/** Plan → the device buffers that its program has: a list that is known before any kernel is printed. */
import type { Temporary } from "../5-schedule/kernel.ts";
import type { Plan } from "../5-schedule/plan.ts";
import { isSplat } from "../5-schedule/stored.ts";
import { type Node, type NodeOf, reachable } from "../ir/node.ts";
import { elements, storageBytes } from "../ir/tensor-type.ts";
import { type BufferSpec, uniformStride } from "../program.ts";
import { readbackLayout } from "../readback-layout.ts";
import { launchCount } from "./launch-count.ts";

/** One device allocation. */
export interface PlannedBuffer {
  readonly kind: BufferSpec["kind"];
  /** Multiple of 16. */
  readonly bytes: number;
  readonly name: string;
  /** What it holds, one after the other; scratch buffers may hold several. */
  readonly tenants: readonly (Node | Temporary)[];
}

/** Inputs, state and constants in the order of the graph, then the slots, the uniform blocks, and what the host reads. */
export function buffersOf(plan: Plan): readonly PlannedBuffer[] {
  const { graph, kernels, slots, places } = plan;
  const overwritten = graph.updates.map(({ target }) => target as Node);
  const read = new Set<Node>([...graph.outputs.values(), ...overwritten]);
  for (const kernel of kernels) for (const node of kernel.reads) read.add(node);
  const buffers: PlannedBuffer[] = [];
  const values = graph.updates.map(({ value }) => value);
  const packs = new Set<Node>();
  for (const node of reachable([...graph.outputs.values(), ...overwritten, ...values])) {
    const pack = node.op === "parameter" ? places.get(node)?.pack : undefined;
    if (pack !== undefined) {
      const bytes = storageBytes(pack.type);
      if (!packs.has(pack))
        buffers.push({ kind: "state", bytes, name: nameOf(pack), tenants: [pack] });
      packs.add(pack);
      continue;
    }
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
  const launches = launchCount(plan);
  if (launches > 0)
    buffers.push({
      kind: "uniform",
      bytes: launches * uniformStride,
      name: `uniforms of ${graph.name}`,
      tenants: [],
    });
  return [...buffers, ...readbacks(graph)];
}

/** A run that changes state is read while the next one is under way; others are read before the next one is sent. */
function readbacks({ name, outputs, updates }: Plan["graph"]): readonly PlannedBuffer[] {
  const { bytes } = readbackLayout(
    Array.from(outputs.values(), ({ type }) =>
      elements(type.shape) === 0 ? 0 : storageBytes(type),
    ),
  );
  if (bytes === 0) return [];
  const buffer: PlannedBuffer = {
    kind: "readback",
    bytes: padded(bytes),
    name: `outputs of ${name}`,
    tenants: [],
  };
  return updates.length > 0 ? [buffer, buffer] : [buffer];
}

/** Buffers of programs that run side by side: state of one name is one buffer, wherever a program packs it. */
export function buffersOfAll(plans: readonly Plan[]): readonly PlannedBuffer[] {
  const all = plans.flatMap(buffersOf);
  const known = new Set<string>();
  for (const buffer of all) {
    const paths = pathsIn(buffer);
    if (paths.length > 1) for (const path of paths) known.add(path);
  }
  return all.filter(({ kind, name }) => {
    if (kind !== "state") return true;
    const isNew = !known.has(name);
    known.add(name);
    return isNew;
  });
}

/** Paths of the parameters that a buffer of the state holds. */
export function pathsIn({ kind, tenants }: PlannedBuffer): readonly string[] {
  if (kind !== "state") return [];
  return tenants.flatMap((tenant) => {
    if (!("op" in tenant)) return [];
    const nodes = tenant.op === "pack" ? tenant.inputs : [tenant];
    return nodes.flatMap((node) => (node.op === "parameter" ? [node.attributes.path] : []));
  });
}

/** Packs of a run hold different tensors, so the first one tells them apart. */
function nameOf({ inputs }: NodeOf<"pack">): string {
  const [first] = inputs as readonly NodeOf<"parameter">[];
  return `${first!.attributes.path} and ${inputs.length - 1} more`;
}

/** Buffers are whole vectors of four, so that any of them can be bound as such. */
export function padded(bytes: number): number {
  return 16 * Math.ceil(Math.max(bytes, 1) / 16);
}
