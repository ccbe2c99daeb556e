/** A run that is stopped and resumed ends in the same bytes as one that never stopped. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCheckpointFile } from "../../runtime/run-folder/checkpoint-file.ts";
import { readLatest, writeCheckpoint } from "../../runtime/run-folder/checkpoints.ts";
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

  test("tells when the pipeline is no longer the one that the run began with", async () => {
    const folder = join(base, "changed");
    cpSync(join(base, "unbroken"), folder, { recursive: true });
    const told = async (sets: readonly string[]) =>
      (await trainFile(tinyLm, folder, { resume: true, sets })).events.flatMap((event) =>
        event.kind === "note" && event.text.includes("is not what this run began with")
          ? [event.text]
          : [],
      );
    expect(await told([])).toEqual([]);
    expect(await told(["learn.optimizer.lr=1e-5"])).toHaveLength(1);
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

describe("resuming in mixed precision", () => {
  const sets = ["learn.precision=mixed"];

  test("ends in the same bytes, the scale of the loss among them", async () => {
    const [whole, cut] = [join(base, "mixed"), join(base, "mixed-cut")];
    await trainFile(tinyLm, whole, { sets });
    await trainFile(tinyLm, cut, { sets, steps: 5 });
    await trainFile(tinyLm, cut, { sets, resume: true });
    expect(lastCheckpoint(cut).equals(lastCheckpoint(whole))).toBe(true);
    expect(lastCheckpoint(whole).equals(unbroken)).toBe(false);
    const lines = (folder: string) => readFileSync(join(folder, "metrics.jsonl"), "utf8");
    expect(lines(cut)).toBe(lines(whole));
    expect(lines(whole)).toMatch(/"loss_scale":\d+,"skipped_steps":\d+/);
    const { checkpoint } = readLatest(whole);
    const [scale] = checkpoint!.file.readFloat32("optimizer/loss_scale");
    const [good] = checkpoint!.file.readFloat32("optimizer/good_steps");
    const [skipped] = checkpoint!.file.readFloat32("optimizer/skipped_steps");
    checkpoint!.file.close();
    expect(scale).toBe(2 ** (16 - skipped!));
    expect(good! + skipped!).toBe(12);
  });

  test("goes on from a checkpoint whose scale is too great by skipping steps, and from no other precision", async () => {
    const folder = join(base, "mixed-great");
    await trainFile(tinyLm, folder, { sets, steps: 6 });
    const { checkpoint } = readLatest(folder);
    const { file, step, data, schedule, random } = checkpoint!;
    const tensors = [...file.tensors].map(([name, { dtype, shape }]) => ({
      name,
      dtype,
      shape,
      data:
        name === "optimizer/loss_scale"
          ? new Uint8Array(Float32Array.of(2 ** 40).buffer)
          : file.read(name),
    }));
    const before = file.readFloat32("opt_model.model.decoder.embed_tokens.weight");
    const run = openRunFolder(folder);
    writeCheckpoint(run, { step, data, schedule, tensors, random });
    file.close();
    run.close();
    await trainFile(tinyLm, folder, { sets, resume: true, steps: 8 });
    const after = readLatest(folder).checkpoint!;
    expect(after.step).toBe(8);
    expect([...after.file.readFloat32("optimizer/loss_scale")]).toEqual([2 ** 38]);
    expect(after.file.readFloat32("opt_model.model.decoder.embed_tokens.weight")).toEqual(before);
    after.file.close();
    await expect(
      trainFile(tinyLm, join(base, "stopped-1"), { sets, resume: true }),
    ).rejects.toThrow(/optimizer\/loss_scale: not in the checkpoint/);
  });
});
