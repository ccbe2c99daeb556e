/** A text and the files it imports -> everything an editor asks about: scopes, messages, model. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { type Parsed, parse } from "../../grammar/parse.ts";
import type { Source } from "../../grammar/source.ts";
import { check } from "../1-check/check.ts";
import type { FileScope } from "../1-check/file-scope.ts";
import { loadPipeline, type Resolve } from "../1-check/load-files.ts";
import type { CheckedModel } from "../1-check/model.ts";
import { Sink } from "../1-check/sink.ts";

/** What is known of a text as it stands; nothing in it changes once it is made. */
export interface Analysis {
  readonly source: Source;
  /** The file with its names and those of the files it imports. */
  readonly scope: FileScope;
  /** Of the file and of what it imports, in reading order. */
  readonly diagnostics: readonly Diagnostic[];
  /** What the text means; while it has errors, what it meant before: values hold, spans do not. */
  readonly model: CheckedModel | undefined;
  /** True when `model` is that of this text. */
  readonly isCurrent: boolean;
  /** The model of an imported file, checked on its own; undefined when it has errors. */
  readonly modelOf: (scope: FileScope) => CheckedModel | undefined;
}

const parsed = new WeakMap<Source, Parsed>();

/** The tree of a source, made once as long as the same object is given. */
export function parseOnce(source: Source): Parsed {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const made = parse(source);
  parsed.set(source, made);
  return made;
}

/** The names of a file and of all it imports, without a check. Never throws. */
export function loadScope(source: Source, resolve: Resolve): FileScope {
  return loadPipeline(source, [], resolve, parseOnce, new Sink());
}

/**
 * Checks a text as a pipeline of its own. Pure; never throws, whatever the text. `previous` is the analysis of the text
 * before the last change: its model stands in while the text has errors.
 */
export function analyze(source: Source, resolve: Resolve, previous?: Analysis): Analysis {
  const files = new Map<string, Source | undefined>();
  const find: Resolve = (path, from) => {
    const key = `${from.name}\n${path}`;
    if (!files.has(key)) files.set(key, resolve(path, from));
    return files.get(key);
  };
  const { model, diagnostics } = check(source, [], find);
  const scope = loadScope(source, find);
  const models = new Map<string, CheckedModel | undefined>();
  const shown = model ?? previous?.model;
  return {
    source,
    scope,
    diagnostics,
    model: shown,
    isCurrent: model !== undefined,
    modelOf: (asked) => {
      const { name } = asked.source;
      if (name === source.name) return shown;
      if (!models.has(name)) models.set(name, check(asked.source, [], find).model);
      return models.get(name);
    },
  };
}
