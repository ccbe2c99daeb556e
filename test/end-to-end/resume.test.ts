/** A run that is stopped and resumed ends in the same bytes as one that never stopped. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCheckpointFile } from "../../runtime/run-folder/checkpoint-file.ts";
import { writeCheckpoint } from "../../runtime/run-folder/checkpoints.ts";
import { openRunFolder } from "../../runtime/run-folder/run-folder.ts";
import { nodeArguments } from "../cli/blipc.ts";
import { lastCheckpoint, tinyLm, trainFile } from "./train.ts";

const base = mkdtempSync(join(tmpdir(), "blipc-resume-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let unbroken: Buffer;
let metrics: string;
beforeAll(async () => {
  const folder = join(base, "unbroken");
  await trainFile(tinyLm, folder);
  unbroken = lastCheckpoint(folder);
  metrics = readFileSync(join(folder, "metrics.jsonl"), "utf8");
});

/** Ends in the same checkpoint and the same metrics. */
function expectSame(folder: string): void {
  expect(lastCheckpoint(folder).equals(unbroken)).toBe(true);
  expect(readFileSync(join(folder, "metrics.jsonl"), "utf8")).toBe(metrics);
}

describe("resuming", () => {
  test.each([1, 5, 9])("after a stop at step %i", async (stop) => {
    const folder = join(base, `stopped-${stop}`);
    const controller = new AbortController();
    const first = await trainFile(tinyLm, folder, {
      signal: controller.signal,
      watch: (event) => {
        if (event.kind === "step" && event.step === stop) controller.abort();
      },
    });
    expect(first.isStopped).toBe(true);
    expect(first.step).toBeLessThan(12);
    const second = await trainFile(tinyLm, folder, { resume: true });
    expect(second).toMatchObject({ step: 12, isStopped: false });
    expectSame(folder);
  });

  test("after SIGKILL", async () => {
    const folder = join(base, "killed");
    const data = join(base, "data");
    const child = spawn(
      process.execPath,
      [
        ...nodeArguments(),
        ...["run", tinyLm, "--out", folder, "--data", data, "--adapter", "swiftshader", "--json"],
      ],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    await new Promise<void>((resolve) => {
      let text = "";
      child.stdout.on("data", (part: Buffer) => {
        text += part.toString();
        // At step 7 the checkpoint of step 6 stands and that of step 9 does not.
        if (text.includes('"kind":"step","step":7')) child.kill("SIGKILL");
      });
      child.on("exit", () => resolve());
    });
    expect(child.signalCode).toBe("SIGKILL");
    expect(existsSync(join(folder, "checkpoints", "step-00000006.safetensors"))).toBe(true);
    await trainFile(tinyLm, folder, { resume: true });
    expectSame(folder);
  });

  test("does not end in the same bytes when the random state is lost", async () => {
    const folder = join(base, "forgetful");
    cpSync(join(base, "unbroken"), folder, { recursive: true });
    for (const name of readdirSync(join(folder, "checkpoints"))) {
      if (name > "step-00000006.safetensors") rmSync(join(folder, "checkpoints", name));
    }
    const kept = readCheckpointFile(join(folder, "checkpoints", "step-00000006.safetensors"));
    const run = openRunFolder(folder);
    const { step, data, schedule, file } = kept;
    const tensors = [...file.tensors].map(([name, { dtype, shape }]) => ({
      name,
      dtype,
      shape,
      data: file.read(name),
    }));
    writeCheckpoint(run, { step, data, schedule, tensors, random: { seed: 7, counter: 0 } });
    file.close();
    run.close();
    await trainFile(tinyLm, folder, { resume: true });
    expect(lastCheckpoint(folder).equals(unbroken)).toBe(false);
  });

  test("is refused with another seed, and a folder in use is not overwritten", async () => {
    const folder = join(base, "unbroken");
    await expect(
      trainFile(tinyLm, folder, { resume: true, sets: ["learn.seed=8"] }),
    ).rejects.toThrow(/seed 7, the pipeline says 8/);
    await expect(trainFile(tinyLm, folder)).rejects.toThrow(/holds a run already/);
    expect(lastCheckpoint(folder).equals(unbroken)).toBe(true);
  });
});
