/** `--watch`: again after a change of a file or an import, not at other times; Ctrl-C ends it with 130. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { nodeArguments } from "./blipc.ts";

const folder = mkdtempSync(join(tmpdir(), "blipc-watch-"));
let child: ChildProcess | undefined;
afterEach(() => child?.kill("SIGKILL"));
afterAll(() => rmSync(folder, { recursive: true }));

const base = "blip 1\n\nparam batch: int = 8\n";
const main = 'blip 1\n\nimport "./base.blip" as base\n\nextend base {\n  batch = 4\n}\n';

/** Starts a watching command; `next` gives what it prints until a line that matches. */
function start(...commands: readonly string[]) {
  child = spawn(process.execPath, [...nodeArguments(), ...commands], { cwd: folder });
  let text = "";
  let told: () => void = () => {};
  child.stdout!.on("data", (data: Buffer) => {
    text += String(data);
    told();
  });
  const next = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(text);
      if (found !== null) {
        const part = text.slice(0, found.index + found[0].length);
        text = text.slice(part.length);
        return part;
      }
      await new Promise<void>((resolve) => {
        told = resolve;
      });
    }
  };
  const ended = new Promise<number | null>((resolve) => child!.once("exit", resolve));
  return { next, ended, rest: () => text };
}

const quiet = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("check --watch follows the file and its import, says nothing twice, and ends with 130", async () => {
  writeFileSync(join(folder, "base.blip"), base);
  writeFileSync(join(folder, "main.blip"), main);
  const { next, ended, rest } = start("check", "main.blip", "--watch");
  expect(await next(/main\.blip: .*\n/)).toContain("main.blip: no problems");
  await quiet(500);
  writeFileSync(join(folder, "base.blip"), base.replace("batch", "size"));
  expect(await next(/main\.blip: .*\n/)).toContain("BLIP");
  // Several writes of an editor are one change.
  for (const text of ["", base]) writeFileSync(join(folder, "base.blip"), text);
  expect(await next(/main\.blip: .*\n/)).toContain("main.blip: no problems");
  writeFileSync(join(folder, "notes.txt"), "not a pipeline");
  await quiet(1000);
  expect(rest().trim()).toBe("");
  expect(rest()).not.toContain("\u001b");
  child!.kill("SIGINT");
  expect(await ended).toBe(130);
});
