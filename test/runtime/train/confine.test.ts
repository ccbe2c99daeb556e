/** Paths that a pipeline writes stay inside of its project. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { confinedPath } from "../../../runtime/train/confine.ts";

const base = mkdtempSync(join(tmpdir(), "blipc-confine-"));
const root = join(base, "project");
const outside = join(base, "outside");
mkdirSync(join(root, "data"), { recursive: true });
mkdirSync(outside);
writeFileSync(join(outside, "secret.json"), "[]");
writeFileSync(join(root, "data", "train.json"), "[]");
symlinkSync(outside, join(root, "leak"));
symlinkSync(join(outside, "secret.json"), join(root, "data", "leak.json"));
symlinkSync(join(outside, "not there"), join(root, "dangling"));
symlinkSync(join(root, "data"), join(root, "inner"));
afterAll(() => rmSync(base, { recursive: true }));

describe("a path that a pipeline wrote", () => {
  test.each([
    "data/train.json",
    "./data/train.json",
    "data/../data/train.json",
    "inner/train.json",
    "not/yet/there.json",
    "..data/x.json",
  ])("%j is opened", (written) => {
    expect(confinedPath(written, root, [root]).ok).toBe(true);
  });

  test.each([
    "../outside/secret.json",
    "..",
    "data/../../outside/secret.json",
    "/etc/passwd",
    join(outside, "secret.json"),
    "leak/secret.json",
    "data/leak.json",
    "leak/../secret.json/../../outside/secret.json",
    "dangling",
    "dangling/x.json",
    "~/x.json",
    "~root/x.json",
    "file:///etc/passwd",
    "http://example.org/x.json",
    "pipe:cat /etc/passwd",
    "data:text/plain,x",
    "C:\\x.json",
    "C:/x.json",
    "..\\outside\\secret.json",
    "\\\\server\\share",
    "data/train.json\0.png",
    "",
  ])("%j is refused", (written) => {
    expect(confinedPath(written, root, [root])).toMatchObject({ ok: false });
  });

  test("a folder that was granted is open", () => {
    expect(confinedPath("../outside/secret.json", root, [root, outside]).ok).toBe(true);
  });
});
