/** The machine → what `blipc doctor` says of it, as plain data. */
import { existsSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import type { Target } from "../../compiler/program.ts";
import { adapterNames, isSoftwareName } from "./dawn.ts";
import { existingDrivers, hasLoader, mappedLibraries, systemDrivers } from "./loader.ts";
import { type AdapterReport, openDevice } from "./open-device.ts";
import {
  driversOfUser,
  mesaInstall,
  swiftShaderAvailable,
  swiftShaderInstall,
} from "./swiftshader.ts";

/** Advice: why, and the exact line to type. */
export interface Advice {
  readonly why: string;
  readonly type: string;
}

/** The machine as the runtime sees it. */
export interface DoctorReport {
  readonly node: string;
  /** For example `linux x64`. */
  readonly platform: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  readonly loader: {
    /** `system`, `SwiftShader package`, `none`, or `not needed` (macOS and Windows). */
    readonly found: "system" | "SwiftShader package" | "none" | "not needed";
    readonly path: string | undefined;
  };
  /** What the user set in `VK_DRIVER_FILES` or `VK_ICD_FILENAMES`. */
  readonly driverSetting: string | undefined;
  /** Driver files that the loader reads. */
  readonly driverFiles: readonly string[];
  readonly swiftShader: boolean;
  /** Names of the adapters that the chosen driver offers. */
  readonly adapters: readonly string[];
  readonly adapter: AdapterReport | undefined;
  readonly target: Target | undefined;
  readonly limits: Readonly<Record<string, number>>;
  readonly features: readonly string[];
  readonly f16: boolean;
  readonly subgroups: boolean;
  /** In one sentence. */
  readonly speed: string;
  /** Facts about containers and graphics devices that explain a missing GPU. */
  readonly hints: readonly string[];
  readonly advice: readonly Advice[];
  /** Why no device could be opened. */
  readonly failure: string | undefined;
}

/** Looks at the machine and opens (and closes) a device. Never throws for what is missing; it says so instead. */
export async function examine(): Promise<DoctorReport> {
  const isLinux = process.platform === "linux";
  const systemLoader = isLinux && hasLoader();
  const setting = driversOfUser();
  const chosen = setting === undefined || setting === "" ? undefined : existingDrivers(setting);
  const opened = await open();
  const adapters = opened.adapter === undefined ? [] : await adapterNames();
  const loaderPath = mappedLibraries("libvulkan.so")[0];
  const withoutLoader = opened.adapter === undefined ? "none" : "SwiftShader package";
  const found = isLinux ? (systemLoader ? "system" : withoutLoader) : "not needed";
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpus: cpus().length,
    memory: totalmem(),
    loader: { found, path: loaderPath },
    driverSetting: setting,
    driverFiles: chosen ?? (isLinux ? systemDrivers() : []),
    swiftShader: swiftShaderAvailable(),
    adapters,
    ...opened,
    f16: opened.features.includes("shader-f16"),
    subgroups: opened.features.includes("subgroups"),
    speed: speedOf(opened.adapter),
    hints: containerHints(),
    advice: adviceFor(opened.adapter, { systemLoader, adapters }),
  };
}

type Opened = Pick<DoctorReport, "adapter" | "target" | "limits" | "features" | "failure">;

async function open(): Promise<Opened> {
  try {
    const device = await openDevice();
    const { adapter, target, limits } = device;
    const features = [...device.features].sort();
    device.close();
    return { adapter, target, limits, features, failure: undefined };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { adapter: undefined, target: undefined, limits: {}, features: [], failure };
  }
}

function speedOf(adapter: AdapterReport | undefined): string {
  switch (adapter?.kind) {
    case undefined:
      return "nothing can be trained here yet";
    case "gpu":
      return "hardware: full-size models, as far as its memory reaches";
    case "system software driver":
      return "CPU through the system's driver: small models; about 4 to 7 times as fast as SwiftShader with Mesa's lavapipe";
    case "SwiftShader":
      return "CPU through SwiftShader: right results, for the smallest models";
  }
}

function containerHints(): readonly string[] {
  if (process.platform !== "linux") return [];
  const hints: string[] = [];
  const isContainer =
    existsSync("/.dockerenv") ||
    existsSync("/run/.containerenv") ||
    "KUBERNETES_SERVICE_HOST" in process.env;
  if (isContainer) hints.push("This is a container.");
  const hasNvidia = existsSync("/dev/nvidiactl");
  const capabilities = process.env["NVIDIA_DRIVER_CAPABILITIES"];
  if (hasNvidia || process.env["NVIDIA_VISIBLE_DEVICES"] !== undefined) {
    const granted = (capabilities ?? "").split(",");
    const hasGraphics = granted.includes("all") || granted.includes("graphics");
    hints.push(
      `NVIDIA_DRIVER_CAPABILITIES is ${capabilities ?? "not set"}; Vulkan needs "graphics" in it${hasGraphics ? ", and it is there" : ""}.`,
    );
  }
  if (hasNvidia && !systemDrivers().some((path) => path.includes("nvidia"))) {
    hints.push(
      "An NVIDIA device is there, but no Vulkan driver file of NVIDIA's (nvidia_icd.json).",
    );
  }
  if (!hasNvidia && !existsSync("/dev/dri") && !existsSync("/dev/dxg")) {
    hints.push("Linux shows no graphics device (/dev/dri, /dev/nvidia*, /dev/dxg).");
  }
  return hints;
}

function adviceFor(
  adapter: AdapterReport | undefined,
  machine: { readonly systemLoader: boolean; readonly adapters: readonly string[] },
): readonly Advice[] {
  if (process.platform !== "linux") {
    return adapter === undefined
      ? [
          {
            why: "No adapter was found: install the vendor's graphics driver.",
            type: "blipc doctor",
          },
        ]
      : [];
  }
  const advice: Advice[] = [];
  if (adapter?.kind === "gpu") return advice;
  if (existsSync("/dev/nvidiactl")) {
    advice.push({
      why: "An NVIDIA device is there; in a container its Vulkan driver comes only with the graphics capability.",
      type: "docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility,graphics …",
    });
    if (!machine.systemLoader) {
      const type = "sudo apt-get install --no-install-recommends libvulkan1";
      advice.push({ why: "The Vulkan loader is missing.", type });
    }
  }
  if (adapter?.kind !== "system software driver") {
    advice.push({
      why: "Mesa's lavapipe is 4 to 7 times as fast as SwiftShader (Mesa 23 or newer: Debian 13, Ubuntu 24.04).",
      type: mesaInstall,
    });
    advice.push({
      why: "The same on Debian 12, whose own Mesa is too old.",
      type: "sudo apt-get install --no-install-recommends -t bookworm-backports mesa-vulkan-drivers",
    });
  }
  if (adapter === undefined) {
    advice.push({ why: "SwiftShader needs neither root nor a GPU.", type: swiftShaderInstall });
  }
  const hardware = machine.adapters.filter((name) => !isSoftwareName(name));
  if (hardware.length > 0) {
    const why = `There is hardware that was not taken: ${hardware.join(", ")}.`;
    advice.push({ why, type: "unset VK_DRIVER_FILES VK_ICD_FILENAMES" });
  }
  return advice;
}
