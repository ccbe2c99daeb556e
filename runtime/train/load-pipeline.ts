/** A file on disk and settings from the command line → a checked pipeline. */
import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { type CheckResult, check } from "../../compiler/1-check/check.ts";
import { createSource, type Source } from "../../grammar/source.ts";
import { confinedPath } from "./confine.ts";
import { type Project, type ProjectOptions, projectOf } from "./project.ts";
import { RunFault } from "./run-fault.ts";

/** What was asked for on the command line. */
export interface PipelineRequest extends ProjectOptions {
  /** `path=value`, weakest first. */
  readonly sets: readonly string[];
  /** Files of `path = value` lines; weaker than `sets`. */
  readonly parameterFiles?: readonly string[];
}

/** A pipeline that was read and checked; it has a model when nothing is wrong. */
export interface LoadedPipeline extends CheckResult {
  readonly project: Project;
  readonly source: Source;
  /** Every file that was read, by name. */
  readonly sources: ReadonlyMap<string, Source>;
  /** `--params` and `--set`, weakest first. */
  readonly overrides: readonly Source[];
}

/**
 * Reads and checks a pipeline; what is wrong in it is in `diagnostics`. Imports are found relative to the file that
 * names them and do not leave the project. Throws `RunFault` when the file itself cannot be read.
 */
export function loadPipeline(request: PipelineRequest): LoadedPipeline {
  const project = projectOf(request);
  const sources = new Map<string, Source>();
  const source = readSource(request.file, project.base);
  sources.set(source.name, source);
  const overrides = [
    ...(request.parameterFiles ?? []).map((file) => readSource(file, project.base)),
    ...request.sets.map((set) => createSource("--set", set)),
  ];
  const find = (path: string, from: Source): Source | undefined => {
    const folder = dirname(resolve(project.base, from.name));
    const found = confinedPath(path, folder, project.roots);
    if (!found.ok) return undefined;
    const name = relative(project.base, found.path).replaceAll("\\", "/");
    const known = sources.get(name);
    if (known !== undefined) return known;
    try {
      const read = createSource(name, readFileSync(found.path, "utf8"));
      sources.set(name, read);
      return read;
    } catch {
      return undefined;
    }
  };
  return { ...check(source, overrides, find), project, source, sources, overrides };
}

/** A text with its name, as a run folder keeps it. */
export interface StoredText {
  readonly name: string;
  readonly text: string;
}

/** Checks a pipeline again from the texts that a run kept. */
export function reloadPipeline(
  texts: readonly StoredText[],
  file: string,
  overrides: readonly StoredText[],
  project: Project,
): LoadedPipeline {
  const sources = new Map(texts.map(({ name, text }) => [name, createSource(name, text)]));
  const source = sources.get(file);
  if (source === undefined) throw new RunFault("data", `the run holds no text of ${file}`);
  const given = overrides.map(({ name, text }) => createSource(name, text));
  const find = (path: string, from: Source): Source | undefined => {
    const found = resolve(dirname(resolve(project.base, from.name)), path);
    return sources.get(relative(project.base, found).replaceAll("\\", "/"));
  };
  return { ...check(source, given, find), project, source, sources, overrides: given };
}

function readSource(file: string, base: string): Source {
  const path = resolve(base, file);
  const name = relative(base, path).replaceAll("\\", "/");
  try {
    return createSource(name, readFileSync(path, "utf8"));
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : String(thrown);
    const reason =
      code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "this is a folder" : code;
    throw new RunFault("usage", `${file}: ${reason}`, { cause: thrown });
  }
}
