/** Losses on held data: measured without training, and what `keep = best(…)` looks at. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readBest } from "../../runtime/run-folder/checkpoints.ts";
import { readMetrics } from "../../runtime/run-folder/metrics.ts";
import { lastCheckpoint, tiny, trainFile } from "./train.ts";

const base = mkdtempSync(join(tmpdir(), "blipc-validation-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** The tiny pipeline with all of its records in each batch, and a validate block. */
function pipeline(name: string, changes: readonly (readonly [string, string])[]): string {
  const file = join(base, `${name}.blip`);
  const text = changes.reduce(
    (now, [from, to]) => {
      if (!now.includes(from)) throw new Error(`no ${from}`);
      return now.replace(from, to);
    },
    readFileSync(tiny, "utf8"),
  );
  writeFileSync(file, text);
  return file;
}

const batchOfAll = ["batch: int = 4", "batch: int = 12"] as const;
const withoutDraws = ["itc + itm + itg", "itc + itg"] as const;
const validate = ["  seed = 7", "  seed = 7\n  validate { data = held, every = 1 steps }"] as const;
const held = (how: string) =>
  ["stage learn", `data held = pairs {\n  ${how}\n}\n\nstage learn`] as const;

test("held data gives the loss of the same records and weights, without dropout", async () => {
  const file = pipeline("same", [
    batchOfAll,
    withoutDraws,
    ["dropout: float = 0.1", "dropout: float = 0"],
    // Weights stay, so that every measurement is of those that the first step saw.
    ["lr = 1e-3", "lr = 0"],
    held("shuffle = false"),
    validate,
  ]);
  const folder = join(base, "same");
  const { events } = await trainFile(file, folder, { steps: 3 });
  const measured = events.filter((event) => event.kind === "validated");
  const steps = events.filter((event) => event.kind === "step");
  expect(measured.map(({ step, records }) => [step, records])).toEqual([
    [1, 12],
    [2, 12],
    [3, 12],
  ]);
  const [first, second] = steps;
  for (const { loss, losses, metrics } of measured) {
    expect(loss).toBeCloseTo(first!.loss, 4);
    expect(losses["itc"]).toBeCloseTo(first!.losses["itc"]!, 4);
    expect(metrics["itc.accuracy"]).toBeCloseTo(first!.metrics["itc.accuracy"]!, 6);
  }
  // The second epoch reads other captions of the same pictures; held data is the same each time.
  expect(second!.loss).not.toBeCloseTo(first!.loss, 4);
  const lines = readMetrics(folder).filter((record) => "validation.loss" in record);
  expect(lines.map((record) => [record.step, record["validation.loss"]])).toEqual(
    measured.map(({ step, loss }) => [step, loss]),
  );
}, 240_000);

test("nothing is learned from it, and the random numbers of training stay theirs", async () => {
  const changes = [held('split = "held-1"\n  batch = 50')];
  const without = join(base, "without");
  await trainFile(pipeline("without", changes), without, { steps: 3 });
  const folder = join(base, "with");
  const { events } = await trainFile(pipeline("with", [...changes, validate]), folder, {
    steps: 3,
  });
  const measured = events.flatMap((event) => (event.kind === "validated" ? [event] : []));
  expect(measured.map(({ records }) => records)).toEqual([100, 100, 100]);
  expect(new Set(measured.map(({ loss }) => loss)).size).toBe(3);
  expect(lastCheckpoint(folder).equals(lastCheckpoint(without))).toBe(true);
}, 240_000);

test("the best checkpoint is the best on held data", async () => {
  const folder = join(base, "best");
  const file = pipeline("best", [
    held('split = "seen"\n  batch = 50'),
    validate,
    ["every = 2 steps, keep = all", "every = 1 steps, keep = best(itc)"],
    // So high that the losses go up and down.
    ["lr = 1e-3", "lr = 0.01"],
  ]);
  const { events } = await trainFile(file, folder, { steps: 4 });
  const values = events.flatMap((event) =>
    event.kind === "validated" ? [event.losses["itc"]!] : [],
  );
  expect(values).toHaveLength(4);
  const best = readBest(folder);
  expect(best?.step).toBe(1 + values.indexOf(Math.min(...values)));
  best?.file.close();
  expect(readdirSync(join(folder, "checkpoints")).length).toBeGreaterThan(0);
}, 240_000);
