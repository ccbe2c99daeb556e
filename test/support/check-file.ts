/** A `.blip` file of the repository -> what the check makes of it. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { type CheckResult, check } from "../../compiler/1-check/check.ts";
import type { CheckedModel } from "../../compiler/1-check/model.ts";
import { renderDiagnostic } from "../../grammar/render-diagnostic.ts";
import { createSource, type Source } from "../../grammar/source.ts";

/** Checks a file, named relative to the repository, with values of `--set`. */
export function checkFile(file: string, sets: readonly string[] = []): CheckResult {
  const read = (path: string) => createSource(path, readFileSync(path, "utf8"));
  const resolve = (path: string, from: Source): Source | undefined => {
    const found = normalize(join(dirname(from.name), path));
    return existsSync(found) ? read(found) : undefined;
  };
  return check(
    read(file),
    sets.map((set) => createSource("--set", set)),
    resolve,
  );
}

/** The model of a file that checks clean; throws with the printed messages otherwise. */
export function modelOf(file: string, sets: readonly string[] = []): CheckedModel {
  const { model, diagnostics } = checkFile(file, sets);
  if (model === undefined || diagnostics.length > 0) {
    throw new Error(diagnostics.map((each) => renderDiagnostic(each)).join("\n\n"));
  }
  return model;
}
