/** The Vulkan loader and its driver files: which there are on this machine, and which the user named. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir, constants as osConstants } from "node:os";
import { delimiter, join } from "node:path";

/** The name under which Dawn asks for the loader. */
export const loaderName = "libvulkan.so.1";

/** Not closed again by `dlclose`. */
const noDelete = 0x1000;

/**
 * Loads a shared library and leaves it mapped, so that a later `dlopen` by its name finds it.
 * @throws when the file is missing or is no library of this machine
 */
export function mapLibrary(path: string): void {
  dlopen(path, osConstants.dlopen.RTLD_NOW | noDelete);
}

let systemLoader: boolean | undefined;

/** True when the system has a Vulkan loader that the dynamic linker finds by name (Linux). */
export function hasLoader(): boolean {
  // Asked once: a loader that we map later answers to the same name.
  systemLoader ??= canOpen(loaderName);
  return systemLoader;
}

function canOpen(name: string): boolean {
  try {
    dlopen(name, osConstants.dlopen.RTLD_LAZY);
    return true;
  } catch {
    return false;
  }
}

function dlopen(path: string, flags: number): void {
  try {
    process.dlopen({ exports: {} }, path, flags);
  } catch (error) {
    // Node expects an addon; the library is loaded all the same.
    if (error instanceof Error && error.message.includes("did not self-register")) return;
    throw error;
  }
}

/** Paths of mapped shared libraries whose file name contains `part` (Linux; empty elsewhere). */
export function mappedLibraries(part: string): readonly string[] {
  if (process.platform !== "linux") return [];
  try {
    const paths = readFileSync("/proc/self/maps", "utf8")
      .split("\n")
      .map((line) => line.slice(line.indexOf("/")))
      .filter((path) => path.startsWith("/") && path.slice(path.lastIndexOf("/")).includes(part));
    return [...new Set(paths)];
  } catch {
    return [];
  }
}

/** The driver files that a list like `VK_DRIVER_FILES` names and that exist; folders are opened. */
export function existingDrivers(list: string): readonly string[] {
  return list
    .split(delimiter)
    .filter((entry) => entry !== "" && existsSync(entry))
    .flatMap((entry) => (statSync(entry).isDirectory() ? jsonFiles(entry) : [entry]));
}

/** Driver files in the loader's standard folders (Linux). */
export function systemDrivers(): readonly string[] {
  const environment = process.env;
  const home = homedir();
  const lists = [
    environment["XDG_CONFIG_HOME"] ?? join(home, ".config"),
    environment["XDG_CONFIG_DIRS"] ?? "/etc/xdg",
    "/usr/local/etc:/etc",
    environment["XDG_DATA_HOME"] ?? join(home, ".local/share"),
    environment["XDG_DATA_DIRS"] ?? "/usr/local/share:/usr/share",
    "/run/opengl-driver/share",
  ];
  const folders = new Set(lists.flatMap((list) => list.split(":")).filter((path) => path !== ""));
  return [...folders].flatMap((folder) => jsonFiles(join(folder, "vulkan/icd.d")));
}

function jsonFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
