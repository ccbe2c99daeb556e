/** Boundaries, cycles, sizes: what ARCHITECTURE.md says, kept true. */
import { describe, expect, test } from "vitest";
import { isAt, type MapRow, readCodeMap, rowOf } from "./support/code-map.ts";
import {
  type SourceFile,
  sourceFile,
  sourceFiles,
  textOf,
  writtenFiles,
} from "./support/sources.ts";

const layers = ["grammar", "compiler", "runtime", "cli"];
const rows = readCodeMap(textOf("ARCHITECTURE.md"));
const sources = sourceFiles(layers);
const everything = sourceFiles([...layers, "test", "bench"]);

/** What a file imports against the map, one line each. */
function violations({ path, imports, packages }: SourceFile, map: readonly MapRow[]) {
  const own = rowOf(map, path);
  if (own === undefined) return [`${path} has no row in the code map`];
  const files = imports
    .filter((target) => rowOf(map, target)?.place !== own.place)
    .filter((target) => !own.mayImport.some((place) => mayReach(target, place, map)))
    .map((target) => `${path} imports ${target}`);
  const foreign = packages
    .filter((name) => !own.packages.includes(name))
    .filter((name) => !(name.startsWith("node:") && own.packages.includes("node:*")))
    .map((name) => `${path} imports the package ${name}`);
  return [...files, ...foreign];
}

/** A place opens what belongs to its row, not what has rows of its own below it. */
function mayReach(target: string, place: string, map: readonly MapRow[]): boolean {
  const row = rowOf(map, target);
  return isAt(target, place) && (row === undefined || row.place.length <= place.length);
}

/** Files that need each other in a circle when they run, or undefined. Types may refer to each other. */
function circle(files: readonly SourceFile[]): readonly string[] | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const target of byPath.get(path)?.loads ?? []) {
      const found = visit(target, [...way, path]);
      if (found !== undefined) return found;
    }
    done.add(path);
    return undefined;
  };
  for (const { path } of files) {
    const found = visit(path, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Lines of code files where a pattern matches, outside of comments. */
function uses(pattern: RegExp, files: readonly SourceFile[], allowed: readonly string[] = []) {
  return files
    .filter(({ path, code }) => pattern.test(code) && !allowed.some((place) => isAt(path, place)))
    .map(({ path }) => path);
}

const below = (places: readonly string[]) =>
  sources.filter(({ path }) => places.some((place) => isAt(path, place)));

describe("code map", () => {
  test("every file imports only what its row allows", () => {
    expect(sources.flatMap((file) => violations(file, rows))).toEqual([]);
  });

  test("every row is a place that is there, once, and names such places", () => {
    const paths = everything.map(({ path }) => path);
    const all = [...writtenFiles("pipelines"), ...writtenFiles("compiler"), ...paths];
    const places = rows.flatMap(({ place, mayImport }) => [place, ...mayImport]);
    expect(places.filter((place) => !all.some((path) => isAt(path, place)))).toEqual([]);
    expect(new Set(rows.map(({ place }) => place)).size).toBe(rows.length);
  });

  test("rows look up the list only", () => {
    const places = rows.map(({ place }) => place);
    const at = (target: string) => places.indexOf(rowOf(rows, target)?.place ?? "");
    const downward = rows.flatMap(({ place, mayImport }, index) =>
      mayImport
        .filter((target) => at(target) >= index)
        .map((target) => `${place} before ${target}`),
    );
    expect(downward).toEqual([]);
  });

  test("no row names an import or a package that nothing needs", () => {
    const idle = rows.flatMap(({ place, mayImport, packages }) => {
      const files = sources.filter(({ path }) => rowOf(rows, path)?.place === place);
      if (files.length === 0) return [];
      const targets = files.flatMap(({ imports }) => imports);
      const named = files.flatMap((file) => file.packages);
      return [
        ...mayImport.filter((each) => !targets.some((target) => mayReach(target, each, rows))),
        ...packages.filter((each) => each !== "node:*" && !named.includes(each)),
      ].map((each) => `${place} does not need ${each}`);
    });
    expect(idle).toEqual([]);
  });

  test("a wrong import is seen", () => {
    const text = 'import { run } from "../../runtime/train/loop.ts";\nimport "node:fs";\n';
    expect(violations(sourceFile("compiler/ops/wrong.ts", text), rows)).toEqual([
      "compiler/ops/wrong.ts imports runtime/train/loop.ts",
      "compiler/ops/wrong.ts imports the package node:fs",
    ]);
    expect(violations(sourceFile("surprise/file.ts", ""), rows)).toHaveLength(1);
  });
});

describe("imports", () => {
  test("no file imports itself by way of others", () => {
    expect(circle(everything)).toBeUndefined();
  });

  test("a circle is seen", () => {
    const files = [
      sourceFile("compiler/a.ts", 'import { b } from "./b.ts";'),
      sourceFile("compiler/b.ts", 'import { a, type A } from "./a.ts";'),
    ];
    expect(circle(files)).toEqual(["compiler/a.ts", "compiler/b.ts", "compiler/a.ts"]);
  });

  test("types that refer to each other are no circle", () => {
    const files = [
      sourceFile("compiler/a.ts", 'import { b } from "./b.ts";'),
      sourceFile(
        "compiler/b.ts",
        'import { type A } from "./a.ts";\nimport type { B } from "./a.ts";',
      ),
    ];
    expect(circle(files)).toBeUndefined();
    expect(files[1]?.imports).toEqual(["compiler/a.ts", "compiler/a.ts"]);
  });
});

describe("purity", () => {
  test("grammar and compiler know no clock, no chance and no process", () => {
    const pattern =
      /\b(process|console|performance|fetch|setTimeout)\.?\b(?=[.(])|Math\.random|Date\b/;
    expect(uses(pattern, below(["grammar", "compiler"]))).toEqual([]);
  });

  test("nothing below cli prints or exits", () => {
    const pattern = /\bconsole\.|process\.(stdout|stderr|exit|exitCode|argv)\b/;
    expect(uses(pattern, below(["grammar", "compiler", "runtime"]))).toEqual([]);
  });

  test("below cli, only the search for a driver reads the environment", () => {
    const found = uses(/process\.env\b/, below(["grammar", "compiler", "runtime"]), [
      "runtime/device",
    ]);
    expect(found).toEqual([]);
  });
});

describe("files", () => {
  /** Longer than others may be, for a reason. */
  const long: Readonly<Record<string, string>> = {
    "test/ops/cases.ts": "one table: a hand-worked case for every op",
    "test/ops/kernel-cases.ts": "one table: shapes and graphs for every kernel",
  };
  const mostLines = 400;

  test(`have at most ${mostLines} lines, but for the tables named here`, () => {
    const tooLong = everything
      .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
      .filter(({ path, lines }) => lines > mostLines && long[path] === undefined);
    expect(tooLong).toEqual([]);
  });

  test("no exception stands for a file that is short by now", () => {
    const needed = everything
      .filter(({ text }) => text.split("\n").length - 1 > mostLines)
      .map(({ path }) => path);
    expect(Object.keys(long).filter((path) => !needed.includes(path))).toEqual([]);
  });

  test("export by name only", () => {
    expect(uses(/^export default\b/m, everything)).toEqual([]);
  });

  test("start by saying what they do", () => {
    const told = everything.filter(({ path }) => !path.endsWith(".test.ts"));
    const silent = told.filter(({ text }) => !/^(#!.*\n)?\/\*\*/.test(text));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test("name no folders of the machine they were written on", () => {
    const places = ["work", "tmp", "root"].map((name) => `/${name}/`);
    const texts = writtenFiles().filter((path) => /\.(ts|mjs|json|md|blip|ya?ml|txt)$/.test(path));
    const found = texts.filter((path) => places.some((place) => textOf(path).includes(place)));
    expect(found).toEqual([]);
  });
});
