/** The machine → one adapter: a real GPU first, then the system's software driver, then SwiftShader. */
import { existsSync } from "node:fs";
import { adapterNames, isSoftware, isSoftwareName, requestAdapter } from "./dawn.ts";
import { NoAdapter } from "./errors.ts";
import { existingDrivers, hasLoader, systemDrivers } from "./loader.ts";
import {
  driversOfUser,
  inheritsSwiftShader,
  lendLoader,
  swiftShaderAvailable,
  useSwiftShader,
  useSystemDrivers,
} from "./swiftshader.ts";

/** What the caller wants: `gpu` real hardware or nothing, `software` the system's driver before SwiftShader. */
export type AdapterChoice = "gpu" | "software" | "swiftshader";

/** An adapter and how it was found. */
export interface FoundAdapter {
  readonly adapter: GPUAdapter;
  readonly kind: "gpu" | "system software driver" | "SwiftShader";
  /** One sentence for people. */
  readonly why: string;
}

/**
 * Finds the adapter. A `VK_DRIVER_FILES` (or `VK_ICD_FILENAMES`) of the user that names existing files is obeyed.
 * @throws `NoAdapter` when there is none, with the line to type
 */
export async function findAdapter(choice?: AdapterChoice): Promise<FoundAdapter> {
  if (choice === "swiftshader") return swiftShader("it was asked for");
  if (choice === undefined && inheritsSwiftShader()) {
    return swiftShader("the process that started this one had chosen it");
  }
  useSystemDrivers();
  const obstacle = obstacleToSystem();
  const found = obstacle === undefined ? await onSystem(choice) : undefined;
  if (found !== undefined) return found;
  const reason = obstacle ?? "the system's Vulkan drivers offer no adapter";
  if (choice === "gpu") {
    throw new NoAdapter(
      `A real GPU was asked for, but none was found: ${obstacle ?? "the system's Vulkan drivers offer none"}. \`blipc doctor\` explains the machine.`,
    );
  }
  return swiftShader(reason);
}

/** Why the system's drivers need not be asked at all, or undefined. */
function obstacleToSystem(): string | undefined {
  const named = driversOfUser();
  if (named !== undefined && named !== "" && existingDrivers(named).length === 0) {
    return `VK_DRIVER_FILES names no existing file (${named})`;
  }
  if (process.platform !== "linux" || hasLoader()) return undefined;
  const drivers = named === undefined || named === "" ? systemDrivers() : existingDrivers(named);
  if (drivers.length === 0) return "the system has no Vulkan loader and no Vulkan driver";
  return lendLoader() ? undefined : "the system has no Vulkan loader (libvulkan.so.1)";
}

async function onSystem(choice: "gpu" | "software" | undefined): Promise<FoundAdapter | undefined> {
  const named = driversOfUser();
  const from = named === undefined || named === "" ? "" : `, from VK_DRIVER_FILES (${named})`;
  const first = await requestAdapter();
  if (first === undefined) return undefined;
  const software = isSoftware(first);
  if (choice !== "software" && !software) {
    return { adapter: first, kind: "gpu", why: `A GPU was found${from}.` };
  }
  if (choice === "software" && software) {
    return { adapter: first, kind: "system software driver", why: `It was asked for${from}.` };
  }
  const other = await another(choice);
  if (choice === "software") {
    if (other === undefined) return undefined;
    return { adapter: other, kind: "system software driver", why: `It was asked for${from}.` };
  }
  if (other !== undefined) return { adapter: other, kind: "gpu", why: `A GPU was found${from}.` };
  if (choice === "gpu") return undefined;
  const why = `No GPU was found; the system has a software driver${from}.`;
  return { adapter: first, kind: "system software driver", why };
}

/** An adapter that is not the first: a software one when asked for, else hardware behind a software one. */
async function another(choice: "gpu" | "software" | undefined): Promise<GPUAdapter | undefined> {
  if (choice !== "software" && !mayHaveHardware()) return undefined;
  for (const name of await adapterNames()) {
    if (isSoftwareName(name) !== (choice === "software")) continue;
    const adapter = await requestAdapter(name);
    if (adapter !== undefined && isSoftware(adapter) === (choice === "software")) return adapter;
  }
  return undefined;
}

/** False where Linux shows no graphics device at all, so that a second look is not worth its 0.3 s. */
function mayHaveHardware(): boolean {
  if (process.platform !== "linux") return true;
  return ["/dev/dri", "/dev/nvidia0", "/dev/nvidiactl", "/dev/dxg"].some((path) =>
    existsSync(path),
  );
}

async function swiftShader(reason: string): Promise<FoundAdapter> {
  const folder = useSwiftShader();
  const adapter = await requestAdapter();
  if (adapter === undefined) {
    throw new NoAdapter(
      `SwiftShader in ${folder} offers no adapter${swiftShaderAvailable() ? "; remove that folder and try again" : ""}.`,
    );
  }
  return { adapter, kind: "SwiftShader", why: `SwiftShader is used because ${reason}.` };
}
