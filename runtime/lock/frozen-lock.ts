/** A pipeline and blip.lock → everything in which they differ. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CheckedData } from "../../compiler/1-check/model.ts";
import { cutTexts } from "../../compiler/lock/cut-texts.ts";
import { type Lock, type LockedFile, lockDrift, readLock } from "../../compiler/lock/lock.ts";
import { unpinnedImports } from "../../compiler/lock/unpinned-imports.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { help, report } from "../../grammar/message.ts";
import { fileDrifted } from "../../grammar/messages/stages.ts";
import { createSource } from "../../grammar/source.ts";
import type { LoadedPipeline } from "../train/load-pipeline.ts";
import { RunFault } from "../train/run-fault.ts";
import { lockedShapeFaults } from "./locked-shapes.ts";
import { lockedPath, lockPath, pinFile, placeOf, sizeNow } from "./pin-file.ts";

/**
 * How much is looked at. `lock`: no byte of weights is read; files that are not at hand are taken as the lock has them,
 * those that are must have its size, small ones its sha256. `files`: every file must be there, with its sha256.
 */
export type LockDepth = "lock" | "files";

/** All drift of a checked pipeline. Throws `RunFault` when the project has no blip.lock. */
export function frozenLockFaults(
  { model, project, sources, source }: LoadedPipeline,
  depth: LockDepth,
): readonly Diagnostic[] {
  if (model === undefined) return [];
  const place = lockPath(project);
  if (!existsSync(place)) {
    throw new RunFault("usage", `--frozen-lock: there is no ${place}; \`blipc lock\` writes it`);
  }
  const text = readFileSync(place, "utf8");
  const lock = readLock(text);
  if ("code" in lock) return [lock];
  const look = (path: string, kind: LockedFile["kind"]): LockedFile | undefined => {
    const locked = lock.files.find((each) => each.path === lockedPath(path, project));
    if (depth === "files") return pinFile(path, kind, project);
    const size = sizeNow(path);
    // Nothing is pinned that is not known; nothing is missing that the lock knows.
    if (locked === undefined) return { path: lockedPath(path, project), kind, size: 0, sha256: "" };
    if (size === undefined || locked.shards !== undefined) return locked;
    if (kind === "weights") return { ...locked, size };
    return size === locked.size ? pinFile(path, kind, project) : { ...locked, size };
  };
  const drift = lockDrift(model, lock, (file) => look(placeOf(file, project), file.kind));
  const imports = [...sources.keys()]
    .filter((name) => name !== source.name)
    .flatMap((name) => importFault(name, lock, text, look(resolve(project.base, name), "import")));
  const found = [...drift, ...imports];
  return found.length > 0 ? found : lockedShapeFaults(model, lock, placesOf(project));
}

/**
 * Warnings of imports that the lock does not pin and of texts that cut what it knows the length of; none where the project
 * has no lock, or one that cannot be read.
 */
export function lockLints({ imports, model, project }: LoadedPipeline): readonly Diagnostic[] {
  const place = lockPath(project);
  if (!existsSync(place)) return [];
  const lock = readLock(readFileSync(place, "utf8"));
  if ("code" in lock) return [];
  const path = (name: string) => lockedPath(resolve(project.base, name), project);
  const unpinned = unpinnedImports(imports, lock, path);
  if (model === undefined) return unpinned;
  const nameOf = ({ source: { value } }: CheckedData) =>
    value.kind === "captions" || value.kind === "vqa"
      ? lockedPath(project.resolve(value.path, value.base), project)
      : "";
  return [...unpinned, ...cutTexts(model, lock, nameOf)];
}

const placesOf =
  (project: LoadedPipeline["project"]) =>
  (written: string, base: string): string =>
    lockedPath(project.resolve(written, base), project);

/** An imported file that is not the locked one, shown in the lock itself. */
function importFault(
  name: string,
  lock: Lock,
  text: string,
  is: LockedFile | undefined,
): readonly Diagnostic[] {
  const path = is?.path ?? name;
  const locked = lock.files.find((each) => each.path === path);
  const isSame = is?.size === locked?.size && is?.sha256 === locked?.sha256;
  if (is !== undefined && locked !== undefined && isSame) return [];
  const source = createSource("blip.lock", text);
  const at = text.indexOf(JSON.stringify(path));
  const start = Math.max(0, at);
  const end = at < 0 ? Math.min(1, text.length) : at + path.length + 2;
  const what = locked === undefined ? "is not pinned in blip.lock" : "is not the file of blip.lock";
  const detail = locked === undefined ? "no entry for it" : "it was changed since";
  return [
    report(
      fileDrifted,
      { path: name, what },
      {
        primary: { span: { source, start, end }, text: detail },
        notes: [help("bring the old file back, or take this one: blipc lock")],
      },
    ),
  ];
}
