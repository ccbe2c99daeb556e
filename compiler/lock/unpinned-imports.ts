/** Imports of a pipeline that its project's lock does not pin → warnings. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { help, report } from "../../grammar/message.ts";
import { unpinnedImport } from "../../grammar/messages/lints.ts";
import type { ImportedFile } from "../1-check/check.ts";
import type { Lock } from "./lock.ts";

/** `pathOf` gives the path of a source as locks write it. */
export function unpinnedImports(
  imports: readonly ImportedFile[],
  lock: Lock,
  pathOf: (name: string) => string,
): readonly Diagnostic[] {
  const pinned = new Set(lock.files.map(({ path }) => path));
  return imports
    .filter(({ name }) => !pinned.has(pathOf(name)))
    .map(({ name, span }) =>
      report(
        unpinnedImport,
        { path: name },
        {
          primary: { span, text: "may change without a word" },
          notes: [help("blipc lock  pins it beside everything else that this pipeline reads")],
        },
      ),
    );
}
