/**
 * Shaders of a program → translated before its first step, on several threads: some software drivers translate a shader when
 * it is first dispatched, one after the other, and keep what they made in a cache on disk that all devices share.
 */
import { availableParallelism } from "node:os";
import type { Program, Shader } from "../../compiler/program.ts";
import type { Device } from "../device/open-device.ts";
import { compile, isCompiled } from "./pipelines.ts";
import { usage } from "./usage.ts";

/** With fewer shaders another device costs more than it saves. */
const fewShaders = 16;

/** A first dispatch that takes longer than this was translated, and not found in a cache. */
const lateMilliseconds = 50;

const mostDevices = 4;

/** Shaders under way on a device: one is prepared while the driver translates another one. */
const atOnce = 2;

/**
 * Shaders of a program that no program on the device had, the longest first, when its driver translates them at their first
 * dispatch: the first one is tried. Empty otherwise.
 */
export async function lateShaders(device: Device, program: Program): Promise<readonly Shader[]> {
  if (device.target.deviceClass !== "cpu") return [];
  const shaders = program.shaders
    .filter((shader) => !isCompiled(device, shader))
    .toSorted((one, other) => other.wgsl.length - one.wgsl.length);
  const [first, ...rest] = shaders;
  if (first === undefined || shaders.length < fewShaders) return [];
  const user = new Idle(device);
  try {
    const { pipeline, layout } = await compile(device, first, "the longest shader");
    const start = performance.now();
    await user.dispatch(first, pipeline, layout);
    return performance.now() - start > lateMilliseconds ? rest : [];
  } catch {
    // Whatever is wrong is told when the program is made ready.
    return [];
  } finally {
    user.destroy();
  }
}

/** Uses each shader once on this device or on one beside it, which are gone afterwards. Never fails: what is missing comes later. */
export async function compileAhead(device: Device, shaders: readonly Shader[]): Promise<void> {
  if (shaders.length === 0) return;
  const waiting = shaders.values();
  const work = async (on: Device) => {
    const user = new Idle(on);
    const loop = async () => {
      for (const shader of waiting) {
        const { pipeline, layout } = await compile(on, shader, "a shader ahead of its use");
        await user.dispatch(shader, pipeline, layout);
      }
    };
    await Promise.allSettled(Array.from({ length: atOnce }, loop));
    user.destroy();
  };
  const beside = async () => {
    const other = await device.another();
    await work(other).finally(() => other.close());
  };
  const others = Math.min(availableParallelism(), mostDevices) - 1;
  await Promise.allSettled([work(device), ...Array.from({ length: others }, beside)]);
}

/** Dispatches no workgroups of a shader, with buffers of its own. */
class Idle {
  private readonly device: Device;
  private readonly buffers: GPUBuffer[] = [];
  private readonly none: GPUBuffer;

  constructor(device: Device) {
    this.device = device;
    this.none = device.gpu.createBuffer({ size: 16, usage: usage.indirect });
  }

  /** Done when the device is done. */
  async dispatch(
    { access, uniformWords }: Shader,
    pipeline: GPUComputePipeline,
    layout: GPUBindGroupLayout,
  ): Promise<void> {
    const { gpu } = this.device;
    const entries = access.map((_, i) => ({
      binding: i + 1,
      resource: { buffer: this.buffer(i) },
    }));
    const uniforms = { binding: 0, resource: { buffer: this.buffer(access.length) } };
    const all = uniformWords > 0 ? [uniforms, ...entries] : entries;
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, gpu.createBindGroup({ layout, entries: all }));
    // From a buffer, since a number of 0 makes Dawn warn.
    pass.dispatchWorkgroupsIndirect(this.none, 0);
    pass.end();
    gpu.queue.submit([encoder.finish()]);
    await this.device.guard(gpu.queue.onSubmittedWorkDone());
  }

  destroy(): void {
    for (const buffer of [this.none, ...this.buffers]) buffer.destroy();
  }

  private buffer(i: number): GPUBuffer {
    const bits = usage.storage | usage.uniform;
    for (let n = this.buffers.length; n <= i; n++)
      this.buffers.push(this.device.gpu.createBuffer({ size: 256, usage: bits }));
    return this.buffers[i]!;
  }
}
