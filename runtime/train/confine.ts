/** A path that a pipeline wrote → a path inside its project, or a refusal. */
import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** A path as it was written, found to be inside. */
export type ConfinedPath =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly reason: string };

/**
 * Resolves `written`, relative to the folder `from`, inside `roots` (absolute folders); links are followed before the
 * check, and a file that does not exist is judged by the nearest folder above it that does. Absolute paths, `~`, URLs,
 * backslashes and NUL are refused: only the command line may open folders outside of the project.
 */
export function confinedPath(
  written: string,
  from: string,
  roots: readonly string[],
): ConfinedPath {
  const refuse = (reason: string): ConfinedPath => ({ ok: false, reason });
  if (written === "") return refuse("the path is empty");
  if (written.includes("\0")) return refuse("the path holds a NUL character");
  if (/^[a-z][a-z0-9+.-]*:/i.test(written))
    return refuse("URLs and drive letters are not paths here");
  if (written.startsWith("~")) return refuse("`~` is not a folder here");
  if (written.includes("\\")) return refuse("folders are separated by `/`");
  if (isAbsolute(written)) return refuse("paths are relative to the file that names them");
  const path = resolve(from, written);
  const real = realOf(path);
  if (roots.some((root) => isInside(real, realOf(root)))) return { ok: true, path };
  return refuse("the path leads out of the project's folder");
}

/** True when `path` is `folder` or lies below it; both absolute. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Links followed, also one that leads to nothing: such a link would come to life when its target is made. */
function realOf(path: string): string {
  let existing = path;
  let rest = "";
  for (let step = 0; step < mostSteps; step += 1) {
    try {
      return join(realpathSync(existing), rest);
    } catch {
      const target = linkTarget(existing);
      if (target !== undefined) {
        existing = resolve(dirname(existing), target);
        continue;
      }
      const above = dirname(existing);
      if (above === existing) return path;
      rest = join(basename(existing), rest);
      existing = above;
    }
  }
  // Links that lead to one another lead nowhere.
  return sep;
}

const mostSteps = 1000;

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
