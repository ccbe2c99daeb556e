/** Example texts -> diagnostics, as the catalogue and the tests of checks need them. */
import { type CheckResult, check } from "../../compiler/1-check/check.ts";
import type { Example } from "../../grammar/message.ts";
import { renderDiagnostic } from "../../grammar/render-diagnostic.ts";
import { createSource } from "../../grammar/source.ts";

/** Checks an example as `blipc check example.blip --set …` would. */
export function checkExample(example: Example): CheckResult {
  const files = new Map(
    Object.entries({ ...example.files, "example.blip": example.text }).map(([name, text]) => [
      name,
      createSource(name, text),
    ]),
  );
  const overrides = (example.set ?? []).map((text) => createSource("--set", text));
  return check(files.get("example.blip")!, overrides, (path) =>
    files.get(path.replace(/^\.\//, "")),
  );
}

/** Codes of all messages, in order. */
export function codesOf(example: Example): readonly string[] {
  return checkExample(example).diagnostics.map(({ code }) => code);
}

/** All messages as they are printed. */
export function printed(example: Example): string {
  return checkExample(example)
    .diagnostics.map((each) => renderDiagnostic(each))
    .join("\n\n");
}
