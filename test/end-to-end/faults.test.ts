/** What goes wrong in a run: numbers, disk, device, weights, data, the user's patience. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Device } from "../../runtime/device/open-device.ts";
import { readLatest } from "../../runtime/run-folder/checkpoints.ts";
import { nodeFileSystem } from "../../runtime/weights/file-system.ts";
import { floatTensor, writeSafetensors } from "../../runtime/weights/write-safetensors.ts";
import { nodeArguments } from "../cli/blipc.ts";
import { lastCheckpoint, tiny, tinyLm, trainFile } from "./train.ts";

const base = mkdtempSync(join(tmpdir(), "blipc-faults-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const lmText = readFileSync(tinyLm, "utf8");

/** A pipeline in the temporary folder. */
function pipeline(name: string, text: string): string {
  const file = join(base, name);
  writeFileSync(file, text);
  return file;
}

describe("numbers", () => {
  test("a loss that is not finite stops the run, names the tensor, and leaves the last good checkpoint", async () => {
    const folder = join(base, "nan");
    // The rate is so high that the second step's weights are beyond f32.
    const run = trainFile(tinyLm, folder, {
      sets: [
        "learn.optimizer.lr=1e37",
        "learn.optimizer.weight_decay=0",
        "learn.save.every=1 steps",
      ],
    });
    await expect(run).rejects.toMatchObject({ name: "RunFault", kind: "numbers" });
    await expect(run).rejects.toThrow(/the first tensor that is not finite: \S+/);
    await expect(run).rejects.toThrow(/last good checkpoint is .*step-0000000\d/);
    const { checkpoint } = readLatest(folder);
    for (const name of checkpoint!.file.tensors.keys()) {
      expect(checkpoint!.file.readFloat32(name).every(Number.isFinite), name).toBe(true);
    }
    checkpoint!.file.close();
  });
});

test("a full disk leaves the earlier checkpoint and names the path and the bytes needed", async () => {
  const folder = join(base, "full");
  await trainFile(tinyLm, folder, { steps: 3 });
  const before = lastCheckpoint(folder);
  const full = {
    ...nodeFileSystem,
    write: (descriptor: number, bytes: Uint8Array) => {
      if (bytes.byteLength > 4000) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
      return nodeFileSystem.write(descriptor, bytes);
    },
  };
  const run = trainFile(tinyLm, folder, { resume: true, system: full });
  await expect(run).rejects.toThrow(
    /step-00000006\.safetensors: cannot be written \(\d+ bytes needed\): the disk is full/,
  );
  expect(lastCheckpoint(folder).equals(before)).toBe(true);
});

test("a lost device is opened again and the run ends as if nothing had been", async () => {
  await trainFile(tinyLm, join(base, "steady"));
  const devices: Device[] = [];
  const lost = await trainFile(tinyLm, join(base, "lost"), {
    onDevice: (device) => devices.push(device),
    watch: (event) => {
      if (event.kind === "step" && event.step === 5 && devices.length === 1) {
        devices[0]!.gpu.destroy();
      }
    },
  });
  expect(devices.length).toBe(2);
  expect(lost.events.some((event) => event.kind === "note" && /was lost/.test(event.text))).toBe(
    true,
  );
  expect(lastCheckpoint(join(base, "lost")).equals(lastCheckpoint(join(base, "steady")))).toBe(
    true,
  );
});

test("Ctrl-C writes a checkpoint and exits with 130", async () => {
  const folder = join(base, "interrupted");
  const child = spawn(
    process.execPath,
    [
      ...nodeArguments(),
      ...["run", tinyLm, "--set", "learn.train=100_000 steps", "--out", folder],
      ...["--data", join(base, "data"), "--adapter", "swiftshader"],
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let out = "";
  let isStopping = false;
  const code = await new Promise<number | null>((resolve) => {
    child.stdout.on("data", (part: Buffer) => {
      out += part.toString();
      if (isStopping || !out.includes("step ")) return;
      isStopping = true; // a second signal would end it without a checkpoint
      child.kill("SIGINT");
    });
    child.on("exit", resolve);
  });
  expect(code).toBe(130);
  expect(out).toMatch(/stopped\s+at step \d+ .*--resume/);
  const { checkpoint } = readLatest(folder);
  expect(checkpoint?.step).toBeGreaterThan(0);
  checkpoint?.file.close();
});

describe("weights", () => {
  const withFile = lmText.replace("weights = random", 'weights = "weights.safetensors"');

  test("of another shape are listed with both shapes and the reason", async () => {
    mkdirSync(join(base, "shape"), { recursive: true });
    const name = "opt_model.model.decoder.embed_tokens.weight";
    const path = join(base, "weights.safetensors");
    writeSafetensors(path, [floatTensor(name, [41, 24], new Float32Array(41 * 24))]);
    const run = trainFile(pipeline("shape.blip", withFile), join(base, "shape", "run"));
    await expect(run).rejects.toThrow(
      /embed_tokens\.weight of `opt`: \[41,16\] here, \[41,24\] in/,
    );
    await expect(run).rejects.toThrow(
      /the language model's width is 24 in the file and 16 in the pipeline/,
    );
  });

  test("that a frozen part lacks are listed by name", async () => {
    writeSafetensors(join(base, "vision.safetensors"), [
      floatTensor("visual_encoder.cls_token", [1, 1, 16], new Float32Array(16)),
    ]);
    const text = readFileSync(tiny, "utf8").replace(
      "weights = random",
      'weights = "vision.safetensors"',
    );
    const run = trainFile(pipeline("missing.blip", text), join(base, "missing", "run"));
    await expect(run).rejects.toThrow(
      /visual_encoder\.blocks\.0\.attn\.qkv\.weight of frozen `vision`: not in .*vision\.safetensors/,
    );
  });

  test("in a file that is not there are a fault of the file", async () => {
    const text = lmText.replace("weights = random", 'weights = "gone.safetensors"');
    const run = trainFile(pipeline("gone.blip", text), join(base, "gone", "run"));
    await expect(run).rejects.toThrow(/gone\.safetensors: cannot be opened/);
  });

  test("of a stage that was not run say what to run first", async () => {
    const second = lmText
      .replace("stage learn", "stage first")
      .concat(
        lmText
          .slice(lmText.indexOf("stage learn"))
          .replace("minimize = say", "from = first.last\n  minimize = say"),
      );
    const run = trainFile(pipeline("two.blip", second), join(base, "two", "run"), {
      stage: "learn",
    });
    await expect(run).rejects.toThrow(/continues from `first`.*holds no checkpoint/);
    await expect(run).rejects.toThrow(/blipc run two\.blip#first/);
  });
});

/** Runs to the fault; gives its message and the phases that the run came to. */
async function faultOf(name: string, text: string, sets: readonly string[] = []) {
  const phases: string[] = [];
  const run = trainFile(pipeline(`${name}.blip`, text), join(base, name, "run"), {
    sets,
    watch: (event) => {
      if (event.kind === "phase") phases.push(event.text);
    },
  });
  const fault: unknown = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { message: fault instanceof Error ? fault.message : "", phases };
}

describe("a file that is not there is told before anything is compiled", () => {
  const validated = lmText
    .concat('\ndata held = captions("held.json") {\n  batch = 4\n}\n')
    .replace("seed = 7", "validate { data = held, every = 3 steps }\n  seed = 7");
  const cases = [
    [
      "tokenizer",
      lmText.replace('"shapes-opt"', '"facebook/opt-2.7b"'),
      /`document` needs the tokenizer "opt", and there is no .*tokenizer\.json/,
    ],
    [
      "annotations",
      lmText.replace("documents(seed: 1, count: 30)", 'captions("gone.json")'),
      /gone\.json/,
    ],
    ["held-annotations", validated, /held\.json/],
    [
      "weights",
      lmText.replace("weights = random", 'weights = "gone.safetensors"'),
      /gone\.safetensors: cannot be opened/,
    ],
  ] as const;
  for (const [name, text, wanted] of cases) {
    test(name, async () => {
      const { message, phases } = await faultOf(`early-${name}`, text);
      expect(message).toMatch(wanted);
      expect(phases).not.toContain("compiling");
    });
  }
});
