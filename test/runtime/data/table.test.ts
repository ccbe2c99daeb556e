/** Tables: parquet written by another library and its compressions, plain text tables, and every fault by name. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ParquetWriteOptions, parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tableDataset } from "../../../runtime/data/table-records.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "table-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function parquet(name: string, options: Omit<ParquetWriteOptions, "writer">): string {
  const file = join(folder, name);
  writeFileSync(file, new Uint8Array(parquetWriteBuffer(options)));
  return file;
}

async function brief(file: string, split?: string) {
  const set = await tableDataset(file, "/pictures", split === undefined ? {} : { split });
  return Array.from({ length: set.length }, (_, index) => {
    const { imagePath, captions, imageId } = set.record(index);
    return [imagePath, captions, imageId];
  });
}

const columnData: ParquetWriteOptions["columnData"] = [
  { name: "image", data: ["a.jpg", "b/c.jpg", "d.jpg"], type: "STRING" },
  { name: "unread", data: [1.5, 2.5, 3.5], type: "DOUBLE" },
  { name: "caption", data: ["a cat", "é dog", ""], type: "STRING" },
  { name: "image_id", data: [7n, 9007199254740993n, 7n], type: "INT64" },
  { name: "split", data: ["train", "held", "train"], type: "STRING" },
];
const rows = [
  ["/pictures/a.jpg", ["a cat"], "7"],
  ["/pictures/b/c.jpg", ["é dog"], "9007199254740993"],
  ["/pictures/d.jpg", [""], "7"],
];

describe("records", () => {
  test.each(["SNAPPY", "UNCOMPRESSED"] as const)(
    "parquet, %s, in several groups of rows",
    async (codec) => {
      const file = parquet(`${codec}.parquet`, { columnData, codec, rowGroupSize: 2 });
      expect(await brief(file)).toEqual(rows);
      expect(await brief(file, "held")).toEqual([rows[1]]);
    },
  );

  test("lists of captions; a missing id is the picture", async () => {
    const file = join(folder, "lists.parquet");
    const lists: ParquetWriteOptions["columnData"] = [
      { name: "image", data: ["a.jpg"] },
      { name: "caption", data: [["one", "two"]] },
    ];
    const schema: ParquetWriteOptions["schema"] = [
      { name: "root", num_children: 2 },
      { name: "image", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
      { name: "caption", repetition_type: "REQUIRED", num_children: 1, converted_type: "LIST" },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
    ];
    writeFileSync(file, new Uint8Array(parquetWriteBuffer({ columnData: lists, schema })));
    expect(await brief(file)).toEqual([["/pictures/a.jpg", ["one", "two"], "a.jpg"]]);
  });

  test("a text table", async () => {
    const file = join(folder, "pairs.csv");
    writeFileSync(file, 'image,caption\na.jpg,"a cat, asleep"\n');
    expect(await brief(file)).toEqual([["/pictures/a.jpg", ["a cat, asleep"], "a.jpg"]]);
  });
});

describe("faults", () => {
  test("a row names its record and column", async () => {
    const file = parquet("null.parquet", {
      columnData: [
        { name: "image", data: ["a.jpg", "b.jpg"], type: "STRING" },
        { name: "caption", data: ["a", null], type: "STRING", nullable: true },
      ],
    });
    await expect(brief(file)).rejects.toThrow(
      'null.parquet: record 1 (counted from 0): field "caption": expected a text or a list of texts, found nothing',
    );
  });

  test("columns that are not there, pictures outside of the root", async () => {
    const other = parquet("other.parquet", {
      columnData: [{ name: "url", data: ["x"], type: "STRING" }],
    });
    await expect(brief(other)).rejects.toThrow('record 0 (counted from 0): field "image"');
    const outside = parquet("outside.parquet", {
      columnData: [
        { name: "image", data: ["../a.jpg"], type: "STRING" },
        { name: "caption", data: ["a"], type: "STRING" },
      ],
    });
    await expect(brief(outside)).rejects.toThrow("is outside the image root");
  });

  test("files that are missing, empty, cut off or something else", async () => {
    const whole = new Uint8Array(parquetWriteBuffer({ columnData }));
    const said = "this is no parquet file that can be read";
    for (const bytes of [
      new Uint8Array(0),
      whole.subarray(0, 40),
      whole.subarray(100),
      new Uint8Array(99),
    ]) {
      const file = join(folder, "broken.parquet");
      writeFileSync(file, bytes);
      await expect(brief(file)).rejects.toThrow(said);
    }
    await expect(brief(join(folder, "none.parquet"))).rejects.toThrow("there is no such file");
  });
});
