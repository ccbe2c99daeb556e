/** Small programs written by hand, for tests of the runtime. */
import { type Program, portableTarget, uniformStride } from "../../compiler/program.ts";

const add = `
struct Parameters { count: u32, unused0: u32, unused1: u32, unused2: u32 }
@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> sum: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < parameters.count) { sum[id.x] = a[id.x] + b[id.x]; }
}`;

const accumulate = `
@group(0) @binding(1) var<storage, read> step: array<f32>;
@group(0) @binding(2) var<storage, read_write> weight: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&weight)) { weight[id.x] += step[id.x]; }
}`;

const spin = `
@group(0) @binding(1) var<storage, read_write> out: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  var x = f32(id.x);
  for (var i = 0u; i < 200000u; i++) { x = fract(x * 1.0001 + out[(id.x + i) & 63u]); }
  out[id.x & 63u] = x;
}`;

/** `sum = a + b` over `count` values. */
export function addProgram(count: number): Program {
  const bytes = count * 4;
  return {
    format: "blipc-program",
    version: 1,
    name: "add",
    target: portableTarget,
    buffers: [
      { kind: "input", bytes, name: "a" },
      { kind: "input", bytes, name: "b" },
      { kind: "scratch", bytes, name: "sum" },
      { kind: "uniform", bytes: uniformStride, name: "uniforms" },
    ],
    shaders: [
      {
        wgsl: add,
        access: ["read", "read", "read_write"],
        uniformWords: 4,
        needsSubgroups: false,
        needsF16: false,
        needsMatrices: false,
      },
    ],
    dispatches: [
      {
        shader: 0,
        buffers: [0, 1, 2],
        uniforms: [count, 0, 0, 0],
        grid: [Math.ceil(count / 64), 1, 1],
        label: "sum (add.blip:1:1)",
      },
    ],
    inputs: [
      { name: "a", buffer: 0, shape: [count], type: "f32" },
      { name: "b", buffer: 1, shape: [count], type: "f32" },
    ],
    state: [],
    outputs: [{ name: "sum", buffer: 2, shape: [count], type: "f32" }],
    memory: {
      state: 0,
      input: 2 * bytes,
      constant: 0,
      scratch: bytes,
      uniform: uniformStride,
      readback: 0,
    },
  };
}

/** `y = (x + c) + x + x` in three dispatches over two scratch buffers, the first of which is used twice. */
export function chainProgram(values: readonly number[]): Program {
  const count = values.length;
  const bytes = count * 4;
  const data = Buffer.from(Float32Array.from(values).buffer).toString("base64");
  const dispatch = (buffers: readonly number[], label: string) => ({
    shader: 0,
    buffers,
    uniforms: [count, 0, 0, 0],
    grid: [Math.ceil(count / 64), 1, 1] as const,
    label,
  });
  return {
    ...addProgram(count),
    name: "chain",
    buffers: [
      { kind: "input", bytes, name: "x" },
      { kind: "constant", bytes, name: "c", data },
      { kind: "scratch", bytes, name: "slot 0" },
      { kind: "scratch", bytes, name: "slot 1" },
      { kind: "uniform", bytes: 3 * uniformStride, name: "uniforms" },
    ],
    dispatches: [
      dispatch([0, 1, 2], "first"),
      dispatch([2, 0, 3], "second"),
      dispatch([3, 0, 2], "third"),
    ],
    inputs: [{ name: "x", buffer: 0, shape: [count], type: "f32" }],
    outputs: [{ name: "y", buffer: 2, shape: [count], type: "f32" }],
    memory: {
      state: 0,
      input: bytes,
      constant: bytes,
      scratch: 2 * bytes,
      uniform: 3 * uniformStride,
      readback: 0,
    },
  };
}

/** `weight += step` in place, where `weight` is state; the new weight is an output too. */
export function updateProgram(count: number): Program {
  const bytes = count * 4;
  return {
    ...addProgram(count),
    name: "update",
    buffers: [
      { kind: "input", bytes, name: "step" },
      { kind: "state", bytes, name: "layer.weight" },
    ],
    shaders: [
      {
        wgsl: accumulate,
        access: ["read", "read_write"],
        uniformWords: 0,
        needsSubgroups: false,
        needsF16: false,
        needsMatrices: false,
      },
    ],
    dispatches: [
      {
        shader: 0,
        buffers: [0, 1],
        uniforms: [],
        grid: [Math.ceil(count / 64), 1, 1],
        label: "layer.weight",
      },
    ],
    inputs: [{ name: "step", buffer: 0, shape: [count], type: "f32" }],
    state: [{ name: "layer.weight", buffer: 1, shape: [count], type: "f32", written: true }],
    outputs: [{ name: "new weight", buffer: 1, shape: [count], type: "f32" }],
    memory: { state: bytes, input: bytes, constant: 0, scratch: 0, uniform: 0, readback: 0 },
  };
}

/** Something that takes seconds on a CPU. */
export function slowProgram(workgroups: number): Program {
  return {
    ...addProgram(64),
    name: "slow",
    buffers: [{ kind: "scratch", bytes: 256, name: "out" }],
    shaders: [
      {
        wgsl: spin,
        access: ["read_write"],
        uniformWords: 0,
        needsSubgroups: false,
        needsF16: false,
        needsMatrices: false,
      },
    ],
    dispatches: [
      { shader: 0, buffers: [0], uniforms: [], grid: [workgroups, 1, 1], label: "slow" },
    ],
    inputs: [],
    outputs: [{ name: "out", buffer: 0, shape: [64], type: "f32" }],
    memory: { state: 0, input: 0, constant: 0, scratch: 256, uniform: 0, readback: 0 },
  };
}
