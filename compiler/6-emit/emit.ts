/** Plan → Program: WGSL for every kernel, equal shaders once, every tensor in its buffer. */

import type { PlannedKernel, Temporary } from "../5-schedule/kernel.ts";
import type { Plan } from "../5-schedule/plan.ts";
import { isSplat } from "../5-schedule/stored.ts";
import { invariant } from "../invariant.ts";
import type { Node } from "../ir/node.ts";
import { reachable } from "../ir/node.ts";
import { elements, storageBytes, type TensorType } from "../ir/tensor-type.ts";
import type { BufferSpec, Dispatch, Program, Shader, StorageType, TensorSlot } from "../program.ts";
import { base64 } from "./base64.ts";
import type { EmitContext, Launch } from "./launch.ts";
import { emitMap } from "./map.ts";
import { emitMatmul } from "./matmul.ts";
import { emitRows } from "./rows.ts";
import { emitScatter } from "./scatter-add.ts";

/** Runs after `5-schedule`. The same plan gives the same bytes. */
export function emit(plan: Plan): Program {
  const { graph, target, kernels, slots } = plan;
  const buffers: BufferSpec[] = [];
  const indices = new Map<Node | Temporary, number>();
  const inputs: TensorSlot[] = [];
  const state: (TensorSlot & { written: boolean })[] = [];
  const overwritten = new Set(graph.updates.map(({ target: parameter }) => parameter as Node));
  const nodes = reachable([
    ...graph.outputs.values(),
    ...graph.updates.flatMap(({ target: parameter, value }) => [parameter, value]),
  ]);
  const read = new Set<Node>([
    ...graph.outputs.values(),
    ...overwritten,
    ...kernels.flatMap((kernel) => [...kernel.reads]),
  ]);
  for (const node of nodes) {
    if (node.op === "input") {
      indices.set(node, buffers.length);
      const { name } = node.attributes;
      inputs.push({
        name,
        buffer: buffers.length,
        shape: node.type.shape,
        type: storageOf(node.type),
      });
      buffers.push({ kind: "input", bytes: padded(storageBytes(node.type)), name });
    } else if (node.op === "parameter") {
      indices.set(node, buffers.length);
      const { path } = node.attributes;
      const written = overwritten.has(node);
      state.push({
        name: path,
        buffer: buffers.length,
        shape: node.type.shape,
        type: storageOf(node.type),
        written,
      });
      buffers.push({ kind: "state", bytes: padded(storageBytes(node.type)), name: path });
    } else if (node.op === "constant" && !isSplat(node) && read.has(node)) {
      indices.set(node, buffers.length);
      const bytes = padded(storageBytes(node.type));
      buffers.push({
        kind: "constant",
        bytes,
        name: `constant ${node.type.shape}`,
        data: constantData(node.attributes.data, node.type, bytes),
      });
    }
  }
  const firstSlot = buffers.length;
  slots.bytes.forEach((bytes, i) => {
    buffers.push({ kind: "scratch", bytes: padded(bytes), name: `slot ${i}` });
  });
  const context: EmitContext = {
    target,
    bufferOf(node) {
      const own = indices.get(node);
      if (own !== undefined) return own;
      const slot = slots.of.get(node);
      if (slot === undefined && "type" in node && elements(node.type.shape) === 0) {
        indices.set(node, buffers.push({ kind: "scratch", bytes: 16, name: "empty" }) - 1);
        return buffers.length - 1;
      }
      invariant(
        slot !== undefined,
        () => `no buffer for ${"label" in node ? node.label : `${node.op} ${node.origin.path}`}`,
      );
      return firstSlot + slot;
    },
  };
  const shaders = new Map<string, number>();
  const list: Shader[] = [];
  const dispatches: Dispatch[] = kernels.flatMap((planned) =>
    launchesOf(planned, context).map((launch) => {
      let shader = shaders.get(launch.shader.wgsl);
      if (shader === undefined) {
        shader = list.push(launch.shader) - 1;
        shaders.set(launch.shader.wgsl, shader);
      }
      return {
        shader,
        buffers: launch.buffers,
        uniforms: launch.uniforms,
        grid: launch.grid,
        label: planned.label,
      };
    }),
  );
  const outputs = [...graph.outputs].map(([name, node]) => ({
    name,
    buffer: context.bufferOf(node),
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
    },
  };
}

function launchesOf({ kernel }: PlannedKernel, context: EmitContext): readonly Launch[] {
  switch (kernel.kind) {
    case "map":
      return kernel.stores.length === 0 ? [] : [emitMap(kernel, context)];
    case "rows":
      return [emitRows(kernel, context)];
    case "matmul":
      return [emitMatmul(kernel, context)];
    case "scatter":
      return emitScatter(kernel, context);
  }
}

/** Buffers are whole vectors of four, so that any of them can be bound as such. */
function padded(bytes: number): number {
  return 16 * Math.ceil(Math.max(bytes, 1) / 16);
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
