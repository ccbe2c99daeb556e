/** WebDataset shards, written by another implementation of tar: records, order, pictures, and every fault by name. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packTar } from "modern-tar";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../../../runtime/data/dataset.ts";
import { type BadImage, openLoader } from "../../../runtime/data/loader.ts";
import { shardDataset } from "../../../runtime/data/shard-records.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "shards-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Content = string | Uint8Array;

async function packed(members: readonly (readonly [string, Content])[]): Promise<Uint8Array> {
  return packTar(
    members.map(([name, content]) => {
      const body = typeof content === "string" ? new TextEncoder().encode(content) : content;
      return { header: { name, size: body.length, type: "file" }, body };
    }),
  );
}

async function shard(name: string, members: readonly (readonly [string, Content])[]) {
  const file = join(folder, name);
  writeFileSync(file, await packed(members));
  return file;
}

/** A picture of one color: its red tells which it is. */
const picture = (red: number): Promise<Uint8Array> =>
  sharp({ create: { width: 4, height: 4, channels: 3, background: { r: red, g: 0, b: 0 } } })
    .png()
    .toBuffer();

const brief = (set: Dataset) =>
  Array.from({ length: set.length }, (_, index) => {
    const { captions, imageId, imageNumber, place } = set.record(index);
    return [captions, imageId.replace(`${folder}/`, ""), imageNumber, place.record];
  });

describe("records", () => {
  test("captions of .txt and .json, ids, keys with folders, in the order of the shards", async () => {
    const first = await shard("a-0.tar", [
      ["000.jpg", "x"],
      ["000.txt", "a cat\n"],
      ["README", "no record"],
      ["deep/001.json", '{"caption": ["one", "two"], "image_id": 7}'],
      ["deep/001.PNG", "y"],
      ["deep/001.cls", "3"],
    ]);
    const second = await shard("a-1.tar", [
      ["000.txt", "a dog"],
      ["000.json", '{"caption": "not read, .txt is there", "image_id": 7}'],
      ["000.webp", "z"],
    ]);
    const set = shardDataset([first, second]);
    expect(brief(set)).toEqual([
      [["a cat"], "a-0.tar/000.jpg", 0, 0],
      [["one", "two"], "7", 1, 1],
      [["a dog"], "7", 1, 0],
    ]);
    const text = async (index: number) =>
      new TextDecoder().decode(await set.pictures!.read(set.record(index).imagePath!));
    expect([await text(0), await text(2)]).toEqual(["x", "z"]);
  });

  test("names too long for the old header, and names that are not ASCII", async () => {
    const long = `${"folder/".repeat(40)}é${"k".repeat(120)}`;
    const file = await shard("long.tar", [
      [`${long}.jpg`, "picture"],
      [`${long}.txt`, "far down"],
    ]);
    const set = shardDataset([file]);
    expect(set.record(0)).toMatchObject({
      captions: ["far down"],
      imagePath: `${file}/${long}.jpg`,
    });
    const bytes = await set.pictures!.read(set.record(0).imagePath!);
    expect(new TextDecoder().decode(bytes)).toBe("picture");
  });
});

describe("loading", () => {
  const count = 10;
  let set: Dataset;
  beforeAll(async () => {
    const png = await Promise.all(Array.from({ length: count }, (_, index) => picture(index * 20)));
    const members = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, at) => {
        const key = String(from + at);
        const content = from + at === 6 ? png[6]!.subarray(0, 50) : png[from + at]!;
        const text: readonly [string, Content] = [`${key}.txt`, key];
        // 3 has no picture, that of 6 is damaged.
        return from + at === 3 ? [text] : [[`${key}.png`, content] as const, text];
      }).flat();
    set = shardDataset([
      await shard("load-0.tar", members(0, 4)),
      await shard("load-1.tar", members(4, count)),
    ]);
  });

  const opened = (badImages: "skip" | "fail", start?: { epoch: number; batch: number }) => {
    const events: BadImage[] = [];
    const loader = openLoader(
      {
        dataset: set,
        batchSize: 2,
        seed: 5,
        shuffle: true,
        image: [
          { name: "resize", size: 2 },
          { name: "normalize", by: "clip" },
        ],
        badImages,
        onEvent: (event) => events.push(event),
      },
      start,
    );
    return { loader, events };
  };

  test("each caption comes with its own picture, across shards, shuffled", async () => {
    const { loader } = opened("skip");
    const means = [0.48145466, 0.26862954]; // red of CLIP: mean, standard deviation
    for (let step = 0; step < 10; step++) {
      const { captions, images } = (await loader.next())!;
      captions.forEach((caption, row) => {
        const red = (images[row * 12]! * means[1]! + means[0]!) * 255;
        expect(red).toBeCloseTo(Number(caption) * 20, 2);
      });
    }
    await loader.close();
  });

  test("a resumed loader gives the same batches", async () => {
    const whole = opened("skip").loader;
    const all = [];
    for (let step = 0; step < 9; step++) all.push((await whole.next())!);
    const resumed = opened("skip", all[5]!.next).loader;
    for (const batch of all.slice(6)) expect(await resumed.next()).toEqual(batch);
    expect(new Set(all.slice(0, 5).map(({ captions }) => captions.join())).size).toBe(5);
  });

  test("`skip` counts the missing and the damaged picture, `fail` stops at the first", async () => {
    const { loader, events } = opened("skip");
    for (let step = 0; step < 10; step++) await loader.next();
    await loader.close();
    const first = events.filter(({ isFirst }) => isFirst);
    expect(first.map(({ fault, sampleId }) => [sampleId, fault]).toSorted()).toEqual([
      [3, "missing"],
      [6, "corrupt"],
    ]);
    expect(first.find(({ sampleId }) => sampleId === 6)!.message).toMatch(
      /load-1\.tar: record 2 \(counted from 0\): .*load-1\.tar\/6\.png: the picture is damaged/,
    );
    const failing = opened("fail").loader;
    const until = async () => {
      for (let step = 0; step < 10; step++) await failing.next();
    };
    await expect(until()).rejects.toThrow("load-");
  });
});

describe("faults", () => {
  const picturesOf = "x";
  test.each<[string, readonly (readonly [string, Content])[], string]>([
    [
      "no caption",
      [
        ["a.txt", "a"],
        ["b.jpg", "x"],
      ],
      'record 1 (counted from 0): "b" has neither',
    ],
    ["json", [["a.json", "{"]], 'record 0 (counted from 0): "a.json" is not JSON'],
    ["list", [["a.json", "[1]"]], '"a.json" is not an object with fields'],
    [
      "no field",
      [["a.json", "{}"]],
      'field "caption": expected a text or a list of texts, found nothing',
    ],
    ["UTF-8", [["a.txt", Uint8Array.of(0xff)]], '"a.txt" is not UTF-8'],
    [
      "two pictures",
      [
        ["a.jpg", "x"],
        ["a.png", "x"],
        ["a.txt", "a"],
      ],
      '"a" has two pictures',
    ],
    [
      "apart",
      [
        ["a.jpg", "x"],
        ["b.txt", "b"],
        ["a.txt", "a"],
      ],
      'members of "a" do not stand together',
    ],
    [
      "twice",
      [
        ["a.txt", "x"],
        ["a.TXT", "b"],
      ],
      '"a.TXT" stands twice',
    ],
    ["empty", [["README", picturesOf]], "there is no record in this file"],
  ])("%s", async (name, members, message) => {
    const file = await shard(`fault ${name}.tar`, members);
    expect(() => shardDataset([file])).toThrow(message);
    expect(() => shardDataset([file])).toThrow(file);
  });

  test("an archive that is cut off says where; what is no archive says so", async () => {
    const whole = await packed([
      ["a.jpg", new Uint8Array(2000)],
      ["a.txt", "a"],
    ]);
    const cut = (length: number) => {
      const file = join(folder, "cut.tar");
      writeFileSync(file, whole.subarray(0, length));
      return () => shardDataset([file]);
    };
    expect(cut(1000)).toThrow(
      'cut.tar: this is not a whole tar file: cut off at byte 1000, inside of "a.jpg"',
    );
    expect(cut(2560 + 100)).toThrow("cut off at byte 2660, inside of a header");
    expect(cut(2560 + 512)).toThrow('cut off at byte 3072, inside of "a.txt"');
    const file = join(folder, "text.tar");
    writeFileSync(file, "text ".repeat(200));
    expect(() => shardDataset([file])).toThrow("there is no tar header at byte 0");
    expect(() => shardDataset([join(folder, "none.tar")])).toThrow(
      "none.tar: there is no such file",
    );
  });

  test("any changed byte is a named fault or another content, never a crash", async () => {
    const whole = await packed([
      ["a.jpg", "x"],
      [`${"p/".repeat(90)}b.txt`, "b"],
      ["c.txt", "c"],
    ]);
    const file = join(folder, "changed.tar");
    for (let at = 0; at < whole.length; at += 7) {
      const changed = whole.slice();
      changed[at] = (changed[at]! + 129) % 256;
      writeFileSync(file, changed);
      try {
        shardDataset([file]);
      } catch (error) {
        expect(error).toMatchObject({ name: "DataError" });
      }
    }
  });
});
