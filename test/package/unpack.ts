/** The repository → the package as it is published, unpacked in a folder. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Packs (`prepack` builds) and unpacks; gives the package's folder and the paths that the tarball lists. */
export function unpack(folder: string): {
  readonly home: string;
  readonly files: readonly string[];
} {
  const told = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const tarball = join(folder, /"filename":\s*"([^"]+)"/.exec(told)?.[1] ?? "");
  execFileSync("tar", ["-xzf", tarball, "-C", folder]);
  const listed = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" });
  return { home: join(folder, "package"), files: listed.trim().split("\n") };
}
