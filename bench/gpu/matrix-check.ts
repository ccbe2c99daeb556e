/** One kind of subgroup matrix → the greatest error of a product of 64 by 64, against sums in f64. */

import { mapForReading, usage } from "../../runtime/execute/usage.ts";
import { floatsFromHalves, halvesFromFloats } from "../../runtime/half.ts";
import { fresh } from "../values.ts";

/** As the adapter lists them. */
export interface MatrixConfig {
  readonly componentType: string;
  readonly resultComponentType: string;
  readonly M: number;
  readonly N: number;
  readonly K: number;
}

const side = 64;

/** Relative to the greatest element; undefined for kinds of whole numbers. */
export async function matrixError(
  device: GPUDevice,
  config: MatrixConfig,
  lanes: number,
): Promise<number | undefined> {
  const isFloat = (type: string) => type === "f16" || type === "f32";
  const { componentType, resultComponentType } = config;
  if (!isFloat(componentType) || !isFloat(resultComponentType)) return undefined;
  const x = stored(fresh(side * side, 0), componentType);
  const y = stored(fresh(side * side, 1), componentType);
  const bytes = await run(device, wgsl(config, lanes), config, x.bytes, y.bytes);
  const found =
    resultComponentType === "f16"
      ? floatsFromHalves(new Uint16Array(bytes))
      : new Float32Array(bytes);
  let greatest = 0;
  let error = 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      let sum = 0;
      for (let k = 0; k < side; k++)
        sum += x.values[row * side + k]! * y.values[k * side + column]!;
      greatest = Math.max(greatest, Math.abs(sum));
      error = Math.max(error, Math.abs(sum - found[row * side + column]!));
    }
  }
  return error / greatest;
}

function stored(values: Float32Array<ArrayBuffer>, type: string) {
  if (type === "f32") return { values, bytes: new Uint8Array(values.buffer) };
  const halves = halvesFromFloats(values);
  return {
    values: floatsFromHalves(halves),
    bytes: Uint8Array.from(new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength)),
  };
}

/** One workgroup of one subgroup makes one tile of the result. */
function wgsl(
  { componentType: T, resultComponentType: R, M, N, K }: MatrixConfig,
  lanes: number,
): string {
  const half = T === "f16" || R === "f16" ? "enable f16;\n" : "";
  return `${half}enable chromium_experimental_subgroup_matrix;
diagnostic(off, chromium.subgroup_matrix_uniformity);
@group(0) @binding(0) var<storage, read_write> x: array<${T}>;
@group(0) @binding(1) var<storage, read_write> y: array<${T}>;
@group(0) @binding(2) var<storage, read_write> z: array<${R}>;
@compute @workgroup_size(${lanes}) fn main(@builtin(workgroup_id) at: vec3u) {
  let row = at.x * ${M}u;
  let column = at.y * ${N}u;
  var sum: subgroup_matrix_result<${R}, ${N}, ${M}>;
  for (var k = 0u; k < ${side}u; k += ${K}u) {
    let left = subgroupMatrixLoad<subgroup_matrix_left<${T}, ${K}, ${M}>, row_major>(&x, row * ${side}u + k, ${side}u);
    let right = subgroupMatrixLoad<subgroup_matrix_right<${T}, ${N}, ${K}>, row_major>(&y, k * ${side}u + column, ${side}u);
    sum = subgroupMatrixMultiplyAccumulate(left, right, sum);
  }
  subgroupMatrixStore<row_major>(&z, row * ${side}u + column, sum, ${side}u);
}`;
}

async function run(
  device: GPUDevice,
  code: string,
  { M, N, resultComponentType }: MatrixConfig,
  x: Uint8Array<ArrayBuffer>,
  y: Uint8Array<ArrayBuffer>,
): Promise<ArrayBuffer> {
  const { storage, copySource, copyTarget, mapRead } = usage;
  const size = side * side * (resultComponentType === "f16" ? 2 : 4);
  const buffers = [x.byteLength, y.byteLength, size].map((bytes) =>
    device.createBuffer({ size: bytes, usage: storage | copySource | copyTarget }),
  );
  const [first, second, result] = buffers as [GPUBuffer, GPUBuffer, GPUBuffer];
  device.queue.writeBuffer(first, 0, x);
  device.queue.writeBuffer(second, 0, y);
  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({
    layout: "auto",
    compute: { module, entryPoint: "main" },
  });
  const staging = device.createBuffer({ size, usage: mapRead | copyTarget });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(side / M, side / N);
  pass.end();
  encoder.copyBufferToBuffer(result, 0, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(mapForReading);
  const bytes = staging.getMappedRange().slice(0);
  for (const buffer of [...buffers, staging]) buffer.destroy();
  return bytes;
}
