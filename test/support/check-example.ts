/** Example texts -> diagnostics, as the catalogue and the tests of checks need them. */
import { type CheckResult, check } from "../../compiler/1-check/check.ts";
import { cutTexts } from "../../compiler/lock/cut-texts.ts";
import { lockDrift, readLock } from "../../compiler/lock/lock.ts";
import { unpinnedImports } from "../../compiler/lock/unpinned-imports.ts";
import {
  bytesOf,
  memoryDiagnostic,
  planReport,
  runTests,
} from "../../compiler/plan-report/index.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Example } from "../../grammar/message.ts";
import { renderDiagnostic } from "../../grammar/render-diagnostic.ts";
import { createSource } from "../../grammar/source.ts";
import { lockedShapeFaults } from "../../runtime/lock/locked-shapes.ts";

/** Checks an example as `blipc check example.blip --set …` would. */
export function checkExample(example: Example, name = "example.blip"): CheckResult {
  const files = new Map(
    Object.entries({ ...example.files, [name]: example.text }).map(([file, text]) => [
      file,
      createSource(file, text),
    ]),
  );
  const overrides = (example.set ?? []).map((text) => createSource("--set", text));
  return check(files.get(name)!, overrides, (path) => files.get(path.replace(/^\.\//, "")));
}

/** What the check says; and when that is nothing, what lock, device and tests say. */
export function diagnosticsOf(example: Example, name?: string): readonly Diagnostic[] {
  const { model, diagnostics, imports } = checkExample(example, name);
  if (model === undefined || diagnostics.length > 0) return diagnostics;
  const lock = example.files?.["blip.lock"];
  const locked = lock === undefined ? [] : fromLock(lock, model, imports);
  const offered = bytesOf(example.device?.memory ?? "");
  const stages = offered === undefined ? [] : [...model.stages.keys()];
  const fits = stages.flatMap(
    (stage) => memoryDiagnostic(planReport(model, stage), model, offered ?? 0) ?? [],
  );
  const failures = runTests(model).flatMap((test) => test.failures);
  return [...locked, ...fits, ...failures];
}

function fromLock(
  text: string,
  model: NonNullable<CheckResult["model"]>,
  imports: CheckResult["imports"],
): readonly Diagnostic[] {
  const lock = readLock(text);
  return "code" in lock
    ? [lock]
    : [
        ...lockDrift(model, lock, ({ written }) => lock.files.find(({ path }) => path === written)),
        ...lockedShapeFaults(model, lock, (written) => written),
        ...unpinnedImports(imports, lock, (file) => file),
        ...cutTexts(model, lock, ({ source: { value } }) => ("path" in value ? value.path : "")),
      ];
}

/** Codes of all messages, in order. */
export function codesOf(example: Example): readonly string[] {
  return diagnosticsOf(example).map(({ code }) => code);
}

/** All messages as they are printed. */
export function printed(example: Example, name?: string): string {
  return diagnosticsOf(example, name)
    .map((each) => renderDiagnostic(each))
    .join("\n\n");
}
