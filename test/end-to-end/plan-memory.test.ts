/** What the plan says a run takes is what the run allocates, to the byte. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { planReport } from "../../compiler/plan-report/index.ts";
import type { Device } from "../../runtime/device/open-device.ts";
import { bytesAllocated } from "../../runtime/execute/allocate.ts";
import { loadPipeline } from "../../runtime/train/load-pipeline.ts";
import { tiny, tinyLm, trainFile } from "./train.ts";

const folder = mkdtempSync(join(tmpdir(), "blipc-plan-memory-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The tiny pipeline that also measures, in batches of another size. */
const held = join(folder, "held.blip");
writeFileSync(
  held,
  readFileSync(tiny, "utf8")
    .replace("stage learn", "data held = pairs {\n  batch = 6\n}\n\nstage learn")
    .replace("  seed = 7", "  seed = 7\n  validate { data = held }"),
);

describe("memory of the plan", () => {
  test.each([
    ["stage 1", tiny, []],
    ["stage 1 in two micro-batches", tiny, ["learn.accumulate=2"]],
    [
      "stage 1 in two micro-batches with a contrast over both",
      tiny,
      ["learn.accumulate=2", "learn.whole=[itc]"],
    ],
    [
      "the same in mixed precision within less memory",
      tiny,
      ["learn.accumulate=2", "learn.whole=[itc]", "learn.precision=mixed", "learn.memory=1050 KiB"],
    ],
    ["stage 1 within less memory", tiny, ["learn.memory=1040 KiB"]],
    ["stage 1 in mixed precision", tiny, ["learn.precision=mixed", "learn.accumulate=2"]],
    ["a language model", tinyLm, []],
    ["stage 1 and held data", held, []],
  ] as const)("%s", async (name, file, sets) => {
    let device: Device | undefined;
    const allocated: number[] = [];
    await trainFile(file, join(folder, name.replaceAll(" ", "-")), {
      sets,
      steps: 3,
      onDevice: (opened) => {
        device = opened;
      },
      watch: ({ kind }) => {
        if (kind === "step") allocated.push(bytesAllocated(device!));
      },
    });
    const { model } = loadPipeline({ base: dirname(file), file: basename(file), sets });
    const stage = [...model!.stages.keys()][0]!;
    const { memory } = planReport(model!, stage, { target: device!.target });
    expect(allocated).toEqual([memory.total, memory.total, memory.total]);
  });

  test("a limit that cannot be reached ends the run before anything is on the device", async () => {
    let device: Device | undefined;
    let phase = "";
    const run = trainFile(tiny, join(folder, "too little"), {
      sets: ["learn.memory=4 KiB"],
      steps: 1,
      onDevice: (opened) => {
        device = opened;
      },
      watch: (event) => {
        if (event.kind === "phase") phase = event.text;
      },
    });
    await expect(run).rejects.toThrow(
      /^stage `learn` takes \d+ bytes, the least that was found; its limit is 4096$/,
    );
    expect(phase).toBe("compiling");
    expect(bytesAllocated(device!)).toBe(0);
  });
});
