/** WGSL → compute pipelines, cached by text for each device. */
import type { Shader } from "../../compiler/program.ts";
import { ProgramRefused } from "../device/errors.ts";
import type { Device } from "../device/open-device.ts";
import { computeStage } from "./usage.ts";

/** A compiled shader and the layout its bind groups must have. */
export interface CompiledShader {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const caches = new WeakMap<GPUDevice, Map<string, Promise<CompiledShader>>>();

/**
 * Compiles a shader, or finds it compiled.
 * @param label the first dispatch that uses it, for messages
 * @throws `ProgramRefused` with the label and the line of the WGSL, `DeviceLost`
 */
export function compile(device: Device, shader: Shader, label: string): Promise<CompiledShader> {
  const cache = caches.get(device.gpu) ?? new Map<string, Promise<CompiledShader>>();
  caches.set(device.gpu, cache);
  const key = keyOf(shader);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const compiled = compileAnew(device, shader, label);
  cache.set(key, compiled);
  compiled.catch(() => cache.delete(key));
  return compiled;
}

/** True once the device was asked to compile the shader. */
export function isCompiled(device: Device, shader: Shader): boolean {
  return caches.get(device.gpu)?.has(keyOf(shader)) ?? false;
}

function keyOf({ access, uniformWords, wgsl }: Shader): string {
  return `${access.join(",")};${uniformWords};${wgsl}`;
}

async function compileAnew(device: Device, shader: Shader, label: string): Promise<CompiledShader> {
  if (shader.needsSubgroups && !device.features.has("subgroups")) {
    throw new ProgramRefused(label, "the program needs subgroups, which this adapter lacks");
  }
  if (shader.needsF16 && !device.features.has("shader-f16")) {
    throw new ProgramRefused(label, "the program needs shader-f16, which this adapter lacks");
  }
  if (shader.needsMatrices && !device.features.has("chromium-experimental-subgroup-matrix")) {
    throw new ProgramRefused(
      label,
      "the program needs subgroup matrices, which this adapter lacks",
    );
  }
  if (device.loss !== undefined) throw device.loss;
  const { gpu } = device;
  gpu.pushErrorScope("validation");
  const module = gpu.createShaderModule({ label, code: shader.wgsl });
  const layout = gpu.createBindGroupLayout({ label, entries: layoutEntries(shader) });
  const descriptor: GPUComputePipelineDescriptor = {
    label,
    layout: gpu.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: "main" },
  };
  const scope = gpu.popErrorScope();
  const pipeline = gpu.createComputePipelineAsync(descriptor);
  const [fault, made] = await device.guard(Promise.all([scope, settled(pipeline)]));
  if (made.value !== undefined && (fault === null || fault === undefined)) {
    return { pipeline: made.value, layout };
  }
  const { messages } = await device.guard(module.getCompilationInfo());
  const error = messages.find((message) => message.type === "error");
  if (error !== undefined) {
    const at = framed(shader.wgsl, error.lineNum, error.linePos);
    throw new ProgramRefused(label, `WGSL does not compile: ${error.message}\n${at}`);
  }
  const reason = fault?.message ?? String((made.error as Error | undefined)?.message);
  throw new ProgramRefused(label, `the shader was refused: ${reason.trim()}`);
}

function settled<T>(
  promise: Promise<T>,
): Promise<{ readonly value?: T; readonly error?: unknown }> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

function layoutEntries(shader: Shader): GPUBindGroupLayoutEntry[] {
  const storage = shader.access.map(
    (access, index): GPUBindGroupLayoutEntry => ({
      binding: index + 1,
      visibility: computeStage,
      buffer: { type: access === "read" ? "read-only-storage" : "storage" },
    }),
  );
  if (shader.uniformWords === 0) return storage;
  return [{ binding: 0, visibility: computeStage, buffer: { type: "uniform" } }, ...storage];
}

/** The line with its number and a caret, one line before it; line and column count from 1. */
function framed(wgsl: string, line: number, column: number): string {
  const lines = wgsl.split("\n");
  const width = String(line).length;
  const shown = [line - 1, line]
    .filter((number) => number >= 1)
    .map((number) => `  ${String(number).padStart(width)} | ${lines[number - 1] ?? ""}`);
  return [...shown, `  ${" ".repeat(width)} | ${" ".repeat(Math.max(0, column - 1))}^`].join("\n");
}
