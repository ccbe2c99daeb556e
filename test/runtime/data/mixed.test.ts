/** A mix of data sets: shares, how often each record is seen, the same order from any position, pictures of any kind. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packTar } from "modern-tar";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { annotationDataset, type Dataset } from "../../../runtime/data/dataset.ts";
import { openLoader } from "../../../runtime/data/loader.ts";
import { mixedDataset, sharesOf } from "../../../runtime/data/mixed.ts";
import { shardDataset } from "../../../runtime/data/shard-records.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mixed-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function captioned(name: string, count: number): Dataset {
  const files = join(folder, `${name}.json`);
  const records = Array.from({ length: count }, (_, index) => ({
    image: `${name}-${index}.png`,
    caption: `${name} ${index}`,
    image_id: Math.floor(index / 2),
  }));
  writeFileSync(files, JSON.stringify(records));
  return annotationDataset({ files, root: folder });
}

function epochOf(set: Dataset, epoch: number, shuffle = true): readonly number[] {
  const order = set.order!({ length: set.length, seed: 4, epoch, shuffle });
  return Array.from({ length: set.length }, (_, position) => order(position));
}

const captionsOf = (set: Dataset, indices: readonly number[]) =>
  indices.map((index) => set.record(index).captions[0]!);

test.each([
  [10, [1, 1], [5, 5]],
  [10, [2, 1], [7, 3]],
  [7, [0.5, 0.25, 0.25], [3, 2, 2]],
  [3, [1, 100], [0, 3]],
])("%i records by the weights %j", (length, weights, shares) => {
  expect(sharesOf(length, weights)).toEqual(shares);
});

describe("an epoch", () => {
  test("has every record once when there are no weights", () => {
    const mix = mixedDataset([
      { dataset: captioned("a", 5), weight: undefined },
      { dataset: captioned("b", 3), weight: undefined },
    ]);
    for (const epoch of [0, 1]) {
      expect([...epochOf(mix, epoch)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    }
    expect(epochOf(mix, 0)).not.toEqual(epochOf(mix, 1));
    expect(epochOf(mix, 0, false)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test("draws by the weights, and sees all records of a part equally often in the end", () => {
    const mix = mixedDataset([
      { dataset: captioned("many", 12), weight: 1 },
      { dataset: captioned("few", 4), weight: 3 },
    ]);
    const counts = new Map<string, number>();
    // 4 of `many` and 12 of `few` an epoch: after three epochs 1 and 9 times each.
    for (const epoch of [0, 1, 2]) {
      const captions = captionsOf(mix, epochOf(mix, epoch));
      expect(captions.filter((text) => text.startsWith("few"))).toHaveLength(12);
      for (const caption of captions) counts.set(caption, (counts.get(caption) ?? 0) + 1);
    }
    expect(counts.size).toBe(16);
    for (const [caption, count] of counts) expect(count).toBe(caption.startsWith("few") ? 9 : 1);
  });

  test("tells pictures of different parts apart", () => {
    const mix = mixedDataset([
      { dataset: captioned("a", 4), weight: undefined },
      { dataset: captioned("b", 4), weight: undefined },
    ]);
    const records = Array.from({ length: 8 }, (_, index) => mix.record(index));
    expect(records.map(({ imageNumber }) => imageNumber)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    expect(new Set(records.map(({ imageId }) => imageId)).size).toBe(4);
    expect(records.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(() => mix.record(8)).toThrow("there is no record 8");
  });
});

test("pictures in archives and as files; the same batches from any position", async () => {
  const red = (value: number) =>
    sharp({ create: { width: 4, height: 4, channels: 3, background: { r: value, g: 0, b: 0 } } })
      .png()
      .toBuffer();
  const members = await Promise.all(
    [10, 20, 30].map(async (value) => [`${value}.png`, new Uint8Array(await red(value))] as const),
  );
  const texts = [10, 20, 30].map(
    (value) => [`${value}.txt`, new TextEncoder().encode(`red ${value}`)] as const,
  );
  const bodies = [...members, ...texts].sort(([a], [b]) => (a < b ? -1 : 1));
  const tar = join(folder, "reds.tar");
  const header = (name: string, size: number) => ({ name, size, type: "file" as const });
  writeFileSync(
    tar,
    await packTar(bodies.map(([name, body]) => ({ header: header(name, body.length), body }))),
  );
  const values = [200, 210, 220, 230, 240];
  for (const value of values) writeFileSync(join(folder, `${value}.png`), await red(value));
  const list = join(folder, "files.json");
  writeFileSync(
    list,
    JSON.stringify(values.map((value) => ({ image: `${value}.png`, caption: `red ${value}` }))),
  );
  const dataset = mixedDataset([
    { dataset: shardDataset([tar]), weight: 1 },
    { dataset: annotationDataset({ files: list, root: folder }), weight: 1 },
  ]);
  const open = (start?: { epoch: number; batch: number }) =>
    openLoader(
      {
        dataset,
        batchSize: 2,
        seed: 3,
        shuffle: true,
        image: [
          { name: "resize", size: 2 },
          { name: "normalize", by: "clip" },
        ],
        badImages: "fail",
      },
      start,
    );
  const whole = open();
  const seen: { captions: readonly string[]; reds: readonly number[] }[] = [];
  for (let at = 0; at < 8; at++) {
    const batch = (await whole.next())!;
    const reds = [0, 1].map((row) => batch.images[row * 12]! * 0.26862954 + 0.48145466);
    seen.push({ captions: batch.captions, reds: reds.map((value) => Math.round(value * 255)) });
  }
  await whole.close();
  // What a caption says is on its picture.
  for (const { captions, reds } of seen)
    expect(captions).toEqual(reds.map((each) => `red ${each}`));
  const later = open({ epoch: 1, batch: 2 });
  expect((await later.next())!.captions).toEqual(seen[6]!.captions);
  await later.close();
});
