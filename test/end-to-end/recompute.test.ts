/** A stage within less memory than it would take: what is computed again changes nothing beyond rounding, dropout included. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { planReport } from "../../compiler/plan-report/index.ts";
import type { Device } from "../../runtime/device/open-device.ts";
import { readLatest } from "../../runtime/run-folder/checkpoints.ts";
import { loadPipeline } from "../../runtime/train/load-pipeline.ts";
import { tiny, tinyLm, trainFile } from "./train.ts";

const base = mkdtempSync(join(tmpdir(), "blipc-recompute-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Moments of all gradients in the last checkpoint, one behind the other: they are linear in the gradients. */
function momentsOf(folder: string): Float32Array {
  const { file } = readLatest(folder).checkpoint!;
  try {
    const names = [...file.tensors.keys()].filter((name) => name.includes("/first_moment/"));
    const bytes = Buffer.concat(names.map((name) => file.read(name)));
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  } finally {
    file.close();
  }
}

const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

test.each([
  ["stage 1", tiny, 0.8, 50],
  ["a language model", tinyLm, 0.92, 8],
] as const)("%s learns the same", async (name, file, share, tensors) => {
  const folder = (which: string) => join(base, name, which);
  let device: Device | undefined;
  const onDevice = (opened: Device) => {
    device = opened;
  };
  const whole = await trainFile(file, folder("whole"), { steps: 1, onDevice });
  const plan = (sets: readonly string[]) => {
    const { model } = loadPipeline({ base: dirname(file), file: basename(file), sets });
    return planReport(model!, [...model!.stages.keys()][0]!, { target: device!.target });
  };
  const plain = plan([]);
  const limit = Math.floor(plain.memory.total * share);
  const sets = [`${plain.stage}.memory=${limit} B`];
  const { memory, recomputed } = plan(sets);
  expect(memory.total).toBeLessThanOrEqual(limit);
  expect(recomputed!.tensors).toBeGreaterThanOrEqual(tensors);
  const less = await trainFile(file, folder("less"), { steps: 1, sets });
  const losses = (each: typeof whole) =>
    each.events.flatMap((event) => (event.kind === "step" ? Object.values(event.losses) : []));
  // Other kernels round otherwise; a mask drawn anew would differ in the first digits.
  losses(less).forEach((loss, i) => {
    expect(Math.abs(loss / losses(whole)[i]! - 1)).toBeLessThan(1e-6);
  });
  const [own, other] = [momentsOf(folder("less")), momentsOf(folder("whole"))];
  expect(norm(other)).toBeGreaterThan(0);
  expect(norm(own.map((x, i) => x - other[i]!))).toBeLessThan(1e-5 * norm(other));
});
