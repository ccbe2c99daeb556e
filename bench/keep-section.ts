/** A section of Markdown → RESULTS.md with it, in place of an older one of the same title. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { withSection } from "./report.ts";

const file = new URL("RESULTS.md", import.meta.url);

/** The section begins with its title, `## …`. */
export function keepSection(text: string): void {
  const old = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  writeFileSync(file, withSection(old, text));
}
