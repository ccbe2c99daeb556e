import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  readCheckpointFile,
  writeCheckpointFile,
} from "../../../runtime/run-folder/checkpoint-file.ts";
import {
  checkpointName,
  discardCheckpointsAfter,
  readBest,
  readLatest,
  stepsIn,
  writeCheckpoint,
} from "../../../runtime/run-folder/checkpoints.ts";
import { openRunFolder, type RunFolder } from "../../../runtime/run-folder/run-folder.ts";
import { FileError } from "../../../runtime/weights/file-error.ts";
import { type FileSystem, nodeFileSystem } from "../../../runtime/weights/file-system.ts";
import { openSafetensors } from "../../../runtime/weights/safetensors.ts";
import { writeSafetensors } from "../../../runtime/weights/write-safetensors.ts";
import { failingAt } from "../weights/failing-file-system.ts";
import { temporaryFolder } from "../weights/temporary-folder.ts";
import { exampleCheckpoint, isWhole } from "./example-checkpoint.ts";

const quick: FileSystem = { ...nodeFileSystem, fsync: () => {} };

function newFolder(system: FileSystem = quick): RunFolder {
  return openRunFolder(join(temporaryFolder(), "run"), system);
}

function latestStep(path: string): number | undefined {
  const { checkpoint } = readLatest(path);
  checkpoint?.file.close();
  return checkpoint?.step;
}

function flip(path: string, bit: number): void {
  const bytes = readFileSync(path);
  bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
  writeFileSync(path, bytes);
}

describe("checkpoint files", () => {
  it("come back as they were written", () => {
    const path = join(temporaryFolder(), "a.safetensors");
    const { tensors, ...state } = exampleCheckpoint(350);
    writeCheckpointFile(path, { tensors, ...state }, nodeFileSystem);
    const { file, path: found, ...read } = readCheckpointFile(path);
    expect(found).toBe(path);
    expect(read).toEqual(state);
    for (const { name, data } of tensors) expect(Buffer.compare(file.read(name), data)).toBe(0);
    file.close();
  });

  it("are the same bytes for the same state, whenever and in whatever order it is given", async () => {
    const folder = temporaryFolder();
    const checkpoint = exampleCheckpoint(3);
    writeCheckpointFile(join(folder, "a"), checkpoint, quick);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const data = { position: 48, epoch: 0 };
    const tensors = [...checkpoint.tensors].reverse();
    writeCheckpointFile(join(folder, "b"), { ...checkpoint, data, tensors }, quick);
    expect(readFileSync(join(folder, "a")).equals(readFileSync(join(folder, "b")))).toBe(true);
  });

  it("show every flipped bit", () => {
    const path = join(temporaryFolder(), "a.safetensors");
    writeCheckpointFile(path, exampleCheckpoint(1, 2), quick);
    const bits = readFileSync(path).byteLength * 8;
    const unseen: number[] = [];
    let named = 0;
    for (let bit = 0; bit < bits; bit += 5) {
      flip(path, bit);
      try {
        readCheckpointFile(path).file.close();
        unseen.push(bit);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(FileError);
        if ((thrown as FileError).message.includes(`tensor "`)) named += 1;
      }
      flip(path, bit);
    }
    expect(unseen).toEqual([]);
    // 48 of the file's bytes are tensors.
    expect(named).toBeGreaterThanOrEqual(Math.floor((48 * 8) / 5) - 1);
    readCheckpointFile(path).file.close();
  });

  it("name the damaged tensor", () => {
    const path = join(temporaryFolder(), "a.safetensors");
    writeCheckpointFile(path, exampleCheckpoint(1), quick);
    flip(path, readFileSync(path).byteLength * 8 - 1);
    expect(() => readCheckpointFile(path)).toThrow(
      `${path}: tensor "query_tokens" is damaged: the SHA-256 differs`,
    );
  });

  it.each(["random", "data", "schedule", "step", "sha256", "kind"])(
    "are refused without %s",
    (key) => {
      const folder = temporaryFolder();
      const path = join(folder, "a.safetensors");
      writeCheckpointFile(path, exampleCheckpoint(1), quick);
      const file = openSafetensors(path);
      const metadata = Object.fromEntries([...file.metadata].filter(([name]) => name !== key));
      file.close();
      writeSafetensors(path, exampleCheckpoint(1).tensors, metadata);
      expect(() => readCheckpointFile(path)).toThrow(FileError);
    },
  );

  it.each([
    [{ random: {} }, /"random" lacks seed or counter/],
    [{ random: null }, /"random" lacks seed or counter/],
    [{ random: { seed: 1, counter: -1 } }, /"random" lacks seed or counter/],
    [{ step: 1.5 }, /"step" is not a count/],
  ])("are refused with %j even under right digests", (change, reason) => {
    const path = join(temporaryFolder(), "a.safetensors");
    writeCheckpointFile(path, { ...exampleCheckpoint(1), ...change } as never, quick);
    expect(() => readCheckpointFile(path)).toThrow(reason);
  });

  it("name the version when a newer program wrote them", () => {
    const path = join(temporaryFolder(), "a.safetensors");
    writeSafetensors(path, [], { kind: "blipc-checkpoint", version: "2" });
    expect(() => readCheckpointFile(path)).toThrow(
      /its version is 2, this program reads version 1/,
    );
  });

  it("refuse numbers that JSON cannot hold", () => {
    const path = join(temporaryFolder(), "a");
    const checkpoint = { ...exampleCheckpoint(1), notes: { loss: Number.NaN } };
    expect(() => writeCheckpointFile(path, checkpoint, quick)).toThrow(/NaN/);
    expect(existsSync(path)).toBe(false);
  });

  it("tell an ordinary weights file from a checkpoint", () => {
    const path = join(temporaryFolder(), "a.safetensors");
    writeSafetensors(path, exampleCheckpoint(1).tensors);
    expect(() => readCheckpointFile(path)).toThrow(/not a checkpoint of blipc/);
  });
});

describe("retention", () => {
  it("keeps the last N and the best", () => {
    const folder = newFolder();
    for (let step = 1; step <= 40; step += 1) {
      writeCheckpoint(folder, exampleCheckpoint(step), {
        keep: 3,
        isBest: step === 5 || step === 17,
      });
    }
    expect(readdirSync(join(folder.path, "checkpoints")).sort()).toEqual([
      checkpointName(17),
      checkpointName(38),
      checkpointName(39),
      checkpointName(40),
    ]);
    expect(readFileSync(join(folder.path, "latest"), "utf8")).toBe("step-00000040.safetensors\n");
    const best = readBest(folder.path);
    expect(best?.step).toBe(17);
    best?.file.close();
    expect(readdirSync(folder.path).sort()).toEqual(["best", "checkpoints", "latest", "lock.1"]);
    folder.close();
  });

  it("keeps what it just wrote even below steps of an older run, and discards those when told", () => {
    const folder = newFolder();
    for (const step of [10, 20, 30, 40])
      writeCheckpoint(folder, exampleCheckpoint(step), { keep: 4 });
    writeCheckpoint(folder, exampleCheckpoint(5), { keep: 2 });
    expect(stepsIn(folder.path)).toEqual([40, 30, 5]);
    expect(latestStep(folder.path)).toBe(5);
    expect(discardCheckpointsAfter(folder, 5)).toEqual([checkpointName(40), checkpointName(30)]);
    expect(stepsIn(folder.path)).toEqual([5]);
    expect(readBest(folder.path)).toBeUndefined();
    folder.close();
  });
});

describe("readLatest", () => {
  it("gives nothing for a folder without checkpoints or without anything", () => {
    const folder = newFolder();
    expect(readLatest(folder.path)).toEqual({ checkpoint: undefined, refused: [] });
    expect(readLatest(join(folder.path, "none"))).toEqual({ checkpoint: undefined, refused: [] });
    folder.close();
  });

  it.each(["flipped", "cut", "emptied", "removed", "pointer damaged"])(
    "falls back to the previous good one when the newest is %s",
    (damage) => {
      const folder = newFolder();
      for (const step of [1, 2, 3]) writeCheckpoint(folder, exampleCheckpoint(step));
      const newest = join(folder.path, "checkpoints", checkpointName(3));
      if (damage === "flipped") flip(newest, readFileSync(newest).byteLength * 8 - 100);
      if (damage === "cut") writeFileSync(newest, readFileSync(newest).subarray(0, -1));
      if (damage === "emptied") writeFileSync(newest, "");
      if (damage === "removed") nodeFileSystem.unlink(newest);
      if (damage === "pointer damaged") writeFileSync(join(folder.path, "latest"), "../../etc");
      const { checkpoint, refused } = readLatest(folder.path);
      checkpoint?.file.close();
      expect(checkpoint?.step).toBe(damage === "pointer damaged" ? 3 : 2);
      const told = damage !== "removed" && damage !== "pointer damaged";
      expect(refused.map((error) => error.file)).toEqual(told ? [newest] : []);
      folder.close();
    },
  );

  it("lists all of them when all are damaged", () => {
    const folder = newFolder();
    for (const step of [1, 2]) {
      const path = writeCheckpoint(folder, exampleCheckpoint(step));
      writeFileSync(path, "");
    }
    const { checkpoint, refused } = readLatest(folder.path);
    expect(checkpoint).toBeUndefined();
    expect(refused.length).toBe(2);
    folder.close();
  });
});

describe("a disk that fails at call N", () => {
  it.each([false, true])("never costs the previous checkpoint (for ever: %s)", (forEver) => {
    let last = 0;
    for (let at = 1; at < 200; at += 1) {
      const path = join(temporaryFolder(), "run");
      const before = openRunFolder(path, quick);
      for (const step of [1, 2]) writeCheckpoint(before, exampleCheckpoint(step), { keep: 2 });
      before.close();
      const healthy = openRunFolder(path, quick);
      const { system } = failingAt(at, forEver);
      const failing: RunFolder = { ...healthy, system };
      let error: unknown;
      try {
        writeCheckpoint(failing, exampleCheckpoint(3), { keep: 2, isBest: true });
      } catch (thrown) {
        error = thrown;
      }
      const { checkpoint, refused } = readLatest(path);
      expect(refused).toEqual([]);
      expect(checkpoint === undefined ? false : isWhole(checkpoint)).toBe(true);
      checkpoint?.file.close();
      expect([2, 3]).toContain(checkpoint?.step);
      healthy.close();
      if (error === undefined) {
        expect(checkpoint?.step).toBe(3);
        last = at;
        break;
      }
      expect(error).toBeInstanceOf(FileError);
      expect((error as FileError).message).toMatch(
        /run\/.*: cannot be (written \(\d+ bytes needed\)|removed|synced): /,
      );
      const swept = openRunFolder(path, quick);
      expect(readdirSync(join(path, "checkpoints")).filter((n) => n.endsWith(".partial"))).toEqual(
        [],
      );
      writeCheckpoint(swept, exampleCheckpoint(4), { keep: 2 });
      expect(latestStep(path)).toBe(4);
      swept.close();
    }
    expect(last).toBeGreaterThan(25);
  });
});
