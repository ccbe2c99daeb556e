import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import { readLatest, writeCheckpoint } from "../../../runtime/run-folder/checkpoints.ts";
import { openRunFolder } from "../../../runtime/run-folder/run-folder.ts";
import { FileError } from "../../../runtime/weights/file-error.ts";
import { temporaryFolder } from "../weights/temporary-folder.ts";
import { exampleCheckpoint, isWhole } from "./example-checkpoint.ts";

const built = mkdtempSync(join(tmpdir(), "blipc-test-"));
afterAll(() => rmSync(built, { recursive: true, force: true }));
const program = join(built, "writer-process.mjs");
buildSync({
  entryPoints: [fileURLToPath(new URL("./writer-process.ts", import.meta.url))],
  outfile: program,
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "error",
});

function started(...parts: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program, ...parts], { stdio: ["pipe", "pipe", "inherit"] });
}

function firstOutput(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", (bytes: Buffer) => resolve(bytes.toString()));
    child.once("exit", (code) => reject(new Error(`the child ended by itself with ${code}`)));
  });
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

describe("SIGKILL", () => {
  it("20 kills of a process that saves without pause: always a whole latest, no orphan after the next start", async () => {
    const folder = join(temporaryFolder(), "run");
    const width = 200;
    let previous = 0;
    let reads = 0;
    let orphans = 0;
    for (let kill = 0; kill < 20; kill += 1) {
      const child = started("write", folder, String(width));
      await firstOutput(child);
      const end = performance.now() + 5 + Math.random() * 40;
      while (performance.now() < end) {
        const { checkpoint, refused } = readLatest(folder);
        expect(refused).toEqual([]);
        expect(checkpoint && isWhole(checkpoint, width)).toBe(true);
        checkpoint?.file.close();
        reads += 1;
      }
      child.kill("SIGKILL");
      await exited(child);
      const { checkpoint, refused } = readLatest(folder);
      expect(refused).toEqual([]);
      expect(checkpoint && isWhole(checkpoint, width)).toBe(true);
      expect(checkpoint?.step).toBeGreaterThan(previous);
      previous = checkpoint?.step ?? 0;
      checkpoint?.file.close();
      const partial = (): readonly string[] =>
        [...readdirSync(folder), ...readdirSync(join(folder, "checkpoints"))].filter((name) =>
          name.endsWith(".partial"),
        );
      const left = partial();
      orphans += left.length;
      const opened = openRunFolder(folder);
      expect(opened.swept.length).toBe(left.length);
      expect(partial()).toEqual([]);
      opened.close();
    }
    expect(reads).toBeGreaterThan(20);
    expect(orphans, "some kill should have hit a write").toBeGreaterThan(0);
  });
});

describe("two processes on one run folder", () => {
  it("50 double starts at the same moment: exactly one runs", async () => {
    const folder = temporaryFolder();
    const rounds = 50;
    const children = [0, 1].map(() => started("lock", folder, String(rounds)));
    const answers = children.map(firstOutput);
    for (let round = 0; round < rounds; round += 1) {
      const path = join(folder, String(round));
      mkdirSync(path, { recursive: true });
      while (readdirSync(path).filter((name) => name.startsWith("ready-")).length < 2) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      writeFileSync(join(path, "go"), "");
    }
    const wins = (await Promise.all(answers)).map((text) => JSON.parse(text) as number[]);
    expect(wins.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: rounds }, (_, i) => i));
    expect(() => openRunFolder(join(folder, "0"))).toThrow(/in use by process \d+/);
    const ends = children.map(exited);
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(ends);
    for (let round = 0; round < rounds; round += 1)
      openRunFolder(join(folder, String(round))).close();
  });

  it("refuses a second start in the same process, and gives the lock back on close", () => {
    const path = temporaryFolder();
    const first = openRunFolder(path);
    expect(() => openRunFolder(path)).toThrow(FileError);
    first.close();
    const second = openRunFolder(path);
    first.close();
    expect(() => openRunFolder(path)).toThrow(FileError);
    second.close();
    openRunFolder(path).close();
    expect(readdirSync(path).filter((name) => name.startsWith("lock")).length).toBe(1);
  });

  it.each(["", "{", "null", '{"pid":1}', '{"pid":999999999,"started":"unknown","host":"HERE"}'])(
    "takes over from the lock %j",
    (text) => {
      const path = temporaryFolder();
      writeFileSync(join(path, "lock.4"), text.replace("HERE", ""));
      if (text.includes("HERE")) {
        // A process of another machine cannot be seen, so its lock is respected and the message says what to do.
        expect(() => openRunFolder(path)).toThrow(/if it no longer runs, remove .*lock.4/);
      } else {
        openRunFolder(path).close();
      }
    },
  );
});

describe("a full disk", () => {
  const mount = join(built, "small");
  mkdirSync(mount);
  const isMounted =
    process.getuid?.() === 0 &&
    spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", mount]).status === 0;
  afterAll(() => {
    if (isMounted) spawnSync("umount", [mount]);
  });

  it.skipIf(!isMounted)(
    `keeps the last whole checkpoint${isMounted ? "" : " (skipped: a small tmpfs cannot be mounted here)"}`,
    () => {
      const path = join(mount, "run");
      const folder = openRunFolder(path);
      let error: unknown;
      let step = 0;
      while (error === undefined && step < 100) {
        step += 1;
        try {
          writeCheckpoint(folder, exampleCheckpoint(step, 100 + step), { keep: 50 });
        } catch (thrown) {
          error = thrown;
        }
      }
      expect(step).toBeGreaterThan(3);
      expect(String(error)).toMatch(
        /step-\d+\.safetensors: cannot be written \(\d+ bytes needed\): the disk/,
      );
      const { checkpoint, refused } = readLatest(path);
      expect(refused).toEqual([]);
      expect(checkpoint?.step).toBe(step - 1);
      expect(checkpoint && isWhole(checkpoint, 100 + step - 1)).toBe(true);
      checkpoint?.file.close();
      // Without the look at the free space beforehand the write itself runs into the wall.
      const blind = { ...folder, system: { ...folder.system, freeBytes: () => undefined } };
      expect(() => writeCheckpoint(blind, exampleCheckpoint(step, 300))).toThrow(
        /the disk is full/,
      );
      expect(readdirSync(join(path, "checkpoints")).length).toBe(step - 1);
      folder.close();
    },
  );
});
