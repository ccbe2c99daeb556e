/** Documents: examples check, links lead somewhere, commands are there, the table of dependencies is true. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, posix } from "node:path";
import { describe, expect, test } from "vitest";
import { checkExample, printed } from "./support/check-example.ts";
import { textOf } from "./support/sources.ts";

const documents = [
  ...readdirSync("docs").map((name) => `docs/${name}`),
  ...["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"],
  "bench/README.md",
  "test/golden/data/README.md",
  "editor/vscode/README.md",
].filter((path) => path.endsWith(".md"));

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(textOf("package.json")) as Manifest;

/** Pipelines of a document by name, in order: fences that start with "```blip NAME"; those of one name are one file. */
function examples(text: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [, name = "", part = ""] of text.matchAll(namedFence)) {
    files.set(name, (files.get(name) ?? "") + part);
  }
  return files;
}

const namedFence = /^```blip (\S+)\n([\s\S]*?)^```$/gm;

describe.each(documents)("%s", (path) => {
  const text = textOf(path);

  test("every pipeline has a name and checks without a message", () => {
    const files = examples(text);
    const fences = text.match(/^```blip/gm)?.length ?? 0;
    expect(fences).toBe([...text.matchAll(namedFence)].length);
    for (const [name, pipeline] of files) {
      const example = { text: pipeline, files: Object.fromEntries(files) };
      expect(`${name}\n${printed(example)}`).toBe(`${name}\n`);
      expect(checkExample(example).model).toBeDefined();
    }
  });

  test("every link inside of the repository leads to a file", () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
    const inside = links.filter((link) => !/^(https?:|#)/.test(link));
    const missing = inside.filter(
      (link) => !existsSync(posix.join(dirname(path), link.replace(/#.*/, ""))),
    );
    expect(missing).toEqual([]);
  });

  test("every npm script and every file that code names is there", () => {
    const scripts = [...text.matchAll(/npm run (?:-s )?([\w:]+)/g)].map((match) => match[1]!);
    const near = posix.join(dirname(path), "package.json");
    const own = existsSync(near) ? (JSON.parse(textOf(near)) as Manifest).scripts : {};
    const known = { ...manifest.scripts, ...own };
    expect(scripts.filter((name) => known[name] === undefined)).toEqual([]);
    const named = [...text.matchAll(/`((?:grammar|compiler|runtime|cli|test|bench)\/[\w./-]+)`/g)];
    const missing = named
      .map((match) => match[1]!)
      .filter((file) => !file.includes("NAME") && !existsSync(file));
    expect(missing).toEqual([]);
  });
});

test("the README's first pipeline has 20 lines", () => {
  const [pipeline] = examples(textOf("README.md")).values();
  expect(pipeline?.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(20);
});

test("docs/dependencies.md lists every dependency with its version, and nothing else", () => {
  const rows = [...textOf("docs/dependencies.md").matchAll(/^\| `([^`]+)` \| ([\d.]+) \|/gm)];
  const listed = Object.fromEntries(rows.map((row) => [row[1]!, row[2]!]));
  expect(listed).toEqual({ ...manifest.dependencies, ...manifest.devDependencies });
});

test("dependencies are pinned to one version", () => {
  const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
