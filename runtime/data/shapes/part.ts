/** Files to be → files on disk, written once: a manifest with counts and a hash tells whether they are all there. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A file of a part. */
export interface PartFile {
  /** Relative to the folder, with forward slashes. */
  readonly path: string;
  /** Makes the bytes; the same bytes at each call. */
  readonly content: () => Promise<Uint8Array | string>;
}

/** Files that belong together. */
export interface Part {
  readonly name: string;
  /** Plain JSON that determines every byte of the files. */
  readonly settings: Readonly<Record<string, number>>;
  readonly files: readonly PartFile[];
}

/** What the manifest of a part says. */
export interface Manifest {
  readonly format: number;
  readonly settings: Readonly<Record<string, number>>;
  readonly files: number;
  readonly bytes: number;
  /** Over path and content of all files in order, hexadecimal. */
  readonly sha256: string;
}

const manifestFormat = 1;
const openFiles = 16;

/** Runs `work` on each entry, a few at a time; results in the entries' order. */
async function each<T, R>(entries: readonly T[], work: (entry: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(entries.length);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < entries.length; index = next++) {
      results[index] = await work(entries[index] as T);
    }
  };
  await Promise.all(Array.from({ length: openFiles }, worker));
  return results;
}

interface FileDigest {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

function digest(path: string, content: Uint8Array): FileDigest {
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { path, bytes: content.length, sha256 };
}

function manifestOf(part: Part, digests: readonly FileDigest[]): Manifest {
  const hash = createHash("sha256");
  for (const { path, bytes, sha256 } of digests) hash.update(`${path} ${bytes} ${sha256}\n`);
  return {
    format: manifestFormat,
    settings: part.settings,
    files: digests.length,
    bytes: digests.reduce((total, file) => total + file.bytes, 0),
    sha256: hash.digest("hex"),
  };
}

function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** True when the manifest is there and every file reads back to the hash it holds. */
async function isComplete(folder: string, manifestPath: string, part: Part): Promise<boolean> {
  try {
    const found = await readFile(manifestPath, "utf8");
    const settings = `${JSON.stringify(part.settings)}`;
    if (JSON.stringify((JSON.parse(found) as Manifest).settings) !== settings) return false;
    const digests = await each(part.files, async ({ path }) =>
      digest(path, await readFile(join(folder, path))),
    );
    return found === manifestText(manifestOf(part, digests));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError || error instanceof TypeError)
      return false;
    throw error;
  }
}

/** What became of a part. */
export type PartOutcome = "written" | "kept";

/**
 * Writes the files of a part and then its manifest `manifests/NAME.json`, or keeps a complete earlier writing.
 * An interrupted writing leaves no manifest and is done again. File-system errors are thrown as they come.
 */
export async function writePart(folder: string, part: Part): Promise<PartOutcome> {
  const manifestPath = join(folder, "manifests", `${part.name}.json`);
  if (await isComplete(folder, manifestPath, part)) return "kept";
  await rm(manifestPath, { force: true });
  const folders = new Set(
    [manifestPath, ...part.files.map((file) => join(folder, file.path))].map(dirname),
  );
  for (const name of folders) await mkdir(name, { recursive: true });
  const digests = await each(part.files, async ({ path, content }) => {
    const made = await content();
    const bytes = typeof made === "string" ? new TextEncoder().encode(made) : made;
    await writeFile(join(folder, path), bytes);
    return digest(path, bytes);
  });
  await writeFile(`${manifestPath}.partial`, manifestText(manifestOf(part, digests)));
  await rename(`${manifestPath}.partial`, manifestPath);
  return "written";
}
