/** blip.lock: what a pipeline reads, pinned; text <-> data, and what differs from it. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { help, report } from "../../grammar/message.ts";
import { fileDrifted, lockUnreadable, notPinned } from "../../grammar/messages/stages.ts";
import { createSource, type Span } from "../../grammar/source.ts";
import type { CheckedModel, CheckedModule, DataSource } from "../1-check/model.ts";
import { backbones, type Role } from "../backbones/index.ts";

/** A registered backbone: its name fixes the config, `shape` is the signature of its weights. */
export interface LockedBackbone {
  readonly name: string;
  readonly role: "encoder" | "text" | "qformer" | "lm";
  readonly shape: string;
  /** Names the content: changes when the config or one of the files does. */
  readonly revision?: string;
  /** Paths of the weight files that modules with this backbone read. */
  readonly files?: readonly string[];
}

/** A tokenizer or a data set; what is built in or drawn has no files. */
export interface LockedSource {
  readonly name: string;
  readonly revision: string;
  readonly files: readonly string[];
  /** By tokenizer: tokens that at most one caption in twenty exceeds; only of annotation files. */
  readonly tokens?: Readonly<Record<string, number>>;
}

/** A file of the project. */
export interface LockedFile {
  /** Relative to the folder of the lock, with `/`. */
  readonly path: string;
  readonly kind: "weights" | "data" | "tokenizer" | "import";
  /** Bytes; with shards, of all of them together. */
  readonly size: number;
  /** Of the file; with shards, of the index. */
  readonly sha256: string;
  /** Signature of names, types and shapes of its tensors; only of weights. */
  readonly shape?: string;
  /** `F16[1408,1408]` by name of the tensor; only of weights. */
  readonly tensors?: Readonly<Record<string, string>>;
  /** Shards beside an index. */
  readonly shards?: readonly {
    readonly path: string;
    readonly size: number;
    readonly sha256: string;
  }[];
}

/** The whole file, sorted by name and path. */
export interface Lock {
  readonly lockVersion: 1;
  readonly compiler: string;
  readonly edition: 1;
  readonly backbones: readonly LockedBackbone[];
  readonly tokenizers?: readonly LockedSource[];
  readonly data?: readonly LockedSource[];
  readonly files: readonly LockedFile[];
}

/** A file that a pipeline reads, and where it says so. */
export interface NeededFile {
  readonly kind: LockedFile["kind"];
  /** As written. */
  readonly written: string;
  /** Name of the source that it is relative to. */
  readonly base: string;
  readonly span: Span;
}

/** Sorted, two blanks of indentation, a line end at the end: equal locks are equal texts. */
export function lockText(lock: Lock): string {
  const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const sorted: Lock = {
    lockVersion: 1,
    compiler: lock.compiler,
    edition: 1,
    backbones: lock.backbones.toSorted((a, b) =>
      byText(`${a.role} ${a.name}`, `${b.role} ${b.name}`),
    ),
    tokenizers: (lock.tokenizers ?? []).toSorted((a, b) => byText(a.name, b.name)),
    data: (lock.data ?? []).toSorted((a, b) => byText(a.name, b.name)),
    files: lock.files.toSorted((a, b) => byText(a.path, b.path)),
  };
  return `${JSON.stringify(sorted, null, 2)}\n`;
}

/** The lock in a text, or why there is none. */
export function readLock(text: string): Lock | Diagnostic {
  const source = createSource("blip.lock", text);
  const refuse = (reason: string): Diagnostic =>
    report(
      lockUnreadable,
      { reason },
      {
        primary: { span: { source, start: 0, end: Math.min(1, text.length) }, text: "" },
        notes: [help("blipc lock writes it anew")],
      },
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("it is not JSON");
  }
  const lock = value as Partial<Record<keyof Lock, unknown>> | null;
  if (typeof lock !== "object" || lock === null) return refuse("it is no object");
  if (lock.lockVersion !== 1) return refuse(`its version is ${String(lock.lockVersion)}, not 1`);
  if (!isListOf(lock.backbones, ["name", "role", "shape"])) return refuse("`backbones` is damaged");
  if (!isListOf(lock.files, ["path", "kind", "sha256"])) return refuse("`files` is damaged");
  for (const name of ["tokenizers", "data"] as const) {
    const list = lock[name] ?? [];
    if (!isListOf(list, ["name", "revision"])) return refuse(`\`${name}\` is damaged`);
  }
  return value as Lock;
}

function isListOf(value: unknown, texts: readonly string[]): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (item: unknown) =>
        typeof item === "object" &&
        item !== null &&
        texts.every((name) => typeof (item as Record<string, unknown>)[name] === "string"),
    )
  );
}

const roles: Readonly<
  Record<string, { readonly role: Role; readonly kind: LockedBackbone["role"] }>
> = {
  encoder: { role: "vision", kind: "encoder" },
  "text-encoder": { role: "text", kind: "text" },
  qformer: { role: "bridge", kind: "qformer" },
  lm: { role: "decoder", kind: "lm" },
};

/** Backbones that a pipeline names, each once, with where it names them. */
export function neededBackbones(
  model: CheckedModel,
): readonly (LockedBackbone & { readonly span: Span })[] {
  const found = new Map<string, LockedBackbone & { readonly span: Span }>();
  for (const module of model.modules.values()) {
    const role = roles[module.kind];
    if (role === undefined || !("backbone" in module)) continue;
    const { value: name, span } = module.backbone;
    const key = `${role.kind} ${name}`;
    if (!found.has(key))
      found.set(key, { name, role: role.kind, shape: shapeOf(role.role, name), span });
  }
  return [...found.values()];
}

/** Signature of a registered config: fields in order of name. It fixes names and shapes of all weights. */
function shapeOf(role: Role, name: string): string {
  const config = backbones[role].get(name)?.config ?? {};
  return Object.entries(config)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, value]) => `${field}=${value}`)
    .join(" ");
}

/** Files that a pipeline reads: weights, annotations, tokenizers; each once. */
export function neededFiles(model: CheckedModel): readonly NeededFile[] {
  const weights = [...model.modules.values()].flatMap((module: CheckedModule): NeededFile[] => {
    const { value, span } = module.weights;
    if (value.kind !== "file") return [];
    return [{ kind: "weights", written: value.path, base: value.base, span }];
  });
  const data = [...model.data.values()].flatMap(({ source }): NeededFile[] => {
    const { value, span } = source;
    return dataFiles(value).map(({ path, base }) => ({ kind: "data", written: path, base, span }));
  });
  const tokenizers = [...model.texts.values()].flatMap(({ tokenizer }): NeededFile[] => {
    const { value: written, span } = tokenizer;
    return isBuiltIn(written) ? [] : [{ kind: "tokenizer", written, base: "", span }];
  });
  const found = new Map<string, NeededFile>();
  for (const each of [...weights, ...data, ...tokenizers]) {
    const key = `${each.kind} ${each.base} ${each.written}`;
    if (!found.has(key)) found.set(key, each);
  }
  return [...found.values()];
}

/** Files that a source names; those of a folder are not looked up and not pinned. */
export function dataFiles(
  source: DataSource,
): readonly { readonly path: string; readonly base: string }[] {
  if (source.kind === "captions" || source.kind === "table" || source.kind === "vqa")
    return [source];
  if (source.kind === "shards") return source.paths.map((path) => ({ path, base: source.base }));
  return [];
}

/** Tokenizers that are made and not read. */
export function isBuiltIn(tokenizer: string): boolean {
  return tokenizer === "shapes";
}

/** A file as it is now; undefined when it is not there. */
export type FileNow = (file: NeededFile) => LockedFile | undefined;

/** Everything in which a pipeline differs from its lock. `now` gives undefined for files that are not there. */
export function lockDrift(model: CheckedModel, lock: Lock, now: FileNow): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { name, role, shape, span } of neededBackbones(model)) {
    const locked = lock.backbones.find((each) => each.name === name && each.role === role);
    if (locked !== undefined && (locked.shape === shape || locked.shape === "")) continue;
    const placement = {
      primary: {
        span,
        text:
          locked === undefined
            ? "new since blip.lock was written"
            : "its config is not the one that was locked",
      },
      notes: [
        help(
          "blipc lock            adds its name and the shapes of its weights\nblipc run --frozen-lock  is what CI should use: it never edits the lock",
        ),
      ],
    };
    found.push(report(notPinned, { name }, placement));
  }
  for (const file of neededFiles(model)) {
    const is = now(file);
    const locked = is && lock.files.find(({ path }) => path === is.path);
    const what = driftOf(is, locked);
    if (what === undefined) continue;
    found.push(
      report(
        fileDrifted,
        { path: file.written, what: what.title },
        {
          primary: { span: file.span, text: what.detail },
          notes: [help("bring the old file back, or take this one: blipc lock")],
        },
      ),
    );
  }
  return found;
}

function driftOf(
  is: LockedFile | undefined,
  locked: LockedFile | undefined,
): { readonly title: string; readonly detail: string } | undefined {
  if (is === undefined) return { title: "is not there", detail: "no such file" };
  if (locked === undefined)
    return { title: "is not pinned in blip.lock", detail: "new since blip.lock was written" };
  if (is.shape !== locked.shape)
    return {
      title: "holds tensors of other shapes than blip.lock says",
      detail: "names, types or shapes differ",
    };
  if (is.size !== locked.size)
    return {
      title: "is not the file of blip.lock",
      detail: `${is.size} bytes, locked with ${locked.size}`,
    };
  if (is.sha256 !== locked.sha256 || shardHashes(is) !== shardHashes(locked))
    return { title: "is not the file of blip.lock", detail: "same size, another sha256" };
  return undefined;
}

function shardHashes({ shards }: LockedFile): string {
  return (shards ?? []).map(({ path, sha256 }) => `${path} ${sha256}`).join();
}
