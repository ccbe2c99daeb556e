/** A folder → the bytes of all files in it. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

export function bytesIn(folder: string): number {
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const sizes = found.map((name) => statSync(join(folder, name)));
  return sizes.reduce((sum, each) => (each.isFile() ? sum + each.size : sum), 0);
}
