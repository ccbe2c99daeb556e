/** Annotation files: every format, and every fault with file, record and field. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAnnotations } from "../../../runtime/data/annotations.ts";
import { DataError } from "../../../runtime/data/data-error.ts";
import { annotationDataset, datasetOf } from "../../../runtime/data/dataset.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "annotations-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

const brief = (file: string, fields = {}) =>
  readAnnotations(file, fields).map(({ image, captions, imageId }) => [image, captions, imageId]);

describe("formats", () => {
  test("a JSON list, captions as text or list, ids as text, number or missing", () => {
    const file = written("list.json", [
      { image: "a.jpg", caption: "one", image_id: "coco_1" },
      { image: "b.jpg", caption: ["two", "three"], image_id: 7 },
      { image: "c.jpg", caption: "four" },
    ]);
    expect(brief(file)).toEqual([
      ["a.jpg", ["one"], "coco_1"],
      ["b.jpg", ["two", "three"], "7"],
      ["c.jpg", ["four"], "c.jpg"],
    ]);
  });

  test("a JSON object keeps the file's order, __proto__ is a key like any other", () => {
    const text =
      '{"10": {"image": "x", "caption": "c, {\\"d\\"}"}, "9": {"image": "y", "caption": "e"},' +
      ' "__proto__": {"image": "z", "caption": "f"}}';
    expect(brief(written("object.json", text)).map(([image, , id]) => [image, id])).toEqual([
      ["x", "10"],
      ["y", "9"],
      ["z", "__proto__"],
    ]);
  });

  test("a field is the record's own, not inherited", () => {
    const file = written("proto.json", '[{"__proto__": {"image": "a", "caption": "b"}}]');
    expect(() => readAnnotations(file)).toThrow('field "image"');
  });

  test("JSON lines, other field names, no pictures", () => {
    const file = written("documents.jsonl", '{"text": "a\\nb"}\n\n{"text": "c"}\n');
    expect(brief(file, { image: false, caption: "text" })).toEqual([
      [undefined, ["a\nb"], "0"],
      [undefined, ["c"], "1"],
    ]);
  });

  test("tables, with quotes", () => {
    const csv = written("table.csv", 'image,caption\r\na.jpg,"red, ""big""\ncat"\r\nb.jpg,dog\r\n');
    expect(brief(csv).map(([, captions]) => captions)).toEqual([['red, "big"\ncat'], ["dog"]]);
    const tsv = written("table.tsv", "caption\timage\nred, cat\ta.jpg");
    expect(brief(tsv)).toEqual([["a.jpg", ["red, cat"], "a.jpg"]]);
  });

  test("several files follow one another", () => {
    const one = written("one.json", [{ image: "a", caption: "x" }]);
    const two = written("two.jsonl", '{"image": "b", "caption": "y"}');
    const records = readAnnotations([one, two]);
    expect(records.map(({ image, place }) => [image, place.file, place.record])).toEqual([
      ["a", one, 0],
      ["b", two, 0],
    ]);
  });
});

describe("faults", () => {
  const good = { image: "a.jpg", caption: "one" };
  const message = (file: string): string => {
    try {
      readAnnotations(file);
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      expect((error as Error).message).toContain(file);
      return (error as Error).message;
    }
    throw new Error("it was read");
  };

  test.each([
    [
      { caption: "x" },
      'record 2 (counted from 0): field "image": expected the path of a picture, found nothing',
    ],
    [
      { image: "", caption: "x" },
      'field "image": expected the path of a picture, found an empty text',
    ],
    [{ image: 3, caption: "x" }, 'field "image": expected the path of a picture, found 3'],
    [
      { image: "a" },
      'record 2 (counted from 0): field "caption": expected a text or a list of texts, found nothing',
    ],
    [
      { image: "a", caption: [] },
      'field "caption": expected a text or a list of texts, found an empty list',
    ],
    [{ image: "a", caption: ["x", null] }, 'field "caption": entry 1 is not a text but null'],
    [{ image: "a", caption: "x", image_id: [1] }, 'field "image_id"'],
    [null, "record 2 (counted from 0): expected an object with fields, found null"],
    [["a", "b"], "expected an object with fields, found a list"],
  ])("record %j", (record, expected) => {
    expect(message(written("bad.json", [good, good, record, good]))).toContain(expected);
  });

  test("broken JSON names the record it breaks in", () => {
    const text = `[${JSON.stringify(good)},\n${JSON.stringify(good)},\n{"image": "a", "caption": oops},\n${JSON.stringify(good)}]`;
    expect(message(written("broken.json", text))).toContain("line 3, record 2");
    expect(message(written("cut.json", text.slice(0, 40)))).toContain("record 1");
    const object = `{"a": ${JSON.stringify(good)},\n"b": {"image": }, "c": 1}`;
    expect(message(written("object.json", object))).toContain("line 2, record 1");
    const lines = `${JSON.stringify(good)}\n\n{"image":\n`;
    expect(message(written("broken.jsonl", lines))).toContain("line 3, record 1");
  });

  test("doubled ids, wrong shapes, empty files, missing files", () => {
    const record = JSON.stringify(good);
    const twice = written("twice.json", `{"a": ${record}, "b": ${record}, "a": ${record}}`);
    expect(message(twice)).toContain('record 2 (counted from 0): the id "a" stands twice');
    expect(message(written("text.json", '"hello"'))).toContain("expected a list of records");
    expect(message(written("none.json", "[]"))).toContain("no record");
    expect(message(join(folder, "absent.json"))).toContain("no such file");
    expect(message(written("data.xml", "<x/>"))).toContain("end in .json");
  });

  test("tables: short rows, doubled columns, open quotes", () => {
    const short = written("short.csv", "image,caption\na,b\nc\n");
    expect(message(short)).toContain("line 3, record 1 (counted from 0): has 1 fields");
    expect(message(written("two.csv", "image,image\na,b\n"))).toContain("two columns");
    expect(message(written("open.csv", 'image,caption\na,"b\n'))).toContain(
      "line 2: a quote is never closed",
    );
    expect(message(written("after.csv", 'image,caption\n"a"b,c\n'))).toContain(
      "line 2: text follows",
    );
  });
});

describe("data sets", () => {
  test("pictures are numbered by their ids; records know their place", () => {
    const file = written("numbers.json", [
      { image: "a.jpg", caption: "1", image_id: "p" },
      { image: "b.jpg", caption: "2", image_id: "q" },
      { image: "a.jpg", caption: "3", image_id: "p" },
    ]);
    const dataset = annotationDataset({ files: file, root: "/pictures" });
    expect(dataset.length).toBe(3);
    expect([0, 1, 2].map((index) => dataset.record(index).imageNumber)).toEqual([0, 1, 0]);
    expect(dataset.record(2)).toMatchObject({
      id: 2,
      imagePath: "/pictures/a.jpg",
      place: { file, record: 2 },
    });
    expect(() => dataset.record(3)).toThrow(RangeError);
  });

  test.each(["../a.jpg", "x/../../a.jpg", "/etc/a.jpg", "..", "a\0.jpg", "C:\\a.jpg"])(
    "a picture outside the root is refused: %j",
    (image) => {
      const place = { file: "train.json", record: 4 };
      const annotation = { place, image, captions: ["x"], imageId: "x" };
      expect(() => datasetOf([annotation], "/pictures")).toThrow(
        'train.json: record 4 (counted from 0): field "image"',
      );
    },
  );

  test("dots inside the root are fine", () => {
    const annotation = { place: { file: "f" }, image: "a/../b..c.jpg", captions: [], imageId: "x" };
    expect(datasetOf([annotation], "/pictures").record(0).imagePath).toBe("/pictures/b..c.jpg");
  });
});
