/** A folder of reference values → the lines of its check. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { checks, kindsLeftOut } from "./checks.ts";
import { type Comparison, measured } from "./comparison.ts";
import { isMixed, mixedKinds } from "./precision.ts";

/** What a folder gave. */
export interface FolderResult {
  /** Name of the folder. */
  readonly name: string;
  readonly kind: string;
  readonly lines: readonly Comparison[];
}

interface CaseFile {
  readonly kind: string;
  /** Of a thinned copy: beginnings of the keys that it does not hold any more, each with the reason. */
  readonly thinned?: Readonly<Record<string, string>>;
}

/** Folders at or below `folder` that hold a `case.json`, in order of their names. */
export function foldersBelow(folder: string, depth = 2): readonly string[] {
  if (existsSync(join(folder, "case.json"))) return [folder];
  if (depth === 0 || !existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => join(folder, entry.name))
    .sort()
    .flatMap((below) => foldersBelow(below, depth - 1));
}

/** Checks one folder; what is thrown on the way becomes a line that fails. */
export async function checkFolder(folder: string): Promise<FolderResult> {
  const name = basename(folder);
  try {
    const reference = JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as CaseFile;
    return { name, kind: reference.kind, lines: await linesOf(folder, reference) };
  } catch (thrown) {
    const note = thrown instanceof Error ? thrown.message : String(thrown);
    return { name, kind: "unknown", lines: [measured("the case", "runs", 1, 0, note)] };
  }
}

async function linesOf(folder: string, reference: CaseFile): Promise<readonly Comparison[]> {
  const { kind, thinned = {} } = reference;
  const reason = kindsLeftOut.get(kind);
  if (reason !== undefined) return [{ name: "the case", leftOut: reason }];
  if (isMixed() && !mixedKinds.includes(kind))
    return [{ name: "the case", leftOut: "nothing of it is rounded in mixed precision" }];
  const check = checks.get(kind);
  if (check === undefined) {
    return [measured("the case", "kind", 1, 0, `there is no kind "${kind}"`)];
  }
  const lines = await check(folder, reference);
  if (!lines.some((line) => "passed" in line)) {
    return [...lines, measured("the case", "how many keys were compared", 1, 0, "none")];
  }
  return withoutThinned(lines, new Map(Object.entries(thinned)));
}

/** Lines of keys that a thinned copy does not hold, as one line left out for each beginning. */
function withoutThinned(
  lines: readonly Comparison[],
  thinned: ReadonlyMap<string, string>,
): readonly Comparison[] {
  const beginnings = [...thinned.keys()];
  const kept = lines.filter(({ name }) => !beginnings.some((begin) => name.startsWith(begin)));
  const leftOut = Array.from(thinned, ([begin, reason]) => ({
    name: `${begin}*`,
    leftOut: reason,
  }));
  return [...kept, ...leftOut];
}
