/** The repository's own text files, with what each TypeScript file imports. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** `import … from "x"` and `export … from "x"`; `import("x")`; `import "x";`. */
const importPattern =
  /^(?:import|export)\s+([^;"'`]*?)\s*\bfrom\s+"([^"\n]+)"|\bimport\(\s*"([^"\n]+)"|^import\s+"([^"\n]+)";/gm;

/** Folders that hold what is made, not written. */
const made = new Set(["node_modules", "dist", "runs", "coverage", ".git", ".cache"]);

/** A source file. */
export interface SourceFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Text without comments. */
  readonly code: string;
  /** Files of the repository that it imports, types too. */
  readonly imports: readonly string[];
  /** Those of them that it needs when it runs. */
  readonly loads: readonly string[];
  /** Packages that it imports: `ajv`, `@scope/name`, `node:fs`. */
  readonly packages: readonly string[];
}

/** Paths of all files below `folder` (relative to the repository) that people write. */
export function writtenFiles(folder = "."): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return made.has(entry.name) ? [] : writtenFiles(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** All TypeScript files below the folders. */
export function sourceFiles(folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap((folder) => writtenFiles(folder))
    .filter((path) => path.endsWith(".ts"))
    .map((path) => sourceFile(path, textOf(path)));
}

/** A source file of this path and text. */
export function sourceFile(path: string, text: string): SourceFile {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const found = [...code.matchAll(importPattern)].map((match) => ({
    name: match[2] ?? match[3] ?? match[4]!,
    isOfTypes: match[1] !== undefined && isOfTypes(match[1]),
  }));
  const isFile = (name: string) => name.startsWith(".");
  const placeOf = (name: string) =>
    relative(root, join(root, dirname(path), name)).replaceAll("\\", "/");
  const files = found.filter(({ name }) => isFile(name));
  return {
    path,
    text,
    code,
    imports: files.map(({ name }) => placeOf(name)),
    loads: files.filter((each) => !each.isOfTypes).map(({ name }) => placeOf(name)),
    packages: found.filter(({ name }) => !isFile(name)).map(({ name }) => packageOf(name)),
  };
}

/** `type { A }` or `{ type A, type B }`: nothing of it is left when the file runs. */
function isOfTypes(clause: string): boolean {
  if (/^type\b/.test(clause)) return true;
  const inside = /^\{([\s\S]*)\}$/.exec(clause.trim())?.[1];
  if (inside === undefined) return false;
  const names = inside.split(",").map((name) => name.trim());
  return names.every((name) => name === "" || name.startsWith("type "));
}

function packageOf(name: string): string {
  if (name.startsWith("node:")) return name;
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}
