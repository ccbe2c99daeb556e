/** Arguments of a command -> the `.blip` files they mean, and their texts. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

/** A file and what stands in it. */
export interface PipelineText {
  /** As the user named it. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

const skipped = new Set(["node_modules", "dist", "runs"]);

/** The files named, or every `.blip` file in and below the folder when none is. */
export function pipelineNames(files: readonly string[], folder: string): readonly string[] {
  if (files.length > 0) return files;
  const found: string[] = [];
  const visit = (at: string) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory() && !skipped.has(entry.name) && !entry.name.startsWith(".")) {
        visit(path);
      } else if (entry.isFile() && entry.name.endsWith(".blip")) {
        found.push(relative(folder, path).replaceAll("\\", "/"));
      }
    }
  };
  visit(folder);
  return found.sort();
}

/** Reads a file. Throws `RunFault` when it is missing or no UTF-8. */
export async function readPipelineText(name: string, folder: string): Promise<PipelineText> {
  const { RunFault } = await import("../runtime/train/run-fault.ts");
  const path = resolve(folder, name);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : String(thrown);
    const reason = code === "ENOENT" ? "there is no such file" : code;
    throw new RunFault("usage", `${name}: ${reason}`, { cause: thrown });
  }
  return { name, path, text: await decoded(bytes, name) };
}

/** Bytes as text, a byte order mark included. Throws `RunFault` for bytes that are no UTF-8. */
export async function decoded(bytes: Uint8Array, name: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (thrown) {
    const { RunFault } = await import("../runtime/train/run-fault.ts");
    throw new RunFault("usage", `${name}: this is no UTF-8 text`, { cause: thrown });
  }
}
