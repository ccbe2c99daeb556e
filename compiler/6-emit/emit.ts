/** Plan → Program: WGSL for every kernel, equal shaders once, every tensor in its buffer. */

import { blocksOf, partBytes } from "../5-schedule/blocks.ts";
import type { Kernel, PlannedKernel, Temporary } from "../5-schedule/kernel.ts";
import { bytesOf, temporaries } from "../5-schedule/memory.ts";
import type { Plan } from "../5-schedule/plan.ts";
import { isSplat } from "../5-schedule/stored.ts";
import { invariant } from "../invariant.ts";
import type { Node, NodeOf } from "../ir/node.ts";
import { elements, type TensorType } from "../ir/tensor-type.ts";
import type {
  BufferSpec,
  Dispatch,
  DispatchWindow,
  Program,
  Shader,
  StorageType,
  TensorSlot,
} from "../program.ts";
import { emitAttention } from "./attention.ts";
import { base64 } from "./base64.ts";
import { buffersOf, padded } from "./buffers.ts";
import type { EmitContext, Launch } from "./launch.ts";
import { launchCount } from "./launch-count.ts";
import { emitMap } from "./map.ts";
import { emitMatmul } from "./matmul.ts";
import { emitRows } from "./rows.ts";
import { emitScatter } from "./scatter-add.ts";
import type { BufferWindow } from "./shader-text.ts";

/** Runs after `5-schedule`. The same plan gives the same bytes. */
export function emit(plan: Plan): Program {
  const { graph, target, kernels } = plan;
  const buffers: BufferSpec[] = [];
  const indices = new Map<Node | Temporary, number>();
  const views: View[] = [];
  const inputs: TensorSlot[] = [];
  const state: (TensorSlot & { written: boolean })[] = [];
  const overwritten = new Set(graph.updates.map(({ target: parameter }) => parameter as Node));
  for (const { kind, bytes, name, tenants } of buffersOf(plan)) {
    const buffer = buffers.length;
    const view = views.push({ buffer, start: 0, bytes }) - 1;
    for (const tenant of tenants) indices.set(tenant, view);
    const node = tenants[0];
    const isUnnamed = kind === "scratch" || kind === "uniform" || kind === "readback";
    if (isUnnamed || node === undefined || "label" in node) {
      buffers.push({ kind, bytes, name });
      continue;
    }
    const { shape } = node.type;
    const type = storageOf(node.type);
    if (kind === "input") inputs.push({ name, buffer, shape, type });
    const states = kind !== "state" ? [] : node.op === "pack" ? node.inputs : [node];
    for (const each of states as readonly NodeOf<"parameter">[]) {
      const { path: own, shape } = each.attributes;
      const offset = 4 * (plan.places.get(each)?.start ?? 0);
      const written = overwritten.has(each);
      const at = offset === 0 ? { buffer } : { buffer, offset };
      state.push({ name: own, ...at, shape, type: storageOf(each.type), written });
    }
    buffers.push(
      node.op === "constant"
        ? { kind, bytes, name, data: constantData(node.attributes.data, node.type, bytes) }
        : { kind, bytes, name },
    );
  }
  for (const [part, { pack, start }] of plan.places) {
    const whole = views[indices.get(pack)!]!;
    const bytes = padded(bytesOf(part));
    indices.set(part, views.push({ buffer: whole.buffer, start: 4 * start, bytes }) - 1);
  }
  const context: EmitContext = {
    target,
    windows: new Map(),
    bufferOf(node) {
      const own = indices.get(node);
      if (own !== undefined) return own;
      invariant(
        "type" in node && elements(node.type.shape) === 0,
        () => `no buffer for ${"label" in node ? node.label : `${node.op} ${node.origin.path}`}`,
      );
      const buffer = buffers.push({ kind: "scratch", bytes: 16, name: "empty" }) - 1;
      const view = views.push({ buffer, start: 0, bytes: 16 }) - 1;
      indices.set(node, view);
      return view;
    },
  };
  const shaders = new Map<string, number>();
  const list: Shader[] = [];
  const dispatches: Dispatch[] = kernels.flatMap((planned) =>
    boundLaunches(planned, context, views).map((launch) => {
      let shader = shaders.get(launch.shader.wgsl);
      if (shader === undefined) {
        shader = list.push(launch.shader) - 1;
        shaders.set(launch.shader.wgsl, shader);
      }
      return {
        shader,
        ...boundTo(launch, views, buffers),
        uniforms: launch.uniforms,
        grid: launch.grid,
        label: planned.label,
      };
    }),
  );
  const planned = launchCount(plan);
  invariant(
    dispatches.length === planned,
    () => `${graph.name}: ${dispatches.length} dispatches where ${planned} were planned`,
  );
  const outputs = [...graph.outputs].map(([name, node]) => ({
    name,
    ...slotAt(views[context.bufferOf(node)]!),
    shape: node.type.shape,
    type: storageOf(node.type),
  }));
  const total = (kind: BufferSpec["kind"]) =>
    buffers.reduce((sum, buffer) => (buffer.kind === kind ? sum + buffer.bytes : sum), 0);
  return {
    format: "blipc-program",
    version: 1,
    name: graph.name,
    target,
    buffers,
    shaders: list,
    dispatches,
    inputs,
    state,
    outputs,
    memory: {
      state: total("state"),
      input: total("input"),
      constant: total("constant"),
      scratch: total("scratch"),
      uniform: total("uniform"),
      readback: total("readback"),
    },
  };
}

/** Where a tensor stands: a buffer, or a part of one. Bytes. */
interface View {
  readonly buffer: number;
  readonly start: number;
  readonly bytes: number;
}

function slotAt({ buffer, start }: View): Pick<TensorSlot, "buffer" | "offset"> {
  return start === 0 ? { buffer } : { buffer, offset: start };
}

/** A launch's views as buffers, and the parts of them that it sees. */
function boundTo(
  { buffers: bindings, windows }: Launch,
  views: readonly View[],
  buffers: readonly BufferSpec[],
): Pick<Dispatch, "buffers" | "windows"> {
  const seen = bindings.map((each, binding): DispatchWindow | null => {
    const { buffer, start, bytes } = views[each]!;
    const window = windows?.[binding] ?? undefined;
    if (window !== undefined) return { offset: start + window.offset, bytes: window.bytes };
    return start === 0 && bytes === buffers[buffer]!.bytes ? null : { offset: start, bytes };
  });
  return {
    buffers: bindings.map((each) => views[each]!.buffer),
    ...(seen.every((window) => window === null) ? {} : { windows: seen }),
  };
}

/** Launches of a kernel: in blocks, and through windows, where buffers are larger than a binding. */
function boundLaunches(
  planned: PlannedKernel,
  context: EmitContext,
  views: readonly View[],
): readonly Launch[] {
  const { maxStorageBufferBindingSize: most, maxStorageBuffersPerShaderStage } = context.target;
  const tensors = [...planned.reads, ...planned.writes, ...planned.overwrites];
  const all: readonly (Node | Temporary)[] = [...tensors, ...temporaries(planned)];
  const isTooLarge = (tensor: Node | Temporary) => views[context.bufferOf(tensor)]!.bytes > most;
  const large = all.filter((tensor) => hasBuffer(tensor) && isTooLarge(tensor));
  if (large.length === 0) return launchesOf(planned.kernel, context);
  return blocksOf(planned, most).flatMap(({ kernel, windows }) => {
    const bound = new Map<number, BufferWindow>();
    for (const tensor of large) {
      const own = windows.get(tensor);
      const bytes = padded(bytesOf(tensor));
      const window = own ?? { start: 0, bytes, parts: 1 };
      bound.set(context.bufferOf(tensor), { ...window, partBytes: partBytes(most) });
    }
    const launches = launchesOf(kernel, { ...context, windows: bound });
    for (const { buffers: bindings } of launches) {
      invariant(
        bindings.length <= maxStorageBuffersPerShaderStage,
        () => `${planned.label} needs ${bindings.length} bindings for tensors in parts`,
      );
    }
    return launches;
  });
}

/** Numbers and tensors without elements need none. */
function hasBuffer(tensor: Node | Temporary): boolean {
  return "label" in tensor || (!isSplat(tensor) && elements(tensor.type.shape) > 0);
}

function launchesOf(kernel: Kernel, context: EmitContext): readonly Launch[] {
  switch (kernel.kind) {
    case "map":
      return kernel.stores.length === 0 ? [] : [emitMap(kernel, context)];
    case "rows":
      return [emitRows(kernel, context)];
    case "matmul":
      return [emitMatmul(kernel, context)];
    case "attention":
      return [emitAttention(kernel, context)];
    case "scatter":
      return emitScatter(kernel, context);
  }
}

function storageOf(type: TensorType): StorageType {
  return type.dtype === "bool" ? "u32" : type.dtype;
}

function constantData(data: readonly number[], type: TensorType, bytes: number): string {
  invariant(type.dtype !== "f16", "constants are f32, i32 or bool");
  const words = new Uint32Array(bytes / 4);
  const typed =
    type.dtype === "f32" ? new Float32Array(words.buffer) : new Int32Array(words.buffer);
  for (let i = 0; i < elements(type.shape); i++) typed[i] = data[i]!;
  return base64(new Uint8Array(words.buffer));
}
