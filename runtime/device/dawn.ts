/** Dawn itself, loaded on first need and kept alive for good: a collected instance takes the process down. */

const features = "enable-dawn-features=allow_unsafe_apis,vulkan_enable_f16_on_nvidia";
const withoutFeatures = "disable-dawn-features=timestamp_quantization";

/** A name that no adapter has: Dawn answers with the list of those there are. */
const noSuchAdapter = "blipc-asks-for-the-list";

const keptAlive: GPU[] = [];
Object.defineProperty(globalThis, Symbol.for("blipc.dawn"), { value: keptAlive });

const instances = new Map<string, GPU>();

/**
 * A Dawn instance for the driver settings in force now; the same settings give the same instance.
 * @param name only the adapter whose name contains this
 */
async function instance(name?: string): Promise<GPU> {
  const key = JSON.stringify([process.env["VK_DRIVER_FILES"], name]);
  const known = instances.get(key);
  if (known !== undefined) return known;
  const { create } = await import("webgpu");
  const options = [features, withoutFeatures];
  const created = create(name === undefined ? options : [...options, `adapter=${name}`]);
  keptAlive.push(created);
  instances.set(key, created);
  return created;
}

/**
 * The fastest adapter that the current driver settings offer, or undefined.
 * @param name only the adapter whose name contains this
 */
export async function requestAdapter(name?: string): Promise<GPUAdapter | undefined> {
  const adapter = await (await instance(name)).requestAdapter({
    powerPreference: "high-performance",
  });
  if (adapter === null) {
    // Found nothing: the next try must look again.
    instances.delete(JSON.stringify([process.env["VK_DRIVER_FILES"], name]));
    return undefined;
  }
  return adapter;
}

/** Names of all adapters that the current driver settings offer, in Dawn's order. */
export async function adapterNames(): Promise<readonly string[]> {
  try {
    await requestAdapter(noSuchAdapter);
    return [];
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const names = [...text.matchAll(/name: '([^'\n]*)'/g)].map((match) => match[1] ?? "");
    return [...new Set(names)];
  }
}

/** True for names of drivers that compute on the CPU. */
export function isSoftwareName(name: string): boolean {
  return /llvmpipe|lavapipe|swiftshader|softpipe|\bWARP\b|Basic Render/i.test(name);
}

/** True when the adapter computes on the CPU. */
export function isSoftware(adapter: GPUAdapter): boolean {
  const { info } = adapter;
  return (
    info.isFallbackAdapter ||
    info.architecture === "software" ||
    isSoftwareName(`${info.device} ${info.description}`)
  );
}
