/** The system's conventions → the folder in which blipc keeps what it can compute anew. */
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** `$XDG_CACHE_HOME/blipc` where that is set, else the system's usual place below the home folder. */
export function userCacheFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  const chosen = environment["XDG_CACHE_HOME"];
  if (chosen !== undefined && isAbsolute(chosen)) return join(chosen, "blipc");
  if (platform === "darwin") return join(homedir(), "Library", "Caches", "blipc");
  if (platform !== "win32") return join(homedir(), ".cache", "blipc");
  return join(environment["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "blipc");
}
