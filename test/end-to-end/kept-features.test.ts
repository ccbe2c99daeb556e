/** What a frozen encoder sees is computed once a picture: the run's numbers stay the same to the last bit. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { halvesFromFloats } from "../../runtime/half.ts";
import { openSafetensors } from "../../runtime/weights/safetensors.ts";
import { writeSafetensors } from "../../runtime/weights/write-safetensors.ts";
import { lastCheckpoint, type Trained, type TrainOptions, tiny, trainFile } from "./train.ts";

const base = mkdtempSync(join(tmpdir(), "blipc-features-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const exact = ["vision.cache=features(dtype: f32)"];
const half = ["vision.cache=features"];

/** Six steps are two epochs of twelve pictures. */
const run = (name: string, cache: string, { sets = [], ...options }: TrainOptions) =>
  trainFile(tiny, join(base, name), {
    cache: join(base, cache),
    sets: ["learn.minimize=itc", ...sets],
    ...options,
  });

const notesOf = ({ events }: Trained) =>
  events.flatMap((event) => (event.kind === "note" ? [event.text] : []));

/** The folders of a cache, one a setting. */
function foldersOf(cache: string): readonly string[] {
  const folder = join(base, cache, "features");
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

const shardsOf = (cache: string) =>
  foldersOf(cache).flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));

function expectSame(left: string, right: string): void {
  expect(lastCheckpoint(join(base, left)).equals(lastCheckpoint(join(base, right)))).toBe(true);
  const metrics = (name: string) => readFileSync(join(base, name, "metrics.jsonl"), "utf8");
  expect(metrics(left)).toBe(metrics(right));
}

let first: Trained;
beforeAll(async () => {
  await run("plain", "none", {});
  first = await run("exact", "exact", { sets: exact });
  await run("half", "half", { sets: half });
}, 900_000);

describe("kept features", () => {
  test("in f32 give the weights and metrics of a run without them", () => {
    expect(foldersOf("none")).toEqual([]);
    expectSame("plain", "exact");
    expect(notesOf(first)[0]).toMatch(/features of `vision`: computed once a picture, kept in /);
    const tensors = shardsOf("exact").map((path) => {
      const file = openSafetensors(path);
      file.close();
      return file.tensors.get("features")!;
    });
    for (const { shape, dtype } of tensors) {
      expect(shape.slice(1)).toEqual([10, 16]);
      expect(dtype).toBe("F32");
    }
    expect(tensors.reduce((sum, { shape }) => sum + shape[0]!, 0)).toBe(12);
  });

  test("of an earlier run are read, and nothing is computed again", async () => {
    const before = shardsOf("exact");
    const again = await run("again", "exact", { sets: exact });
    expect(notesOf(again)[0]).toMatch(/features of `vision`: 12 pictures of an earlier run in /);
    expectSame("plain", "again");
    expect(shardsOf("exact")).toEqual(before);
  });

  test("are rounded to f16 from the first epoch on, also in a run that was stopped and resumed", async () => {
    const controller = new AbortController();
    const watch: TrainOptions["watch"] = (event) => {
      if (event.kind === "step" && event.step === 1) controller.abort();
    };
    const { signal } = controller;
    const stopped = await run("resumed", "other", { sets: half, signal, watch });
    expect(stopped.step).toBeLessThan(4);
    await run("resumed", "other", { sets: half, resume: true });
    expectSame("half", "resumed");
    const plain = lastCheckpoint(join(base, "plain"));
    expect(lastCheckpoint(join(base, "half")).equals(plain)).toBe(false);
  });

  test("of other weights, or in another format, lie in another folder", async () => {
    expect(foldersOf("exact").length).toBe(1);
    await run("seed", "exact", { sets: [...exact, "learn.seed=8"], steps: 1 });
    expect(foldersOf("exact").length).toBe(2);
    expect(foldersOf("half").map((path) => basename(path))).not.toEqual(
      foldersOf("exact").map((path) => basename(path)),
    );
  });

  test("are what the run reads: others give other weights, broken ones are computed again", async () => {
    const shards = shardsOf("other");
    for (const path of shards) {
      const file = openSafetensors(path);
      const { shape } = file.tensors.get("features")!;
      const values = file.readFloat32("features").map((value) => value + 1);
      const data = new Uint8Array(halvesFromFloats(values).buffer);
      const pictures = file.metadata.get("pictures")!;
      file.close();
      writeSafetensors(path, [{ name: "features", dtype: "F16", shape, data }], { pictures });
    }
    await run("changed", "other", { sets: half });
    const unchanged = lastCheckpoint(join(base, "half"));
    expect(lastCheckpoint(join(base, "changed")).equals(unchanged)).toBe(false);
    for (const path of shards) truncateSync(path, 1000);
    const mended = await run("mended", "other", { sets: half });
    expect(notesOf(mended).some((note) => /kept features were passed over: /.test(note))).toBe(
      true,
    );
    expectSame("half", "mended");
  });
});
