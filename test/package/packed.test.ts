/** The packed tarball: what is in it, and that its command works in an empty folder. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root, unpack } from "./unpack.ts";

let folder: string;
let home: string;
let files: readonly string[];

/** Runs the packed `blipc` in a folder with nothing but the package's pipelines. */
function blipc(...parameters: readonly string[]): {
  code: number | null;
  out: string;
  err: string;
} {
  const command = [join(home, "dist/cli/main.js"), ...parameters];
  const result = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "blipc-packed-"));
  ({ home, files } = unpack(folder));
  // Without Dawn and the picture decoder: what is tested here must not load them.
  mkdirSync(join(home, "node_modules"));
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name === "webgpu" || name === "sharp" || name.startsWith(".")) continue;
    symlinkSync(join(root, "node_modules", name), join(home, "node_modules", name));
  }
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the packed tarball", () => {
  test("holds the command, the pipelines and the documents, and no sources or tests", () => {
    const wanted = [
      "package/LICENSE",
      "package/README.md",
      "package/dist/THIRD-PARTY-LICENSES.txt",
      "package/dist/cli/main.js",
      "package/package.json",
      "package/pipelines/blip2/stage1.blip",
      "package/pipelines/shapes/stage2.blip",
    ];
    expect(wanted.filter((file) => !files.includes(file))).toEqual([]);
    const known = /^package\/(dist\/|pipelines\/|LICENSE$|README\.md$|package\.json$)/;
    expect(files.filter((file) => !known.test(file) || file.endsWith(".ts"))).toEqual([]);
  });

  test("holds every weight file that its pipelines name", () => {
    const pipelines = files.filter((file) => file.endsWith(".blip"));
    const missing = pipelines.flatMap((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      const named = [...text.matchAll(/weights = "([^"]+)"/g)].map((match) => match[1]!);
      return named.filter((name) => !existsSync(join(folder, file, "..", name)));
    });
    expect(missing).toEqual([]);
  });

  test("its command can be started as a program", () => {
    const text = readFileSync(join(home, "dist/cli/main.js"), "utf8");
    expect(text.startsWith("#!/usr/bin/env node\n")).toBe(true);
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly version: string;
    };
    expect(blipc("--version")).toMatchObject({ code: 0, out: `${version}\n` });
  });

  test("check finds nothing wrong with the pipelines it brings", () => {
    const { code, out } = blipc("check", "package/pipelines/stage1.blip");
    expect(out).toBe(
      "package/pipelines/stage1.blip: no problems (3 modules, 3 objectives, 1 stage)\n",
    );
    expect(code).toBe(0);
  });

  test("plan --json carries the parameters of BLIP-2's stage 1", () => {
    const { code, out } = blipc("plan", "package/pipelines/stage1.blip", "--json");
    expect(code).toBe(0);
    const { stages } = JSON.parse(out) as {
      readonly stages: readonly { readonly parameters: unknown }[];
    };
    expect(stages.map(({ parameters }) => parameters)).toMatchObject([{ trainable: 186_705_470 }]);
  });

  test("explain knows a message, and says what to do about an unknown one", () => {
    expect(blipc("explain", "BLIP2101").out).toContain("BLIP2101 cross-width (error)");
    expect(blipc("explain", "BLIP2110")).toMatchObject({ code: 2, out: "" });
  });

  test("a fault in a pipeline is shown in its frame", () => {
    const { code, out } = blipc(
      "check",
      "package/pipelines/stage1.blip",
      "--set",
      'vision="eva-clip-g/15"',
    );
    expect(code).toBe(4);
    expect(out).toContain("eva-clip-g/14");
  });
});
