/** The code map of ARCHITECTURE.md → rows: what each place may import. */

/** One row: a folder or a file. */
export interface MapRow {
  readonly place: string;
  /** Folders and files of the repository. */
  readonly mayImport: readonly string[];
  /** Packages; `node:*` stands for all of Node's own. */
  readonly packages: readonly string[];
}

/**
 * Reads the table whose header starts with `| place |`: place, what it does, may import, packages. Places are code
 * (`like/this`); a dash is nothing.
 */
export function readCodeMap(markdown: string): readonly MapRow[] {
  const lines = markdown.split("\n");
  const start = lines.findIndex((line) => line.startsWith("| place |"));
  if (start < 0) throw new Error("the document has no table that starts with `| place |`");
  const rows: MapRow[] = [];
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith("|")) break;
    const cells = line.split("|").slice(1, -1);
    const [place] = namesOf(cells[0] ?? "");
    if (place === undefined || cells.length !== 4) throw new Error(`no row of a code map: ${line}`);
    rows.push({ place, mayImport: namesOf(cells[2]!), packages: namesOf(cells[3]!) });
  }
  return rows;
}

function namesOf(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
}

/** The row that a file belongs to: the longest place that is the file or a folder above it. */
export function rowOf(rows: readonly MapRow[], path: string): MapRow | undefined {
  return rows
    .filter(({ place }) => isAt(path, place))
    .sort((left, right) => right.place.length - left.place.length)[0];
}

/** True when `path` is the place itself or lies below it. */
export function isAt(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}
