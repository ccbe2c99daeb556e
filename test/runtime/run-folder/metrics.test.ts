import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openMetrics, readMetrics } from "../../../runtime/run-folder/metrics.ts";
import { openRunFolder, type RunFolder } from "../../../runtime/run-folder/run-folder.ts";
import { FileError } from "../../../runtime/weights/file-error.ts";
import { nodeFileSystem } from "../../../runtime/weights/file-system.ts";
import { failingAt } from "../weights/failing-file-system.ts";
import { temporaryFolder } from "../weights/temporary-folder.ts";

function newFolder(): RunFolder {
  return openRunFolder(join(temporaryFolder(), "run"));
}

function steps(folder: RunFolder): readonly number[] {
  return readMetrics(folder.path).map(({ step }) => step);
}

describe("metrics.jsonl", () => {
  it("has each line as soon as it is appended, and numbers that are not finite as text", () => {
    const folder = newFolder();
    const metrics = openMetrics(folder);
    metrics.append({ step: 1, loss: 0.5, note: "é" });
    metrics.append({ step: 2, loss: Number.NaN });
    expect(readFileSync(join(folder.path, "metrics.jsonl"), "utf8")).toBe(
      '{"step":1,"loss":0.5,"note":"é"}\n{"step":2,"loss":"NaN"}\n',
    );
    metrics.flush();
    metrics.close();
    folder.close();
  });

  it("goes back to the checkpoint's step on resume, with and without a line cut short", () => {
    const folder = newFolder();
    const first = openMetrics(folder);
    for (const step of [1, 2, 2, 3, 4]) first.append({ step });
    first.close();
    appendFileSync(join(folder.path, "metrics.jsonl"), '{"step":5,"lo');
    expect(steps(folder)).toEqual([1, 2, 2, 3, 4]);
    const resumed = openMetrics(folder, 2);
    expect(steps(folder)).toEqual([1, 2, 2]);
    resumed.append({ step: 3, again: true });
    resumed.close();
    expect(steps(folder)).toEqual([1, 2, 2, 3]);
    appendFileSync(join(folder.path, "metrics.jsonl"), '{"step":4,"lo');
    openMetrics(folder, 100).close();
    expect(readFileSync(join(folder.path, "metrics.jsonl"), "utf8").split("\n").length).toBe(5);
    openMetrics(folder).close();
    expect(steps(folder)).toEqual([]);
    folder.close();
  });

  it("ends with a whole line when the disk is full", () => {
    const folder = newFolder();
    openMetrics(folder).close();
    let written = 0;
    const system = {
      ...failingAt(Number.POSITIVE_INFINITY).system,
      write: (descriptor: number, bytes: Uint8Array) => {
        if (written >= 40) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
        const count = nodeFileSystem.write(descriptor, bytes.subarray(0, 40 - written));
        written += count;
        return count;
      },
    };
    const metrics = openMetrics({ ...folder, system });
    metrics.append({ step: 1, text: "twelve" });
    expect(() => metrics.append({ step: 2, text: "twelve" })).toThrow(FileError);
    metrics.close();
    expect(readFileSync(join(folder.path, "metrics.jsonl"), "utf8")).toBe(
      '{"step":1,"text":"twelve"}\n',
    );
    folder.close();
  });
});
