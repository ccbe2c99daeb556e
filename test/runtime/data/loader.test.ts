/** The loader: the same batches from any position, bad pictures named and replaced, bounded work ahead. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Batch } from "../../../runtime/data/batch.ts";
import { DataError } from "../../../runtime/data/data-error.ts";
import { annotationDataset, type Dataset } from "../../../runtime/data/dataset.ts";
import { gate } from "../../../runtime/data/limit.ts";
import { type BadImage, type LoaderDescription, openLoader } from "../../../runtime/data/loader.ts";
import { decodeImage } from "../../../runtime/images/decode.ts";
import { type ImageStep, imageProcessor } from "../../../runtime/images/processors.ts";
import { wordTokenizerJson } from "../../../runtime/text/build-bert.ts";
import { captionProcessor } from "../../../runtime/text/caption.ts";
import { loadTokenizer } from "../../../runtime/text/tokenizer.ts";

const count = 11;
const bad = [3, 4]; // 3: damaged, 4: missing, in the set "bad"
const side = 4;
const chain: readonly ImageStep[] = [
  { name: "random_resized_crop", size: side, scale: [0.5, 1] },
  { name: "random_flip" },
  { name: "normalize", by: "clip" },
];
const tokenizer = loadTokenizer(
  wordTokenizerJson({
    words: ["[PAD]", "[UNK]", "</s>", "\n", "a", "the", "cat", "dog"],
    special: ["[PAD]", "[UNK]", "</s>", "\n"],
    unknown: "[UNK]",
    pad: "[PAD]",
    before: ["</s>"],
  }),
);
const text = { tokenizer, maxLength: 6, process: captionProcessor(), suffix: "\n" };

let folder: string;
let good: Dataset;
let damaged: Dataset;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "loader-"));
  for (const set of ["good", "bad"]) {
    mkdirSync(join(folder, set));
    for (let index = 0; index < count; index++) {
      const pixels = Uint8Array.from({ length: 192 }, (_, at) => (at * 31 + index * 57) % 256);
      const png = await sharp(pixels, { raw: { width: 8, height: 8, channels: 3 } })
        .png()
        .toBuffer();
      if (set === "bad" && index === 4) continue;
      const cut = set === "bad" && index === 3 ? png.subarray(0, 60) : png;
      writeFileSync(join(folder, set, `${index}.png`), cut);
    }
  }
  const records = Array.from({ length: count }, (_, index) => ({
    image: `${index}.png`,
    caption: ["A cat.", "the dog", "a dog!"],
    image_id: `id_${Math.floor(index / 2)}`,
  }));
  const files = join(folder, "train.json");
  writeFileSync(files, JSON.stringify(records));
  good = annotationDataset({ files, root: join(folder, "good") });
  damaged = annotationDataset({ files, root: join(folder, "bad") });
});
afterAll(() => rmSync(folder, { recursive: true }));

const describing = (change: Partial<LoaderDescription> = {}): LoaderDescription => ({
  dataset: good,
  batchSize: 4,
  seed: 9,
  shuffle: true,
  image: chain,
  text,
  badImages: "skip",
  ...change,
});

async function batches(
  description: LoaderDescription,
  most: number,
  start?: { epoch: number; batch: number },
): Promise<readonly Batch[]> {
  const loader = openLoader(description, start);
  const result: Batch[] = [];
  while (result.length < most) {
    const batch = await loader.next();
    if (batch === undefined) break;
    result.push(batch);
  }
  await loader.close();
  return result;
}

describe("batches", () => {
  test("shapes and contents", async () => {
    const [batch] = await batches(describing({ shuffle: false }), 1);
    expect(batch!.images.length).toBe(4 * 3 * side * side);
    expect(batch!.images.every(Number.isFinite)).toBe(true);
    expect([...batch!.sampleIds]).toEqual([0, 1, 2, 3]);
    expect(batch!.imageIds).toEqual(["id_0", "id_0", "id_1", "id_1"]);
    expect([...batch!.imageNumbers]).toEqual([0, 0, 1, 1]);
    expect(batch).toMatchObject({ epoch: 0, batch: 0, size: 4, count: 4 });
    const words = { "a cat": [4, 6], "the dog": [5, 7], "a dog": [4, 7] } as const;
    batch!.captions.forEach((caption, row) => {
      const ids = [2, ...words[caption as keyof typeof words], 3, 0, 0];
      expect([...batch!.tokens!.ids.subarray(row * 6, row * 6 + 6)]).toEqual(ids);
      expect([...batch!.tokens!.mask.subarray(row * 6, row * 6 + 6)]).toEqual([1, 1, 1, 1, 0, 0]);
    });
  });

  test("any position can be started from; prefetch, concurrency and cache change nothing", async () => {
    const whole = await batches(describing(), 7);
    expect(whole.map(({ epoch, batch }) => [epoch, batch])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
      [3, 0],
    ]);
    for (const from of [1, 2, 5]) {
      const settings = { prefetch: from, concurrency: 1, cacheBytes: from === 2 ? 0 : 300 };
      const rest = await batches(describing(settings), 7 - from, whole[from - 1]!.next);
      expect(rest).toEqual(whole.slice(from));
    }
    expect(whole[0]!.images).not.toEqual(whole[2]!.images);
    const again = await batches(describing({ seed: 10 }), 1);
    expect(again[0]!.sampleIds).not.toEqual(whole[0]!.sampleIds);
  });

  test("without randomness the images are those of the chain, kept or not", async () => {
    const steps: readonly ImageStep[] = [
      { name: "resize", size: side },
      { name: "normalize", by: "half" },
    ];
    const record = good.record(2);
    const decoded = await decodeImage(record.imagePath!);
    if (!decoded.ok) throw new Error(decoded.failure.message);
    const expected = imageProcessor(steps).process(decoded.image, () => 0);
    const rows = await batches(describing({ image: steps, shuffle: false }), 3);
    for (const { images } of [rows[0]!, rows[2]!]) {
      expect(images.slice(2 * expected.length, 3 * expected.length)).toEqual(expected);
    }
  });

  test("two records of one picture are cropped apart", async () => {
    const one = good.record(0);
    const dataset: Dataset = { length: 8, record: (id) => ({ ...one, id }) };
    const [batch] = await batches(describing({ dataset, batchSize: 8 }), 1);
    const values = 3 * side * side;
    const rows = Array.from({ length: 8 }, (_, row) =>
      batch!.images.slice(row * values, (row + 1) * values).join(),
    );
    // An 8 x 8 picture has few crops, so some fall together.
    expect(new Set(rows).size).toBeGreaterThan(3);
  });

  test("captions are drawn anew each epoch, all of them over time", async () => {
    const { image: _, ...textOnly } = describing({ shuffle: false });
    const rows = await batches(textOnly, 40);
    const first = rows.filter(({ batch }) => batch === 0).map(({ captions }) => captions[0]!);
    expect(new Set(first)).toEqual(new Set(["a cat", "the dog", "a dog"]));
    expect(rows[0]!.images.length).toBe(0);
  });

  test("the last batch: dropped, kept, filled", async () => {
    const sizes = async (lastBatch: "drop" | "keep" | "fill") =>
      (await batches(describing({ lastBatch, epochs: 1 }), 9)).map((batch) => [
        batch.size,
        batch.count,
      ]);
    expect(await sizes("drop")).toEqual([
      [4, 4],
      [4, 4],
    ]);
    expect(await sizes("keep")).toEqual([
      [4, 4],
      [4, 4],
      [3, 3],
    ]);
    expect(await sizes("fill")).toEqual([
      [4, 4],
      [4, 4],
      [4, 3],
    ]);
    const filled = (await batches(describing({ lastBatch: "fill", epochs: 1 }), 9))[2]!;
    expect(filled.sampleIds[3]).toBe(filled.sampleIds[0]);
    const one = 3 * side * side;
    expect(filled.images.slice(3 * one)).toEqual(filled.images.slice(0, one));
  });

  test("the position is that of the next batch, not of those prepared ahead", async () => {
    const loader = openLoader(describing({ prefetch: 5 }));
    await loader.next();
    expect(loader.position()).toEqual({ epoch: 0, batch: 1 });
    const [second, third] = await Promise.all([loader.next(), loader.next()]);
    expect([second!.batch, third!.epoch]).toEqual([1, 1]);
    expect(loader.position()).toEqual({ epoch: 1, batch: 1 });
    await loader.close();
  });

  test("no more is prepared ahead than asked", async () => {
    let asked = 0;
    const counted: Dataset = {
      length: good.length,
      record: (index) => {
        asked++;
        return good.record(index);
      },
    };
    const loader = openLoader(describing({ dataset: counted, prefetch: 2 }));
    await loader.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked).toBe(3 * 4);
    await loader.close();
  });

  test("a kept picture is not decoded, and no more are asked about at once than may be open", async () => {
    let asked = 0;
    let most = 0;
    const isPictureKept = async ({ id }: { readonly id: number }) => {
      asked += 1;
      most = Math.max(most, asked);
      await new Promise((resolve) => setTimeout(resolve, 2));
      asked -= 1;
      return id % 2 === 0;
    };
    const change = { isPictureKept, concurrency: 3, prefetch: 1, batchSize: count };
    const [batch] = await batches(describing(change), 1);
    expect(most).toBe(3);
    const [plain] = await batches(describing({ batchSize: count }), 1);
    const values = 3 * side * side;
    batch!.sampleIds.forEach((id, row) => {
      const part = ({ images }: Batch) => images.subarray(row * values, (row + 1) * values);
      expect(part(batch!)).toEqual(id % 2 === 0 ? new Float32Array(values) : part(plain!));
    });
  });

  test("impossible descriptions are refused", () => {
    expect(() => openLoader(describing({ batchSize: 0 }))).toThrow(RangeError);
    expect(() => openLoader(describing({ batchSize: 12 }))).toThrow("do not fill one batch");
  });
});

describe("bad pictures", () => {
  test("skip: named, counted, replaced by the next records of the order, the same after a restart", async () => {
    const events: BadImage[] = [];
    const description = describing({
      dataset: damaged,
      shuffle: false,
      onEvent: (event) => events.push(event),
    });
    const whole = await batches(description, 6);
    expect([...whole[0]!.sampleIds]).toEqual([0, 1, 2, 5]); // 4 is missing too
    expect([...whole[1]!.sampleIds]).toEqual([8, 5, 6, 7]);
    const firsts = events.filter(({ isFirst }) => isFirst);
    expect(firsts.map(({ sampleId, fault }) => [sampleId, fault]).sort()).toEqual([
      [3, "corrupt"],
      [4, "missing"],
    ]);
    for (const event of firsts) {
      expect(event.message).toContain(`train.json: record ${event.sampleId} (counted from 0)`);
      expect(event.message).toContain(join("bad", `${event.sampleId}.png`));
    }
    expect(events.length).toBeGreaterThan(firsts.length);
    for (const from of [1, 3]) {
      const rest = await batches(description, 6 - from, whole[from - 1]!.next);
      expect(rest).toEqual(whole.slice(from));
    }
  });

  test("skip: no record twice in a batch, and the loader counts files", async () => {
    const loader = openLoader(describing({ dataset: damaged, batchSize: 9 }));
    for (let step = 0; step < 8; step++) {
      const { sampleIds } = (await loader.next())!;
      expect(new Set(sampleIds).size).toBe(9);
      for (const id of bad) expect([...sampleIds]).not.toContain(id);
    }
    expect(
      loader
        .badImages()
        .map(({ sampleId }) => sampleId)
        .sort(),
    ).toEqual(bad);
    await loader.close();
  });

  test("skip: when nothing is left the run stops", async () => {
    const loader = openLoader(describing({ dataset: damaged, batchSize: 10 }));
    await expect(loader.next()).rejects.toThrow("no picture is left");
    await loader.close();
  });

  test("fail: the run stops with file and record, and stays stopped", async () => {
    const loader = openLoader(
      describing({ dataset: damaged, shuffle: false, badImages: "fail", epochs: 1 }),
    );
    for (let attempt = 0; attempt < 2; attempt++) {
      const failure = await loader.next().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(DataError);
      expect((failure as Error).message).toContain("record 3 (counted from 0)");
      expect((failure as Error).message).toContain("3.png");
    }
    await loader.close();
  });
});

test("a gate lets so many through at once, and survives failures", async () => {
  const through = gate(2);
  let running = 0;
  let most = 0;
  const task = (index: number) => async () => {
    running++;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running--;
    if (index % 3 === 0) throw new Error("failed");
    return index;
  };
  const results = await Promise.allSettled(
    Array.from({ length: 9 }, (_, index) => through(task(index))),
  );
  expect(most).toBe(2);
  expect(results.filter(({ status }) => status === "fulfilled").length).toBe(6);
});
