/** The folder: contents, same bytes for the same seed, kept when complete, rewritten when damaged. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { captionsOf } from "../../../../runtime/data/shapes/caption.ts";
import { evaluationSamples, trainingSamples } from "../../../../runtime/data/shapes/samples.ts";
import { type ShapesRecord, writeShapes } from "../../../../runtime/data/shapes/write.ts";

const settings = { seed: 11, trainingPictures: 12, evaluationPictures: 5 } as const;
let base = "";
const folder = (name: string) => join(base, name);

async function contents(root: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) found.set(path.slice(root.length + 1), await readFile(path, "base64"));
  }
  return found;
}

async function records(name: string, list: string): Promise<readonly ShapesRecord[]> {
  return JSON.parse(await readFile(join(folder(name), `${list}.json`), "utf8"));
}

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "shapes-test-"));
  await writeShapes(folder("first"), { ...settings, pretrainPairs: 4, documents: 30 });
});

afterAll(async () => {
  await rm(base, { recursive: true, force: true });
});

describe("writeShapes", () => {
  it("writes annotations whose pictures hold the drawn pixels", async () => {
    const train = await records("first", "train");
    expect(train).toHaveLength(12);
    for (const [index, sample] of trainingSamples(11, 12).entries()) {
      const record = train[index]!;
      const name = String(index).padStart(5, "0");
      expect(record.image).toBe(`train/${name}.png`);
      expect(record.image_id).toBe(`train_${name}`);
      expect(record.caption).toEqual(captionsOf(sample.meaning));
      const path = join(folder("first"), "images", record.image);
      const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ width: 48, height: 48, channels: 3 });
      expect(new Uint8Array(data)).toEqual(sample.pixels());
    }
  });

  it("writes the held-out lists apart and together, the seen list, twins and documents", async () => {
    const held = await records("first", "held");
    const apart = [await records("first", "held-1"), await records("first", "held-2")];
    expect(held).toEqual(apart.flat());
    expect(held[0]!.caption).toEqual(captionsOf(evaluationSamples(11, "held-1", 5)[0]!.meaning));
    expect(await records("first", "seen")).toHaveLength(5);
    expect(await records("first", "pretrain")).toHaveLength(8);
    const text = await readFile(join(folder("first"), "documents.jsonl"), "utf8");
    const lines = text.trimEnd().split("\n");
    expect(lines).toHaveLength(30);
    expect(JSON.parse(lines[0]!).text).toContain("</s>");
    for (const record of [...held, ...(await records("first", "pretrain"))]) {
      expect((await stat(join(folder("first"), "images", record.image))).isFile()).toBe(true);
    }
  });

  it("gives the same bytes for the same seed and others for another", async () => {
    await writeShapes(folder("second"), { ...settings, pretrainPairs: 4, documents: 30 });
    expect(await contents(folder("second"))).toEqual(await contents(folder("first")));
    await writeShapes(folder("third"), { ...settings, seed: 12 });
    expect(await records("third", "train")).not.toEqual(await records("first", "train"));
  });

  it("keeps a complete folder and writes again what is damaged, missing or unfinished", async () => {
    const again = () => writeShapes(folder("kept"), settings);
    expect(await again()).toEqual({ core: "written" });
    const complete = await contents(folder("kept"));
    expect(await again()).toEqual({ core: "kept" });
    const picture = join(folder("kept"), "images/train/00003.png");
    await writeFile(picture, "no picture");
    expect(await again()).toEqual({ core: "written" });
    await rm(join(folder("kept"), "seen.json"));
    expect(await again()).toEqual({ core: "written" });
    await rm(join(folder("kept"), "manifests/core.json"));
    expect(await again()).toEqual({ core: "written" });
    await writeFile(join(folder("kept"), "manifests/core.json"), "null");
    expect(await again()).toEqual({ core: "written" });
    expect(await contents(folder("kept"))).toEqual(complete);
    expect(await writeShapes(folder("kept"), { ...settings, seed: 12 })).toEqual({
      core: "written",
    });
  });

  it("adds documents to a folder without writing the rest again", async () => {
    await writeShapes(folder("grown"), settings);
    expect(await writeShapes(folder("grown"), { ...settings, documents: 3 })).toEqual({
      core: "kept",
      documents: "written",
    });
    expect(await writeShapes(folder("grown"), settings)).toEqual({ core: "kept" });
  });

  it("refuses counts that are none", async () => {
    const write = (extra: object) => writeShapes(folder("none"), { ...settings, ...extra });
    await expect(write({ trainingPictures: 0 })).rejects.toThrow(/trainingPictures/);
    await expect(write({ documents: 1.5 })).rejects.toThrow(/documents/);
    await expect(write({ evaluationPictures: 2000 })).rejects.toThrow(RangeError);
    await expect(write({ seed: -1 })).rejects.toThrow(/seed/);
  });
});
