/** An order in which every kernel runs after what it reads, and before what it reads is overwritten. */
import type { Node } from "../ir/node.ts";
import type { PlannedKernel } from "./kernel.ts";
import { partsOf } from "./packs.ts";

/** Kernels that wait for one another: new values of parameters that read each other's old ones. */
export class Circle extends Error {
  readonly kernels: readonly PlannedKernel[];
  constructor(kernels: readonly PlannedKernel[]) {
    super(`kernels wait for one another: ${kernels.map((kernel) => kernel.label).join(", ")}`);
    this.kernels = kernels;
  }
}

/** @throws `Circle` */
export function order(kernels: readonly PlannedKernel[]): PlannedKernel[] {
  const writer = new Map<Node, number>();
  kernels.forEach((kernel, i) => {
    for (const node of kernel.writes) writer.set(node, i);
  });
  const after: Set<number>[] = kernels.map(() => new Set());
  const readers = new Map<Node, number[]>();
  kernels.forEach((kernel, i) => {
    for (const node of withParts(kernel.reads)) {
      const from = writer.get(node);
      if (from !== undefined && from !== i) after[i]!.add(from);
      if (!readers.has(node)) readers.set(node, []);
      readers.get(node)!.push(i);
    }
  });
  kernels.forEach((kernel, i) => {
    for (const state of withParts(kernel.overwrites)) {
      for (const reader of readers.get(state) ?? []) if (reader !== i) after[i]!.add(reader);
    }
  });
  const waiting = after.map((set) => set.size);
  const then: number[][] = kernels.map(() => []);
  after.forEach((set, i) => {
    for (const before of set) then[before]!.push(i);
  });
  const ready = new SmallestFirst();
  waiting.forEach((count, i) => {
    if (count === 0) ready.add(i);
  });
  const result: PlannedKernel[] = [];
  for (let next = ready.take(); next !== undefined; next = ready.take()) {
    result.push(kernels[next]!);
    for (const i of then[next]!) {
      waiting[i]! -= 1;
      if (waiting[i] === 0) ready.add(i);
    }
  }
  if (result.length < kernels.length) {
    const done = new Set(result);
    throw new Circle(kernels.filter((kernel) => !done.has(kernel)));
  }
  return result;
}

/** Nodes, and what stands in those that are packs. */
function withParts(nodes: ReadonlySet<Node>): readonly Node[] {
  return [...nodes].flatMap((node) => [node, ...partsOf(node)]);
}

/** A heap of numbers: deterministic and close to the order of the graph. */
class SmallestFirst {
  readonly #heap: number[] = [];

  add(value: number): void {
    const heap = this.#heap;
    heap.push(value);
    for (let i = heap.length - 1; i > 0; ) {
      const up = (i - 1) >> 1;
      if (heap[up]! <= heap[i]!) break;
      [heap[up], heap[i]] = [heap[i]!, heap[up]!];
      i = up;
    }
  }

  take(): number | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || heap.length === 0) return first;
    heap[0] = last!;
    for (let i = 0; ; ) {
      const left = 2 * i + 1;
      if (left >= heap.length) break;
      const smaller = left + 1 < heap.length && heap[left + 1]! < heap[left]! ? left + 1 : left;
      if (heap[i]! <= heap[smaller]!) break;
      [heap[i], heap[smaller]] = [heap[smaller]!, heap[i]!];
      i = smaller;
    }
    return first;
  }
}
