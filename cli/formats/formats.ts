/** Names of the formats in which messages are printed, and how many are shown. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";

/** What `--format` takes. */
export const formats = ["text", "json", "sarif", "github"] as const;

/** One of them. */
export type Format = (typeof formats)[number];

/** More than these nobody reads. */
const mostShown = 100;

/** The first hundred messages, and how many more there are. */
export function shownDiagnostics(diagnostics: readonly Diagnostic[]): {
  readonly shown: readonly Diagnostic[];
  readonly hidden: number;
} {
  const shown = diagnostics.slice(0, mostShown);
  return { shown, hidden: diagnostics.length - shown.length };
}
