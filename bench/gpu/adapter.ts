/** The machine's adapter → what it offers with and without Dawn's toggles, and whether each kind of subgroup matrix computes right. */
import { create } from "webgpu";
import { type MatrixConfig, matrixError } from "./matrix-check.ts";

/** Dawn's toggles for a GPU, and none. */
const toggleSets: readonly (readonly string[])[] = [
  [],
  [
    "enable-dawn-features=allow_unsafe_apis,vulkan_enable_f16_on_nvidia",
    "disable-dawn-features=timestamp_quantization",
  ],
];

const matrixFeature = "chromium-experimental-subgroup-matrix";

const told: readonly (keyof GPUSupportedLimits & string)[] = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
];

/** Keeps instances alive: a collected one takes the process down. */
const instances: GPU[] = [];

/** Lines of Markdown. */
export async function adapterLines(): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const toggles of toggleSets) {
    const gpu = create([...toggles]);
    instances.push(gpu);
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    const name = toggles.length === 0 ? "Without toggles" : `With \`${toggles.join("`, `")}\``;
    if (adapter === null) {
      lines.push(`- ${name}: no adapter`);
      continue;
    }
    lines.push(...(await describe(name, adapter)));
  }
  return lines;
}

async function describe(name: string, adapter: GPUAdapter): Promise<readonly string[]> {
  const { info, limits, features } = adapter;
  const configs = matrixConfigs(info);
  const lines = [
    `- ${name}: ${info.vendor} ${info.architecture}, ${info.device}, ${info.description}; subgroups of ${info.subgroupMinSize} to ${info.subgroupMaxSize}`,
    `  - features: ${[...features].toSorted().join(", ")}`,
    `  - limits: ${told.map((limit) => `${limit} ${limits[limit]}`).join(", ")}`,
    `  - subgroup matrices: ${configs.length === 0 ? "none" : configs.map(configText).join(", ")}`,
  ];
  if (configs.length === 0 || !features.has(matrixFeature)) return lines;
  const wanted = [matrixFeature, "shader-f16", "subgroups"].filter((feature) =>
    features.has(feature),
  );
  const device = await adapter.requestDevice({ requiredFeatures: wanted as GPUFeatureName[] });
  for (const config of configs) {
    const error = await matrixError(device, config, info.subgroupMaxSize ?? 32).catch(
      (reason: unknown) => String(reason instanceof Error ? reason.message : reason),
    );
    const result = typeof error === "number" ? `greatest error ${error.toExponential(1)}` : error;
    lines.push(`  - 64^3 by ${configText(config)}: ${result ?? "not of floats, left out"}`);
  }
  device.destroy();
  return lines;
}

function matrixConfigs(info: GPUAdapterInfo): readonly MatrixConfig[] {
  const found: unknown = Reflect.get(info, "subgroupMatrixConfigs");
  return Array.isArray(found) ? (found as readonly MatrixConfig[]) : [];
}

function configText({ M, N, K, componentType, resultComponentType }: MatrixConfig): string {
  return `${M}x${N}x${K} ${componentType} to ${resultComponentType}`;
}
