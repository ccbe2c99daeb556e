/** Where the reference data stands, if it stands at all: `../shared` beside the checkout. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../shared/", import.meta.url));

/** True when the reference data is beside the checkout. */
export const hasShared: boolean = existsSync(root);

/** Why a test was skipped; put into the name of the skipped block. */
export const withoutShared = hasShared ? "" : " (skipped: no ../shared beside the checkout)";

/** Absolute path of an entry of `../shared`. */
export function sharedPath(entry: string): string {
  return `${root}${entry}`;
}
