/**
 * Kernels whose tensors are larger than a binding → kernels over blocks of their loops, and the part of each large tensor
 * that a block is bound to. A tensor that any block may touch anywhere (rows looked up by index, a folded axis) is bound
 * in several parts.
 */
import type { Node } from "../ir/node.ts";
import { storageBytes } from "../ir/tensor-type.ts";
import { type Access, accessesOf } from "./accesses.ts";
import type { Kernel, PlannedKernel, Temporary } from "./kernel.ts";
import type { Linear, Variable } from "./linear.ts";
import { restricted } from "./restricted.ts";

/** What a kernel is bound to of a large tensor. Bytes. */
export interface Window {
  /** Where it begins: a multiple of 256. */
  readonly start: number;
  readonly bytes: number;
  /** Bindings, of `partBytes` each but for the last. */
  readonly parts: number;
}

/** A kernel over some of the loops, and its windows; tensors without one are bound whole. */
export interface Block {
  readonly kernel: Kernel;
  readonly windows: ReadonlyMap<Node | Temporary, Window>;
}

/** Any adapter binds at multiples of it. */
const alignment = 256;

/** Bytes of a part of a tensor that is bound in several: the largest power of two that can be bound. */
export function partBytes(mostBytes: number): number {
  return 2 ** Math.floor(Math.log2(mostBytes));
}

/** Bytes of what a kernel reads or writes. */
export function bytesOf(tensor: Node | Temporary): number {
  return "label" in tensor ? tensor.bytes : storageBytes(tensor.type);
}

/** The kernel as it is when all it touches can be bound, else in blocks. `mostBytes`: of one binding. */
export function blocksOf({ kernel }: Pick<PlannedKernel, "kernel">, mostBytes: number): Block[] {
  const large = accessesOf(kernel).filter(({ tensor }) => bytesOf(tensor) > mostBytes);
  if (large.length === 0) return [{ kernel, windows: new Map() }];
  const sizes = blockSizes(kernel, large, mostBytes);
  return cells(sizes).map((cell) => {
    const part = cell.size === 0 ? kernel : restricted(kernel, cell);
    return { kernel: part, windows: windowsOf(part, mostBytes) };
  });
}

/** Storage bindings of the block that needs most. */
export function bindingsOf(planned: PlannedKernel, mostBytes: number): number {
  const tensors = new Set<Node | Temporary>([
    ...planned.reads,
    ...planned.writes,
    ...planned.overwrites,
  ]);
  const { kernel } = planned;
  if (kernel.kind === "scatter") tensors.add(kernel.head).add(kernel.next);
  if (![...tensors].some((tensor) => bytesOf(tensor) > mostBytes)) return tensors.size;
  const large = accessesOf(kernel).filter(({ tensor }) => bytesOf(tensor) > mostBytes);
  const sizes = blockSizes(kernel, large, mostBytes);
  const extra = [...byTensor(large)].map(([tensor, accesses]) =>
    windowOf(tensor, accesses, sizes).bytes > mostBytes ? partsOf(tensor, mostBytes) - 1 : 0,
  );
  return extra.reduce((sum, more) => sum + more, tensors.size);
}

function partsOf(tensor: Node | Temporary, mostBytes: number): number {
  return Math.ceil(bytesOf(tensor) / partBytes(mostBytes));
}

function byTensor(accesses: readonly Access[]): ReadonlyMap<Node | Temporary, readonly Access[]> {
  const groups = new Map<Node | Temporary, Access[]>();
  for (const access of accesses) {
    const group = groups.get(access.tensor) ?? [];
    group.push(access);
    groups.set(access.tensor, group);
  }
  return groups;
}

/** Loops that may be cut: those that no fold runs over. */
function loops(kernel: Kernel): readonly Variable[] {
  switch (kernel.kind) {
    case "map":
      return kernel.variables;
    case "rows":
      return kernel.rows;
    case "matmul":
      return [...kernel.batch, kernel.row, kernel.column];
    case "scatter":
      return [];
  }
}

/** How many values of each loop a block takes, so that what it touches of each tensor fits a binding where it can. */
function blockSizes(
  kernel: Kernel,
  large: readonly Access[],
  mostBytes: number,
): ReadonlyMap<Variable, number> {
  const sizes = new Map(loops(kernel).map((loop) => [loop, loop.extent]));
  for (const [tensor, accesses] of byTensor(large)) {
    const least = new Map([...sizes.keys()].map((loop) => [loop, 1]));
    if (windowOf(tensor, accesses, least).bytes > mostBytes) continue;
    while (windowOf(tensor, accesses, sizes).bytes > mostBytes) {
      const widest = [...sizes.keys()].reduce((a, b) =>
        reach(accesses, b, sizes) > reach(accesses, a, sizes) ? b : a,
      );
      sizes.set(widest, half(sizes.get(widest)!));
    }
  }
  return sizes;
}

/** Halves stay multiples of four where they can, so that neighbors can be taken four at a time. */
function half(size: number): number {
  const step = size >= 512 ? 64 : size > 4 ? 4 : 1;
  const halved = Math.ceil(size / 2 / step) * step;
  return halved < size ? halved : Math.ceil(size / 2);
}

/** How far a loop moves through a tensor. */
function reach(
  accesses: readonly Access[],
  loop: Variable,
  sizes: ReadonlyMap<Variable, number>,
): number {
  const own = new Map([...sizes].map(([each, size]) => [each, each === loop ? size : 1]));
  const size = sizes.get(loop)!;
  if (size === 1) return 0;
  return Math.max(
    ...accesses.map(({ form }) => {
      const [low, high] = range(form, own);
      const still = new Map([...own].map(([each]) => [each, 1]));
      const [first, last] = range(form, still);
      return high - low - (last - first);
    }),
  );
}

/** Least and greatest value of a form while loops take their first values; they move it by the same wherever they start. */
function range(
  form: Linear,
  sizes: ReadonlyMap<Variable, number>,
): readonly [least: number, greatest: number] {
  let greatest = form.offset;
  for (const { variable, factor } of form.terms)
    greatest += factor * ((sizes.get(variable) ?? variable.extent) - 1);
  return [form.offset, greatest];
}

/** The bytes that accesses touch, from a multiple of 256 to a multiple of 16. */
function windowOf(
  tensor: Node | Temporary,
  accesses: readonly Access[],
  sizes: ReadonlyMap<Variable, number>,
): { readonly start: number; readonly bytes: number } {
  const whole = bytesOf(tensor);
  const size = "type" in tensor && tensor.type.dtype === "f16" ? 2 : 4;
  const ranges = accesses.map(({ form }) => range(form, sizes));
  const low = Math.max(0, Math.min(...ranges.map(([least]) => least))) * size;
  const high = (Math.max(...ranges.map(([, greatest]) => greatest)) + 1) * size;
  const start = Math.floor(Math.min(low, whole - size) / alignment) * alignment;
  // Somewhere in the tensor: a block that starts elsewhere may lie worse.
  const slack = sizes.size === 0 ? 0 : alignment;
  const end = Math.min(Math.ceil(whole / 16) * 16, Math.ceil(high / 16) * 16 + slack);
  return { start, bytes: Math.max(end - start, 16) };
}

/** Windows of every large tensor of a kernel whose loops are what they are. */
function windowsOf(kernel: Kernel, mostBytes: number): ReadonlyMap<Node | Temporary, Window> {
  const large = accessesOf(kernel).filter(({ tensor }) => bytesOf(tensor) > mostBytes);
  const windows = new Map<Node | Temporary, Window>();
  for (const [tensor, accesses] of byTensor(large)) {
    const window = windowOf(tensor, accesses, new Map());
    if (window.bytes <= mostBytes) windows.set(tensor, { ...window, parts: 1 });
    else {
      const bytes = Math.ceil(bytesOf(tensor) / 16) * 16;
      windows.set(tensor, { start: 0, bytes, parts: partsOf(tensor, mostBytes) });
    }
  }
  return windows;
}

/** Where each cut loop starts and how many values it takes. */
export type Cell = ReadonlyMap<Variable, { readonly start: number; readonly size: number }>;

/** All blocks, the last loop fastest. */
function cells(sizes: ReadonlyMap<Variable, number>): readonly Cell[] {
  let result: Cell[] = [new Map()];
  for (const [loop, size] of sizes) {
    if (size === loop.extent) continue;
    const starts = Array.from({ length: Math.ceil(loop.extent / size) }, (_, i) => i * size);
    result = result.flatMap((cell) =>
      starts.map((start) => {
        const own = { start, size: Math.min(size, loop.extent - start) };
        return new Map([...cell, [loop, own] as const]);
      }),
    );
  }
  return result;
}
