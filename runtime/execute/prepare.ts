/** A program and a device's memory → everything that its dispatches need, made once. */
import { type BufferSpec, type Program, uniformStride } from "../../compiler/program.ts";
import { InvariantError, invariant, ProgramRefused } from "../device/errors.ts";
import type { Device } from "../device/open-device.ts";
import { type Allocation, allocateAll, type BufferRequest } from "./allocate.ts";
import { faultsOf } from "./check-program.ts";
import { compileAhead, lateShaders } from "./compile-ahead.ts";
import type { BufferPlace, DeviceMemory } from "./memory.ts";
import { type CompiledShader, compile } from "./pipelines.ts";
import { usage } from "./usage.ts";

/** One dispatch, ready to be encoded. */
export interface Launch {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly grid: readonly [number, number, number];
  readonly label: string;
}

/** A program on a device. */
export interface PreparedProgram {
  readonly device: Device;
  readonly program: Program;
  /** One a `Program.buffers`. */
  readonly buffers: readonly BufferPlace[];
  readonly launches: readonly Launch[];
  /** Those of the buffers through which the host reads. */
  readonly readbacks: readonly Allocation[];
  /** Bytes by kind; what the plan promised. */
  readonly bytes: Program["memory"];
  /** Frees all buffers but those of the state. */
  destroy(): void;
}

const ownUsage = usage.storage | usage.copySource | usage.copyTarget;

export interface PrepareOptions {
  /** False: nothing is translated before its first dispatch. */
  readonly isAhead?: boolean;
}

/**
 * Compiles the shaders, allocates the buffers and binds them. State that the memory does not know is announced there (zeros).
 * @throws `ProgramRefused` naming the dispatch, `OutOfMemory` naming the tensor, `DeviceLost`, `InvariantError`
 */
export async function prepareProgram(
  device: Device,
  program: Program,
  memory: DeviceMemory,
  { isAhead = true }: PrepareOptions = {},
): Promise<PreparedProgram> {
  const fault = faultsOf(program)[0];
  invariant(fault === undefined, `program "${program.name}": ${fault}`);
  checkLimits(device, program);
  const late = isAhead ? await lateShaders(device, program) : [];
  const compiling = compileAll(device, program);
  // Whoever fails first is heard first; the other must not fail unheard.
  compiling.catch(() => {});
  const ahead = compileAhead(device, late);
  const { buffers, own, readbacks } = await makeBuffers(device, program, memory);
  const destroy = () => {
    for (const allocation of own) allocation.destroy();
  };
  try {
    const launches = await bindAll(device, program, await compiling, buffers);
    await rehearse(device, launches);
    await ahead;
    const bytes = program.memory;
    return { device, program, buffers, launches, readbacks, bytes, destroy };
  } catch (error) {
    destroy();
    throw error;
  }
}

function checkLimits(device: Device, program: Program): void {
  const { target } = device;
  for (const { label, grid, shader, buffers, windows } of program.dispatches) {
    const wide = grid.find((size) => size > target.maxComputeWorkgroupsPerDimension);
    if (wide !== undefined) {
      const most = target.maxComputeWorkgroupsPerDimension;
      throw new ProgramRefused(label, `${wide} workgroups in a row; this adapter takes ${most}`);
    }
    const bindings = program.shaders[shader]?.access.length ?? 0;
    if (bindings > target.maxStorageBuffersPerShaderStage) {
      const most = target.maxStorageBuffersPerShaderStage;
      throw new ProgramRefused(label, `${bindings} tensors at once; this adapter takes ${most}`);
    }
    for (const [binding, index] of buffers.entries()) {
      const buffer = program.buffers[index];
      const bytes = windows?.[binding]?.bytes ?? buffer?.bytes;
      const most = target.maxStorageBufferBindingSize;
      if (buffer === undefined || bytes === undefined || bytes <= most) continue;
      throw new ProgramRefused(
        label,
        `"${buffer.name}" has ${bytes} bytes; this adapter binds ${most} at most`,
      );
    }
  }
}

async function compileAll(device: Device, program: Program): Promise<readonly CompiledShader[]> {
  const labels = new Map<number, string>();
  for (const dispatch of program.dispatches) {
    if (!labels.has(dispatch.shader)) labels.set(dispatch.shader, dispatch.label);
  }
  const compiled = program.shaders.map((shader, index) =>
    compile(device, shader, labels.get(index) ?? `shader ${index}`),
  );
  // All are awaited, so that none fails unseen after the first.
  await Promise.allSettled(compiled);
  return Promise.all(compiled);
}

async function makeBuffers(device: Device, program: Program, memory: DeviceMemory) {
  memory.announce([program]);
  const tenants = new Map(program.state.map((slot) => [slot.buffer, slot]));
  const isOwn = (buffer: BufferSpec) => buffer.kind !== "state";
  const specs = program.buffers.filter(isOwn);
  const own = await allocateAll(
    device,
    specs.map((spec) => request(spec, program)),
  );
  try {
    const remaining = own.values();
    const buffers: BufferPlace[] = [];
    for (const [index, spec] of program.buffers.entries()) {
      const tenant = tenants.get(index);
      if (tenant !== undefined) {
        const { buffer, offset } = await memory.place(tenant.name);
        buffers.push({ buffer, offset: offset - (tenant.offset ?? 0) });
        continue;
      }
      const buffer = remaining.next().value?.buffer;
      invariant(buffer !== undefined, `buffer "${spec.name}" was not made`);
      buffers.push({ buffer, offset: 0 });
    }
    return { buffers, own, readbacks: own.filter((_, i) => specs[i]!.kind === "readback") };
  } catch (error) {
    for (const allocation of own) allocation.destroy();
    throw error;
  }
}

function request({ kind, name, bytes, data }: BufferSpec, program: Program): BufferRequest {
  switch (kind) {
    case "constant": {
      const fill = (target: Uint8Array) => target.set(Buffer.from(data ?? "", "base64"));
      return { name, bytes, usage: ownUsage, fill };
    }
    case "uniform":
      return { name, bytes, usage: usage.uniform, fill: (target) => fillUniforms(program, target) };
    case "readback":
      return { name, bytes, usage: usage.mapRead | usage.copyTarget };
    default:
      return { name, bytes, usage: ownUsage };
  }
}

/** The uniform blocks of all dispatches, each in its place. */
function fillUniforms({ dispatches }: Program, { buffer, byteOffset }: Uint8Array): void {
  dispatches.forEach(({ uniforms }, i) => {
    new Uint32Array(buffer, byteOffset + i * uniformStride, uniforms.length).set(uniforms);
  });
}

async function bindAll(
  device: Device,
  program: Program,
  shaders: readonly CompiledShader[],
  buffers: readonly BufferPlace[],
): Promise<readonly Launch[]> {
  const { gpu } = device;
  const uniforms = buffers[program.buffers.findIndex(({ kind }) => kind === "uniform")];
  const verdicts: Promise<void>[] = [];
  const launches = program.dispatches.map((dispatch, index): Launch => {
    const { label, grid } = dispatch;
    const shader = shaders[dispatch.shader];
    invariant(shader !== undefined, `${label}: its shader was not compiled`);
    const entries: GPUBindGroupEntry[] = dispatch.buffers.map((index, binding) => {
      const { buffer, offset: start } = buffers[index]!;
      const window = dispatch.windows?.[binding];
      const offset = start + (window?.offset ?? 0);
      const resource = { buffer, offset, size: window?.bytes ?? program.buffers[index]!.bytes };
      return { binding: binding + 1, resource };
    });
    if (dispatch.uniforms.length > 0 && uniforms !== undefined) {
      const place = { offset: index * uniformStride, size: dispatch.uniforms.length * 4 };
      entries.push({ binding: 0, resource: { buffer: uniforms.buffer, ...place } });
    }
    gpu.pushErrorScope("validation");
    const bindings = gpu.createBindGroup({ label, layout: shader.layout, entries });
    verdicts.push(verdict(gpu.popErrorScope(), label));
    return { pipeline: shader.pipeline, bindings, grid, label };
  });
  await device.guard(Promise.all(verdicts));
  return launches;
}

/** Throws `ProgramRefused` when the scope caught something. */
async function verdict(scope: Promise<GPUError | null>, label: string): Promise<void> {
  const fault = await scope;
  if (fault !== null && fault !== undefined) throw new ProgramRefused(label, fault.message.trim());
}

/** Encodes launches into a pass. */
export function encodeLaunches(pass: GPUComputePassEncoder, launches: readonly Launch[]): void {
  let current: GPUComputePipeline | undefined;
  for (const { pipeline, bindings, grid } of launches) {
    if (pipeline !== current) pass.setPipeline(pipeline);
    current = pipeline;
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(grid[0], grid[1], grid[2]);
  }
}

/** Encodes everything once without submitting, so that what the device would refuse is known before the first step. */
async function rehearse(device: Device, launches: readonly Launch[]): Promise<void> {
  const refusal = await encodingFault(device, launches);
  if (refusal === undefined) return;
  for (const launch of launches) {
    const fault = await encodingFault(device, [launch]);
    if (fault !== undefined) throw new ProgramRefused(launch.label, fault);
  }
  throw new InvariantError(`the program as a whole was refused: ${refusal}`);
}

async function encodingFault(
  device: Device,
  launches: readonly Launch[],
): Promise<string | undefined> {
  const { gpu } = device;
  gpu.pushErrorScope("validation");
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  encodeLaunches(pass, launches);
  pass.end();
  encoder.finish();
  const fault = await device.guard(gpu.popErrorScope());
  return fault?.message.trim();
}
