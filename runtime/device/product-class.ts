/** What an adapter reports → how products are made on it. */
import type { MatrixShape, ProductClass } from "../../compiler/program.ts";

/** Dawn's feature; the types of WebGPU do not know it. */
export const matrixFeature = "chromium-experimental-subgroup-matrix" as GPUFeatureName;

/** Bytes of workgroup memory that a tile takes at most. */
const tileBytes = 32_768;

/** The class of products. */
export function productsOf(lanes: number, workgroupBytes: number, isCpu: boolean): ProductClass {
  if (lanes === 4 || lanes === 8) return "lanes";
  return !isCpu && workgroupBytes >= tileBytes ? "tiles" : "registers";
}

/** An entry of `subgroupMatrixConfigs`. */
interface MatrixConfig {
  readonly componentType: string;
  readonly resultComponentType: string;
  readonly M: number;
  readonly N: number;
  readonly K: number;
}

/** The largest kind of subgroup matrices with f16 factors and f32 sums, the squarest of equals; null without one. */
export function matrixShape(gpu: GPUDevice, info: GPUAdapterInfo): MatrixShape | null {
  if (!gpu.features.has(matrixFeature) || !gpu.features.has("shader-f16")) return null;
  const { subgroupMatrixConfigs = [] } = info as {
    subgroupMatrixConfigs?: readonly MatrixConfig[];
  };
  const size = ({ M, N, K }: MatrixConfig) => M * N * K;
  const [best] = subgroupMatrixConfigs
    .filter(({ componentType, resultComponentType, M, N, K }) => {
      const divides = [M, N, K].every((side) => side % 4 === 0 && 32 % side === 0);
      return componentType === "f16" && resultComponentType === "f32" && divides;
    })
    .sort((a, b) => size(b) - size(a) || Math.max(a.M, a.N) - Math.max(b.M, b.N));
  return best === undefined ? null : { rows: best.M, columns: best.N, depth: best.K };
}
