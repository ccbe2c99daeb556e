/** Stage 1 on a few pictures from an annotation file: losses, frozen weights, bad pictures, retrieval. */
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeShapes } from "../../runtime/data/shapes/write.ts";
import { openDevice } from "../../runtime/device/open-device.ts";
import { openRun } from "../../runtime/evaluate/open-run.ts";
import { readPictures } from "../../runtime/evaluate/read-pictures.ts";
import { openRetriever } from "../../runtime/evaluate/retrieve.ts";
import { DeviceMemory } from "../../runtime/execute/memory.ts";
import { readMetrics } from "../../runtime/run-folder/metrics.ts";
import { tiny, trainFile } from "./train.ts";

const base = mkdtempSync(join(tmpdir(), "blipc-stage1-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const file = join(base, "captions.blip");
beforeAll(async () => {
  await writeShapes(join(base, "drawn"), { seed: 3, trainingPictures: 12, evaluationPictures: 6 });
  cpSync(join(base, "drawn", "train.json"), join(base, "good.json"));
  const text = readFileSync(tiny, "utf8").replace(
    "shapes(seed: 3, pictures: 12) {",
    'captions("annotations.json") {\n  root = "drawn/images"',
  );
  writeFileSync(file, text);
});

/** Writes the annotation file with some records changed. */
function annotate(change: (records: Record<string, unknown>[]) => void): void {
  const records = JSON.parse(readFileSync(join(base, "good.json"), "utf8"));
  change(records);
  writeFileSync(join(base, "annotations.json"), JSON.stringify(records));
}

describe("a run", () => {
  test("writes losses of every objective, keeps frozen weights, leaves out bad pictures and names them", async () => {
    writeFileSync(join(base, "drawn", "images", "train", "corrupt.png"), "this is no picture");
    annotate((records) => {
      records[2]!["image"] = "train/corrupt.png";
      records[5]!["image"] = "train/missing.png";
    });
    const folder = join(base, "run");
    const hashes: string[] = [];
    const upload = DeviceMemory.prototype.destroy;
    // The weights are looked at when the run gives its memory back.
    DeviceMemory.prototype.destroy = async function (this: DeviceMemory) {
      hashes.push(await hashOf(this));
      return upload.call(this);
    };
    const outcome = await trainFile(file, folder, { steps: 6 });
    const again = await trainFile(file, join(base, "short"), { steps: 1 });
    DeviceMemory.prototype.destroy = upload;
    expect(hashes.length).toBe(2);
    expect(hashes[0]).toBe(hashes[1]);
    expect(again.step).toBe(1);
    expect(outcome.step).toBe(6);
    expect(outcome.badImages.map((bad) => bad.replace(/^.*train\//, "")).sort()).toEqual([
      "corrupt.png",
      "missing.png",
    ]);
    const notes = outcome.events.flatMap((event) => (event.kind === "note" ? [event.text] : []));
    expect(notes.some((note) => /record 2 .*corrupt\.png/.test(note))).toBe(true);
    expect(notes.some((note) => /record 5 .*missing\.png: there is no such file/.test(note))).toBe(
      true,
    );
    const metrics = readMetrics(folder);
    expect(metrics.length).toBe(6);
    for (const record of metrics) {
      const { loss, itc, itm, itg } = record as unknown as Record<string, number>;
      expect(Math.abs(itc! + itm! + itg! - loss!)).toBeLessThan(1e-4);
    }
  });

  test("stops at a bad picture when it was told to", async () => {
    const run = trainFile(file, join(base, "strict"), { badImages: "fail", steps: 6 });
    await expect(run).rejects.toMatchObject({ name: "DataError" });
    await expect(run).rejects.toThrow(/annotations\.json: record [25] .*(corrupt|missing)\.png/);
  });

  test("says which record of the annotations is malformed", async () => {
    annotate((records) => {
      records[7]!["caption"] = 12;
    });
    const run = trainFile(file, join(base, "malformed"));
    await expect(run).rejects.toThrow(
      /annotations\.json: record 7 \(counted from 0\): field "caption": expected a text/,
    );
  });

  test("can be searched for pictures and captions", async () => {
    const run = openRun(join(base, "run"));
    const device = await openDevice({ adapter: "swiftshader" });
    const records = JSON.parse(readFileSync(join(base, "drawn", "seen.json"), "utf8"));
    const files = records.map(({ image }: { image: string }) =>
      join(base, "drawn", "images", image),
    );
    const read = await readPictures(run, files, 48);
    const pictures = read.flatMap((picture) => ("values" in picture ? [picture.values] : []));
    const captions = records.map(({ caption }: { caption: string[] }) => caption[0]);
    const retriever = await openRetriever(run, device, 4);
    const result = await retriever.retrieve(pictures, captions, 2);
    await retriever.close();
    device.close();
    run.checkpoint.file.close();
    expect(result.pictures).toBe(6);
    for (const share of [...Object.values(result.contrast), ...Object.values(result.reranked!)]) {
      expect(share * 6).toBeCloseTo(Math.round(share * 6), 6);
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
  });
});

/** Of all frozen weights on the device. */
async function hashOf(memory: DeviceMemory): Promise<string> {
  const hash = createHash("sha256");
  const frozen = memory.tensors.filter(({ name }) => name.startsWith("visual_encoder."));
  expect(frozen.length).toBeGreaterThan(10);
  for (const { name } of frozen) {
    expect(memory.has(`optimizer.first_moment.${name}`)).toBe(false);
    hash.update(await memory.download(name));
  }
  return hash.digest("hex");
}
