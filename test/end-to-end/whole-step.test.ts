/** A contrast over a whole step, on the device: the losses and gradients of a step that is not split, and runs that resume. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readLatest } from "../../runtime/run-folder/checkpoints.ts";
import { lastCheckpoint, type Trained, tiny, trainFile } from "./train.ts";

const base = mkdtempSync(join(tmpdir(), "blipc-whole-step-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Tensors of the last checkpoint whose names hold a word, one behind the other. */
function tensorsOf(name: string, word: string): Float32Array {
  const { file } = readLatest(join(base, name)).checkpoint!;
  try {
    const names = [...file.tensors.keys()].filter((each) => each.includes(word));
    expect(names.length).toBeGreaterThan(0);
    const bytes = Buffer.concat(names.map((each) => file.read(each)));
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  } finally {
    file.close();
  }
}

const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

/** Of the difference, as a share. */
function distance(one: Float32Array, other: Float32Array): number {
  expect(one.length).toBe(other.length);
  return norm(one.map((x, i) => x - other[i]!)) / norm(other);
}

const stepsOf = ({ events }: Trained) =>
  events.flatMap((event) => (event.kind === "step" ? [event] : []));

// Weights so large that records differ: else their gradients cancel, and rounding is most of what is left.
const common = [
  ...["pairs.batch=8", "dropout=0", "learn.minimize=itc"],
  ...["q.init=normal(std: 1)", "bridge.init=normal(std: 0.5)", "itc.temperature=learned(1)"],
];
const split = ["learn.accumulate=4", "learn.whole=[itc]"];

test.each([
  ["in full precision", []],
  ["in mixed precision", ["learn.precision=mixed"]],
] as const)(
  "over four micro-batches %s, a contrast is that of the whole batch",
  async (name, sets) => {
    const run = (which: string, more: readonly string[]) =>
      trainFile(tiny, join(base, `${name}-${which}`), {
        steps: 1,
        sets: [...common, ...sets, ...more],
      });
    const wanted = stepsOf(await run("plain", []))[0]!;
    const found = stepsOf(await run("split", split))[0]!;
    expect(Object.keys(found.losses)).toEqual(["itc"]);
    expect(Math.abs(found.losses["itc"]! / wanted.losses["itc"]! - 1)).toBeLessThan(1e-6);
    expect(found.loss).toBe(found.losses["itc"]);
    expect(found.metrics["itc.accuracy"]).toBe(wanted.metrics["itc.accuracy"]);
    const moments = (which: string) => tensorsOf(`${name}-${which}`, "/first_moment/");
    // Sums of 8 records in another order, through two layers; the same in f64 differs by 1e-12.
    expect(distance(moments("split"), moments("plain"))).toBeLessThan(4e-6);
  },
);

test("beside other losses, with dropout and kept features, a stopped run ends in the same bytes", async () => {
  const sets = [
    "learn.accumulate=2",
    "learn.whole=[itc]",
    "vision.cache=features",
    "learn.memory=900 KiB",
  ];
  const run = (name: string, options: { readonly resume?: boolean; readonly steps?: number }) =>
    trainFile(tiny, join(base, name), { sets, cache: join(base, "cache"), ...options });
  const unbroken = await run("unbroken", {});
  expect(stepsOf(unbroken).map(({ losses }) => Object.keys(losses))).toEqual(
    new Array(6).fill(["itc", "itm", "itg"]),
  );
  for (const { loss, losses } of stepsOf(unbroken)) {
    const sum = losses["itc"]! + losses["itm"]! + losses["itg"]!;
    expect(Math.abs(loss / sum - 1)).toBeLessThan(1e-6);
  }
  cpSync(join(base, "unbroken"), join(base, "stopped"), { recursive: true });
  for (const name of readdirSync(join(base, "stopped", "checkpoints")))
    if (name > "step-00000002.safetensors") rmSync(join(base, "stopped", "checkpoints", name));
  await run("stopped", { resume: true });
  expect(lastCheckpoint(join(base, "stopped")).equals(lastCheckpoint(join(base, "unbroken")))).toBe(
    true,
  );
  const metrics = (name: string) => readFileSync(join(base, name, "metrics.jsonl"), "utf8");
  expect(metrics("stopped")).toBe(metrics("unbroken"));
});

test("a loss that is not finite is looked for in what sees the whole step, too", async () => {
  // Divided by 0, since the device has no numbers that small.
  const sets = [...common, ...split, "itc.temperature=1e-40"];
  const run = trainFile(tiny, join(base, "infinite"), { steps: 1, sets });
  await expect(run).rejects.toThrow(/the first tensor that is not finite: itc /);
});
