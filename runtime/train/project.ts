/** Where a pipeline's files lie: which folders it may open, where made data and runs go. */
import { dirname, join, resolve } from "node:path";
import { confinedPath } from "./confine.ts";
import { RunFault } from "./run-fault.ts";

/** The folders of a project; absolute. */
export interface Project {
  /** What source names are relative to. */
  readonly base: string;
  /** Folders that pipelines may open files in. */
  readonly roots: readonly string[];
  /** Folder of data sets that are drawn, not read. */
  readonly madeData: string;
  /** Folder of run folders: `runs`. */
  readonly runs: string;
  /** Folders that hold `NAME/tokenizer.json`. */
  readonly tokenizerFolders: readonly string[];
  /** A path written in the source called `sourceName`. Throws `RunFault` when it leaves the project. */
  resolve(written: string, sourceName: string): string;
}

/** Folders that the command line grants or moves. */
export interface ProjectOptions {
  /** Folder that names on the command line are relative to. */
  readonly base: string;
  /** The pipeline, relative to `base`. */
  readonly file: string;
  /** More folders that pipelines may open files in. */
  readonly allowed?: readonly string[];
  readonly runs?: string;
  readonly madeData?: string;
}

/** Files in which a tokenizer of that name may lie, the first one that is there is taken. */
export function tokenizerPlaces(folders: readonly string[], name: string): readonly string[] {
  return folders.map((folder) => join(folder, name, "tokenizer.json"));
}

/** The project of a pipeline: the folder that `base` is when the file lies in it, else the file's own folder. */
export function projectOf(options: ProjectOptions): Project {
  const base = resolve(options.base);
  const own = dirname(resolve(base, options.file));
  const isBelow = confinedPath("x", own, [base]).ok;
  const roots = [
    isBelow ? base : own,
    ...(options.allowed ?? []).map((folder) => resolve(base, folder)),
  ];
  const runs = resolve(base, options.runs ?? "runs");
  return {
    base,
    roots,
    runs,
    madeData: resolve(base, options.madeData ?? join(runs, "data")),
    tokenizerFolders: roots.map((root) => join(root, "tokenizers")),
    resolve: (written, sourceName) => {
      // A path from the command line is relative to where the command runs.
      const folder = sourceName.startsWith("--") ? base : dirname(resolve(base, sourceName));
      const found = confinedPath(written, folder, roots);
      if (found.ok) return found.path;
      throw new RunFault("data", `${sourceName}: ${JSON.stringify(written)}: ${found.reason}`);
    },
  };
}
