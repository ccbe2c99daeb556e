/** SwiftShader, a Vulkan driver that needs nothing but a CPU: out of an npm package into the cache, ready for Dawn. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { NoAdapter } from "./errors.ts";
import { hasLoader, loaderName, mapLibrary } from "./loader.ts";

const packageName = "@sparticuz/chromium";
const packageVersion = "143.0.4";
const driverName = "libvk_swiftshader.so";
const manifestName = "vk_swiftshader_icd.json";

/** The only members that are taken out of the archive. */
const wanted: readonly string[] = [driverName, loaderName, manifestName];

/** Bytes; the archive holds 15 MB. */
const archiveLimit = 64 * 1024 * 1024;

/** Where a process says, to itself and to the processes it starts, that it chose SwiftShader. */
const marker = "BLIPC_SWIFTSHADER_DIR";

/** The line that installs SwiftShader. */
export const swiftShaderInstall = `npm install --no-save ${packageName}@${packageVersion}`;

/** The line that installs a faster software driver on Debian and Ubuntu. */
export const mesaInstall = "sudo apt-get install --no-install-recommends mesa-vulkan-drivers";

/** The driver settings as the user made them, before we touched them. */
interface DriverSettings {
  readonly VK_DRIVER_FILES: string | undefined;
  readonly VK_ICD_FILENAMES: string | undefined;
}

let settingsOfUser: DriverSettings | undefined;

/** `VK_DRIVER_FILES` (or its older name) as the user set it; a choice inherited from a parent process does not count. */
export function driversOfUser(): string | undefined {
  const settings = remember();
  return settings.VK_DRIVER_FILES ?? settings.VK_ICD_FILENAMES;
}

/** True when the process that started this one chose SwiftShader and passed its choice on. */
export function inheritsSwiftShader(): boolean {
  remember();
  return inherited;
}

let inherited = false;

function remember(): DriverSettings {
  if (settingsOfUser !== undefined) return settingsOfUser;
  const folder = process.env[marker];
  inherited = folder !== undefined && process.env["VK_DRIVER_FILES"] === join(folder, manifestName);
  settingsOfUser = {
    VK_DRIVER_FILES: inherited ? undefined : process.env["VK_DRIVER_FILES"],
    VK_ICD_FILENAMES: process.env["VK_ICD_FILENAMES"],
  };
  return settingsOfUser;
}

/** Puts the driver settings back to what the user had, so that the next adapter request sees the system. */
export function useSystemDrivers(): void {
  const settings = remember();
  delete process.env[marker];
  if (settings.VK_DRIVER_FILES === undefined) delete process.env["VK_DRIVER_FILES"];
  else process.env["VK_DRIVER_FILES"] = settings.VK_DRIVER_FILES;
}

/**
 * Makes SwiftShader the driver that the next adapter request finds. Works in the main thread only: a worker's
 * `process.env` is a copy.
 * @returns the folder of the driver
 * @throws `NoAdapter` when the package is absent or has nothing for this machine
 */
export function useSwiftShader(): string {
  remember();
  const folder = unpackSwiftShader();
  useLoader(folder);
  process.env["VK_DRIVER_FILES"] = join(folder, manifestName);
  process.env[marker] = folder;
  return folder;
}

let loaderMapped = false;

function useLoader(folder: string): void {
  if (loaderMapped || hasLoader()) return;
  mapLibrary(join(folder, loaderName));
  loaderMapped = true;
}

/** Brings the package's Vulkan loader in where the system has none; false when the package is absent too. */
export function lendLoader(): boolean {
  if (!swiftShaderAvailable()) return false;
  useLoader(unpackSwiftShader());
  return true;
}

/** True when `useSwiftShader` can succeed. */
export function swiftShaderAvailable(): boolean {
  if (process.platform !== "linux" || process.arch !== "x64") return false;
  return isComplete(cacheFolder()) || archivePath() !== undefined;
}

/** The absolute path of the archive inside the npm package, sought beside this software and then in the current folder. */
export function archivePath(): string | undefined {
  for (const from of [import.meta.url, join(process.cwd(), "package.json")]) {
    try {
      let folder = dirname(createRequire(from).resolve(packageName));
      while (dirname(folder) !== folder) {
        const path = join(folder, "bin", "swiftshader.tar.br");
        if (existsSync(path)) return path;
        folder = dirname(folder);
      }
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}

function cacheFolder(): string {
  const chosen = process.env["XDG_CACHE_HOME"];
  const cache = chosen !== undefined && isAbsolute(chosen) ? chosen : join(homedir(), ".cache");
  return join(cache, "blipc", `swiftshader-${packageVersion}`);
}

function isComplete(folder: string): boolean {
  return wanted.every((name) => existsSync(join(folder, name)));
}

let unpacked: string | undefined;

/**
 * The folder with driver, loader and manifest; unpacked on first use, in a temporary name that is then renamed.
 * @throws `NoAdapter` with the line that installs the package
 */
export function unpackSwiftShader(): string {
  if (unpacked !== undefined && isComplete(unpacked)) return unpacked;
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new NoAdapter(
      `No GPU adapter was found, and SwiftShader is brought along for Linux x64 only (this is ${process.platform} ${process.arch}). Install a Vulkan driver.`,
    );
  }
  const folder = cacheFolder();
  unpacked = isComplete(folder) ? folder : unpackInto(folder);
  return unpacked;
}

function unpackInto(folder: string): string {
  const archive = archivePath();
  if (archive === undefined) {
    throw new NoAdapter(
      `No GPU adapter was found, and the software driver SwiftShader is not installed. Type:\n  ${swiftShaderInstall}\nor, for a faster one (Mesa 23 or newer):\n  ${mesaInstall}`,
    );
  }
  const files = membersOf(
    brotliDecompressSync(readFileSync(archive), { maxOutputLength: archiveLimit }),
  );
  const temporary = temporaryFolder(dirname(folder));
  const isInCache = dirname(temporary) === dirname(folder);
  const home = isInCache ? folder : temporary;
  for (const name of wanted) {
    const bytes = files.get(name);
    if (bytes === undefined) throw new NoAdapter(`${archive} lacks ${name}.`);
    const content = name === manifestName ? manifest(bytes, join(home, driverName)) : bytes;
    writeFileSync(join(temporary, name), content, { mode: name === manifestName ? 0o644 : 0o755 });
  }
  if (!isInCache) return temporary;
  try {
    renameSync(temporary, folder);
  } catch (error) {
    // Another process was faster, or an earlier one left a part.
    if (isComplete(folder)) {
      rmSync(temporary, { recursive: true, force: true });
    } else {
      rmSync(folder, { recursive: true, force: true });
      renameSync(temporary, folder);
      if (!isComplete(folder)) throw error;
    }
  }
  return folder;
}

/** A new private folder: inside the cache or, where that cannot be written, among the temporary files. */
function temporaryFolder(cache: string): string {
  try {
    mkdirSync(cache, { recursive: true });
    return mkdtempSync(join(cache, "swiftshader-new-"));
  } catch {
    return mkdtempSync(join(tmpdir(), "blipc-swiftshader-"));
  }
}

function manifest(original: Uint8Array, library: string): string {
  const content = JSON.parse(Buffer.from(original).toString("utf8")) as { ICD: object };
  return `${JSON.stringify({ ...content, ICD: { ...content.ICD, library_path: library } })}\n`;
}

/** The wanted regular files of a tar archive (ustar) by base name; links, folders and all else are passed over. */
export function membersOf(tar: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  let offset = 0;
  while (offset + 512 <= tar.length) {
    const header = tar.subarray(offset, offset + 512);
    const path = text(header, 0, 100);
    if (path === "") break;
    const size = Number.parseInt(text(header, 124, 12).trim() || "0", 8);
    const start = offset + 512;
    if (!Number.isSafeInteger(size) || size < 0 || start + size > tar.length) {
      throw new NoAdapter(`The SwiftShader archive is damaged at byte ${offset} ("${path}").`);
    }
    const kind = text(header, 156, 1);
    const name = path.slice(path.lastIndexOf("/") + 1);
    if ((kind === "0" || kind === "") && wanted.includes(name)) {
      found.set(name, tar.subarray(start, start + size));
    }
    offset = start + Math.ceil(size / 512) * 512;
  }
  return found;
}

function text(header: Uint8Array, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return Buffer.from(end === -1 ? field : field.subarray(0, end)).toString("latin1");
}
