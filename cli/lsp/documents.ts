/** Open editors and files on disk → sources by name, and analyses that are made again only when something changed. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { FileScope } from "../../compiler/1-check/file-scope.ts";
import type { Resolve } from "../../compiler/1-check/load-files.ts";
import { type Analysis, analyze, loadScope } from "../../compiler/language-service/index.ts";
import { createSource, type Source } from "../../grammar/source.ts";
import { confinedPath } from "../../runtime/train/confine.ts";

/** An analysis and the texts it was made of. */
interface Made {
  readonly analysis: Analysis;
  readonly reads: ReadonlyMap<string, Source | undefined>;
}

/** Folders that hold no pipelines of the project. */
const skipped = new Set(["node_modules", "dist", "runs", ".git"]);
const mostFiles = 500;

export class Documents {
  /** Folder that names are relative to; absolute. */
  #base: string;
  readonly #open = new Map<string, Source>();
  readonly #onDisk = new Map<string, Source>();
  readonly #made = new Map<string, Made>();

  constructor(base: string) {
    this.#base = base;
  }

  /** Moves to the folder that the editor opened. */
  rebase(base: string): void {
    this.#base = base;
    this.#open.clear();
    this.#onDisk.clear();
    this.#made.clear();
  }

  /** Takes over the text of an editor. */
  open(uri: string, text: string): void {
    const name = this.nameOf(uri);
    this.#open.set(name, createSource(name, text));
  }

  /** From now on the file on disk counts. */
  close(uri: string): void {
    const name = this.nameOf(uri);
    this.#open.delete(name);
    this.#made.delete(name);
  }

  /** Addresses of open editors. */
  openUris(): readonly string[] {
    return [...this.#open.keys()].map((name) => this.uriOf(name));
  }

  /** Name of the source at an address: its path from the base, with `/`. */
  nameOf(uri: string): string {
    if (!uri.startsWith("file:")) return uri;
    return relative(this.#base, fileURLToPath(uri)).replaceAll("\\", "/");
  }

  /** Address of a source. */
  uriOf(name: string): string {
    return /^[a-z][a-z0-9+.-]+:/i.test(name) ? name : pathToFileURL(resolve(this.#base, name)).href;
  }

  /** The text at an address; undefined when there is none. */
  source(uri: string): Source | undefined {
    return this.#read(this.nameOf(uri));
  }

  /** What is known of the file at an address; made anew when it or a file that it imports changed. */
  analysis(uri: string): Analysis | undefined {
    const source = this.source(uri);
    if (source === undefined) return undefined;
    const before = this.#made.get(source.name);
    if (before !== undefined && this.#isFresh(before, source)) return before.analysis;
    const reads = new Map<string, Source | undefined>();
    const analysis = analyze(source, this.#resolver(reads), before?.analysis);
    this.#made.set(source.name, { analysis, reads });
    return analysis;
  }

  /** The names of every pipeline of the project, for references and renames. */
  scopes(): readonly FileScope[] {
    return this.#pipelines().flatMap((name) => {
      const source = this.#read(name);
      return source === undefined ? [] : [loadScope(source, this.#resolver(new Map()))];
    });
  }

  /** Paths by which a file could import the other pipelines of the project. */
  importPaths(uri: string): readonly string[] {
    const own = this.nameOf(uri);
    return this.#pipelines()
      .filter((name) => name !== own)
      .map((name) => relative(dirname(own), name).replaceAll("\\", "/"))
      .map((path) => (path.startsWith(".") ? path : `./${path}`));
  }

  #isFresh(made: Made, source: Source): boolean {
    if (made.analysis.source !== source) return false;
    return [...made.reads].every(([name, read]) => this.#read(name) === read);
  }

  #resolver(reads: Map<string, Source | undefined>): Resolve {
    return (path, from) => {
      const folder = dirname(resolve(this.#base, from.name));
      const own = confinedPath("x", folder, [this.#base]).ok ? this.#base : folder;
      const found = confinedPath(path, folder, [own]);
      if (!found.ok) return undefined;
      const name = relative(this.#base, found.path).replaceAll("\\", "/");
      const source = this.#read(name);
      reads.set(name, source);
      return source;
    };
  }

  /** Equal texts are one object, so that they are parsed once. */
  #read(name: string): Source | undefined {
    const open = this.#open.get(name);
    if (open !== undefined) return open;
    try {
      const text = readFileSync(resolve(this.#base, name), "utf8");
      const before = this.#onDisk.get(name);
      if (before?.text === text) return before;
      const source = createSource(name, text);
      this.#onDisk.set(name, source);
      return source;
    } catch {
      this.#onDisk.delete(name);
      return undefined;
    }
  }

  #pipelines(): readonly string[] {
    const found = new Set(this.#open.keys());
    const visit = (folder: string) => {
      if (found.size >= mostFiles || !existsSync(folder)) return;
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory() && !skipped.has(entry.name)) visit(path);
        else if (entry.isFile() && entry.name.endsWith(".blip")) {
          found.add(relative(this.#base, path).replaceAll("\\", "/"));
        }
      }
    };
    visit(this.#base);
    return [...found].sort();
  }
}
