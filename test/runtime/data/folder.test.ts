/** Folders of pictures: texts beside them or one metadata file, and every fault by name. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { folderDataset } from "../../../runtime/data/folder-records.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "folder-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

const brief = (split?: string) => {
  const set = folderDataset(folder, split);
  return Array.from({ length: set.length }, (_, index) => {
    const { imagePath, captions } = set.record(index);
    return [imagePath!.slice(folder.length + 1), captions];
  });
};

test("a text beside each picture, a caption a line, in order of the paths", () => {
  write({
    "b.png": "",
    "b.txt": "one\r\n\n two \n",
    "a/z.JPG": "",
    "a/z.txt": "three",
    "B.webp": "",
    "B.txt": "four",
    "notes.txt": "no picture of this name",
    ".hidden.png": "",
  });
  symlinkSync(join(folder, "a"), join(folder, "link"));
  expect(brief()).toEqual([
    ["B.webp", ["four"]],
    ["a/z.JPG", ["three"]],
    ["b.png", ["one", "two"]],
  ]);
});

test.each([
  [
    "metadata.jsonl",
    '{"file_name": "x/1.png", "text": "a", "split": "held"}\n{"file_name": "2.png", "text": ["b"]}',
  ],
  ["metadata.csv", "file_name,text,split\nx/1.png,a,held\n2.png,b,train\n"],
])("%s", (name, content) => {
  write({ [name]: content, "other.png": "" });
  expect(brief()).toEqual([
    ["x/1.png", ["a"]],
    ["2.png", ["b"]],
  ]);
  expect(brief("held")).toEqual([["x/1.png", ["a"]]]);
});

describe("faults", () => {
  test.each<[string, Readonly<Record<string, string | Uint8Array>>, string]>([
    [
      "no text",
      { "a.png": "", "a.txt": "a", "b.png": "" },
      "b.txt: record 1 (counted from 0): there is no such file",
    ],
    [
      "empty text",
      { "a.png": "", "a.txt": " \n" },
      "a.txt: record 0 (counted from 0): there is no caption",
    ],
    [
      "UTF-8",
      { "a.png": "", "a.txt": Uint8Array.of(0xc3) },
      "a.txt: record 0 (counted from 0): this is not UTF-8",
    ],
    ["nothing", { "a.gif": "" }, "there is no .jpg, .jpeg, .png or .webp file in it"],
    [
      "both",
      { "metadata.csv": "", "metadata.jsonl": "" },
      "there are both metadata.jsonl and metadata.csv",
    ],
    [
      "no field",
      { "metadata.jsonl": '{"text": "a"}' },
      'line 1, record 0 (counted from 0): field "file_name"',
    ],
    [
      "outside",
      { "metadata.jsonl": '{"file_name": "../a.png", "text": "a"}' },
      "is outside the image root",
    ],
  ])("%s", (_, files, message) => {
    write(files);
    expect(() => folderDataset(folder, undefined)).toThrow(message);
  });

  test("a split without a file that says it, and no folder", () => {
    write({ "a.png": "", "a.txt": "a" });
    expect(() => folderDataset(folder, "held")).toThrow('the split "held"');
    expect(() => folderDataset(join(folder, "none"), undefined)).toThrow("there is no such folder");
  });
});
