/**
 * Kernels whose tensors are larger than a binding → kernels over blocks of their loops, and the part of each large tensor
 * that a block is bound to. A tensor that any block may touch anywhere (rows looked up by index, a folded axis) is bound
 * in several parts.
 */
import type { Node } from "../ir/node.ts";
import { type Access, accessesOf } from "./accesses.ts";
import type { Kernel, PlannedKernel, Temporary } from "./kernel.ts";
import type { Linear, Variable } from "./linear.ts";
import { bytesOf, temporaries } from "./memory.ts";
import { type Cell, restricted } from "./restricted.ts";

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

type Accesses = ReadonlyMap<Node | Temporary, readonly Access[]>;

/** Any adapter binds at multiples of it. */
const alignment = 256;

/** Bytes of a part of a tensor that is bound in several: the largest power of two that can be bound. */
export function partBytes(mostBytes: number): number {
  return 2 ** Math.floor(Math.log2(mostBytes));
}

/** The kernel as it is when all it touches can be bound, else in blocks. `mostBytes`: of one binding. */
export function blocksOf({ kernel }: Pick<PlannedKernel, "kernel">, mostBytes: number): Block[] {
  const large = largeTensors(kernel, mostBytes);
  if (large.size === 0) return [{ kernel, windows: new Map() }];
  const sizes = blockSizes(kernel, large, mostBytes);
  return cells(sizes).map((cell) => {
    const part = cell.size === 0 ? kernel : restricted(kernel, cell);
    return { kernel: part, windows: windowsOf(part, mostBytes) };
  });
}

/** How many blocks `blocksOf` makes. */
export function blockCount(planned: Omit<PlannedKernel, "label">, mostBytes: number): number {
  if (![...tensorsOf(planned)].some((tensor) => bytesOf(tensor) > mostBytes)) return 1;
  const large = largeTensors(planned.kernel, mostBytes);
  return cells(blockSizes(planned.kernel, large, mostBytes)).length;
}

function tensorsOf(planned: Omit<PlannedKernel, "label">): ReadonlySet<Node | Temporary> {
  const { reads, writes, overwrites } = planned;
  return new Set([...reads, ...writes, ...overwrites, ...temporaries(planned)]);
}

/** Storage bindings of the block that needs most. */
export function bindingsOf(planned: Omit<PlannedKernel, "label">, mostBytes: number): number {
  const tensors = tensorsOf(planned);
  if (![...tensors].some((tensor) => bytesOf(tensor) > mostBytes)) return tensors.size;
  const large = largeTensors(planned.kernel, mostBytes);
  const sizes = blockSizes(planned.kernel, large, mostBytes);
  const extra = [...large].map(([tensor, accesses]) =>
    windowOf(tensor, accesses, sizes).bytes > mostBytes ? partsOf(tensor, mostBytes) - 1 : 0,
  );
  return extra.reduce((sum, more) => sum + more, tensors.size);
}

function partsOf(tensor: Node | Temporary, mostBytes: number): number {
  return Math.ceil(bytesOf(tensor) / partBytes(mostBytes));
}

/** Tensors that cannot be bound whole → where the kernel touches them. */
function largeTensors(kernel: Kernel, mostBytes: number): Accesses {
  const groups = new Map<Node | Temporary, Access[]>();
  for (const access of accessesOf(kernel)) {
    if (bytesOf(access.tensor) <= mostBytes) continue;
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
    case "attention":
      return [...kernel.batch, kernel.column];
    case "scatter":
      return [];
  }
}

/** How many values of each loop a block takes, so that what it touches of each tensor fits a binding where it can. */
function blockSizes(
  kernel: Kernel,
  large: Accesses,
  mostBytes: number,
): ReadonlyMap<Variable, number> {
  const sizes = new Map(loops(kernel).map((loop) => [loop, loop.extent]));
  for (const [tensor, accesses] of large) {
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
  const steps = sizes.get(loop)! - 1;
  const factors = accesses.map(
    ({ form }) => form.terms.find(({ variable }) => variable === loop)?.factor ?? 0,
  );
  return steps * Math.max(...factors);
}

/** The greatest value of a form while loops take their first values; its offset is the least. */
function greatest(form: Linear, sizes: ReadonlyMap<Variable, number>): number {
  return form.terms.reduce(
    (sum, { variable, factor }) => sum + factor * ((sizes.get(variable) ?? variable.extent) - 1),
    form.offset,
  );
}

/** The bytes that accesses touch, from a multiple of 256 to a multiple of 16. */
function windowOf(
  tensor: Node | Temporary,
  accesses: readonly Access[],
  sizes: ReadonlyMap<Variable, number>,
): { readonly start: number; readonly bytes: number } {
  const whole = bytesOf(tensor);
  const size = "type" in tensor && tensor.type.dtype === "f16" ? 2 : 4;
  const low = Math.max(0, Math.min(...accesses.map(({ form }) => form.offset))) * size;
  const high = (Math.max(...accesses.map(({ form }) => greatest(form, sizes))) + 1) * size;
  const start = Math.floor(Math.min(low, whole - size) / alignment) * alignment;
  // Somewhere in the tensor: a block that starts elsewhere may lie worse.
  const slack = sizes.size === 0 ? 0 : alignment;
  const end = Math.min(Math.ceil(whole / 16) * 16, Math.ceil(high / 16) * 16 + slack);
  return { start, bytes: Math.max(end - start, 16) };
}

/** Windows of every large tensor of a kernel whose loops are what they are. */
function windowsOf(kernel: Kernel, mostBytes: number): ReadonlyMap<Node | Temporary, Window> {
  const windows = new Map<Node | Temporary, Window>();
  for (const [tensor, accesses] of largeTensors(kernel, mostBytes)) {
    const window = windowOf(tensor, accesses, new Map());
    if (window.bytes <= mostBytes) windows.set(tensor, { ...window, parts: 1 });
    else {
      const bytes = Math.ceil(bytesOf(tensor) / 16) * 16;
      windows.set(tensor, { start: 0, bytes, parts: partsOf(tensor, mostBytes) });
    }
  }
  return windows;
}

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
