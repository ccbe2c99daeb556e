/** blip.lock: what it holds, what differs from it, and shapes that are checked from it alone. */
import { createHash } from "node:crypto";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Lock, lockText } from "../../compiler/lock/lock.ts";
import { renderDiagnostic } from "../../grammar/render-diagnostic.ts";
import { frozenLockFaults, type LockDepth, lockLints } from "../../runtime/lock/frozen-lock.ts";
import { makeLock } from "../../runtime/lock/make-lock.ts";
import { pinFile } from "../../runtime/lock/pin-file.ts";
import { loadPipeline } from "../../runtime/train/load-pipeline.ts";
import { floatTensor, writeSafetensors } from "../../runtime/weights/write-safetensors.ts";

let folder: string;
const weights = () => join(folder, "weights/encoder.safetensors");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "blipc-lock-"));
  mkdirSync(join(folder, "weights"));
  for (const name of [
    "stage1.blip",
    "stage2.blip",
    "weights/encoder.safetensors",
    "weights/lm.safetensors",
  ])
    copyFileSync(join("pipelines/shapes", name), join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (file: string, sets: readonly string[] = []) =>
  loadPipeline({ base: folder, file, sets });

function lock(...files: readonly string[]): Lock {
  const pipelines = files.map((file) => {
    const pipeline = load(file);
    return { ...pipeline, model: pipeline.model! };
  });
  const { lock: made, missing } = makeLock(pipelines, "1.2.3");
  expect(missing).toEqual([]);
  writeFileSync(join(folder, "blip.lock"), lockText(made));
  return made;
}

/** Codes and places of all drift. */
function drift(file: string, sets: readonly string[] = [], depth: LockDepth = "lock"): string[] {
  return frozenLockFaults(load(file, sets), depth).map(
    ({ code, primary }) => `${code} ${primary.span.source.name}`,
  );
}

describe("lock", () => {
  test("holds the sha256 and the tensors of every file, and says nothing of an unchanged project", () => {
    const { files, backbones, tokenizers, data } = lock("stage1.blip", "stage2.blip");
    const encoder = files.find(({ path }) => path === "weights/encoder.safetensors")!;
    const bytes = readFileSync(weights());
    expect(encoder.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(encoder.size).toBe(bytes.length);
    expect(encoder.tensors?.["visual_encoder.cls_token"]).toBe("F32[1,1,64]");
    expect(files.map(({ path, kind }) => `${kind} ${path}`).toSorted()).toEqual([
      "import stage1.blip",
      "weights weights/encoder.safetensors",
      "weights weights/lm.safetensors",
    ]);
    expect(backbones.map(({ name }) => name).toSorted()).toEqual([
      "shapes-bert",
      "shapes-opt",
      "shapes-vit",
    ]);
    expect(tokenizers?.map(({ name }) => name)).toEqual(["shapes"]);
    expect(data?.map(({ name }) => name)).toEqual([
      "shapes(pictures: 4096, seed: 1, twins: false)",
    ]);
    for (const depth of ["lock", "files"] as const) {
      expect(drift("stage1.blip", [], depth)).toEqual([]);
      expect(drift("stage2.blip", [], depth)).toEqual([]);
    }
  });

  test("the same project gives the same bytes", () => {
    lock("stage1.blip", "stage2.blip");
    const before = readFileSync(join(folder, "blip.lock"), "utf8");
    lock("stage2.blip", "stage1.blip");
    expect(readFileSync(join(folder, "blip.lock"), "utf8")).toBe(before);
  });

  test("a missing file is named and not locked", () => {
    rmSync(weights());
    const pipeline = load("stage1.blip");
    const { missing } = makeLock([{ ...pipeline, model: pipeline.model! }], "1.2.3");
    expect(missing.map(({ written }) => written)).toEqual(["weights/encoder.safetensors"]);
  });
});

describe("weights in shards", () => {
  /** An index of two files whose names say nothing of it, and a third file that it does not name. */
  const writeShards = (value: number) => {
    const write = (name: string, tensor: string, last: number) =>
      writeSafetensors(join(folder, "weights", name), [
        floatTensor(tensor, [2], new Float32Array([1, last])),
      ]);
    write("one.safetensors", "a", 2);
    write("two.safetensors", "b", value);
    write("model-old.safetensors", "c", 2);
    const index = join(folder, "weights/model.safetensors.index.json");
    writeFileSync(
      index,
      JSON.stringify({ weight_map: { b: "two.safetensors", a: "one.safetensors" } }),
    );
    return index;
  };

  test("every file that the index names is pinned, and no other", () => {
    const { project } = load("stage1.blip");
    const { shards } = pinFile(writeShards(3), "weights", project)!;
    expect(shards?.map(({ path }) => path)).toEqual([
      "weights/one.safetensors",
      "weights/two.safetensors",
    ]);
    const changed = pinFile(writeShards(4), "weights", project)!.shards;
    expect(changed?.[0]).toEqual(shards?.[0]);
    expect(changed?.[1]?.sha256).not.toBe(shards?.[1]?.sha256);
  });
});

describe("drift", () => {
  test("a backbone that was swapped", () => {
    copyFileSync("pipelines/minimal.blip", join(folder, "train.blip"));
    lock("train.blip");
    const text = readFileSync(join(folder, "train.blip"), "utf8");
    const swapped = text
      .replace('"shapes-vit"', '"clip-vit-l/14"')
      .replace("  input = image[48, 48, 3]\n", "");
    writeFileSync(join(folder, "train.blip"), swapped);
    const [found, ...others] = frozenLockFaults(load("train.blip"), "lock");
    expect(others).toEqual([]);
    const shown = renderDiagnostic(found!);
    expect(shown).toContain('error[BLIP5201]: "clip-vit-l/14" is not pinned in blip.lock');
    expect(shown).toContain("new since blip.lock was written");
  });

  test("one changed byte of weights: seen by a run, not by a check, which reads no weights", () => {
    lock("stage1.blip");
    const bytes = readFileSync(weights());
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(weights(), bytes);
    expect(drift("stage1.blip")).toEqual([]);
    expect(drift("stage1.blip", [], "files")).toEqual(["BLIP5202 stage1.blip"]);
  });

  test("weights of another length: seen by a check", () => {
    lock("stage1.blip");
    writeFileSync(weights(), readFileSync(weights()).subarray(0, 1000));
    expect(drift("stage1.blip")).toEqual(["BLIP5202 stage1.blip"]);
  });

  test("an import that was edited, shown in the lock", () => {
    lock("stage2.blip");
    const text = readFileSync(join(folder, "stage1.blip"), "utf8");
    writeFileSync(join(folder, "stage1.blip"), text.replace("count = 8", "count = 8 // eight"));
    expect(drift("stage2.blip")).toEqual(["BLIP5202 blip.lock"]);
  });

  test("a file that is new", () => {
    lock("stage1.blip");
    copyFileSync(weights(), join(folder, "weights/other.safetensors"));
    expect(drift("stage1.blip", ['vision.weights="weights/other.safetensors"'])).toEqual([
      "BLIP5202 --set",
    ]);
  });

  test("a lock that is damaged", () => {
    writeFileSync(join(folder, "blip.lock"), '{ "lockVersion": 2 }');
    expect(drift("stage1.blip")).toEqual(["BLIP5203 blip.lock"]);
  });
});

describe("without the files", () => {
  /** Takes the weights away, or puts a folder where they were, which cannot be read. */
  const ways = [
    ["absent", () => rmSync(join(folder, "weights"), { recursive: true })],
    [
      "unreadable",
      () => {
        renameSync(weights(), join(folder, "elsewhere"));
        mkdirSync(weights());
      },
    ],
  ] as const;

  test.each(ways)("%s: the check holds, a run does not", (_, take) => {
    lock("stage1.blip");
    take();
    expect(drift("stage1.blip")).toEqual([]);
    expect(() => {
      const found = drift("stage1.blip", [], "files");
      if (found.length > 0) throw new Error(found.join());
    }).toThrow();
  });

  test.each(ways)("%s: weights that do not fit are found by the shapes in the lock", (_, take) => {
    const made = lock("stage1.blip");
    const narrow = {
      ...made,
      files: made.files.map((file) => ({
        ...file,
        tensors: Object.fromEntries(
          Object.entries(file.tensors ?? {}).map(([name, text]) => [
            name,
            name.endsWith("cls_token") ? text.replace(/,64\]/, ",32]") : text,
          ]),
        ),
      })),
    };
    writeFileSync(join(folder, "blip.lock"), lockText(narrow));
    take();
    const [found, ...others] = frozenLockFaults(load("stage1.blip"), "lock");
    expect(others).toEqual([]);
    const text = renderDiagnostic(found!);
    expect(text).toContain(
      'error[BLIP5204]: the weights in "weights/encoder.safetensors" do not fit `vision`',
    );
    expect(text).toContain("cls_token is [1, 1, 64] here and [1, 1, 32] in the file");
    expect(text).toContain("stage1.blip:7:13");
  });
});

describe("what the lock gives rise to", () => {
  const captions = (count: number, words: string) =>
    Array.from({ length: count }, (_, index) => ({
      image: `${words} ${index}.png`,
      caption: words,
    }));

  function captioned(more: number): void {
    // Three words and the two tokens around them; the others have five words.
    const records = [
      ...captions(100 - more, "a red circle"),
      ...captions(more, "a small red circle left"),
    ];
    writeFileSync(join(folder, "pairs.json"), JSON.stringify(records));
    const text = readFileSync(join(folder, "stage1.blip"), "utf8");
    const source = /= shapes\([^)]*\)/.exec(text)![0];
    writeFileSync(join(folder, "captions.blip"), text.replace(source, '= captions("pairs.json")'));
  }

  const said = (file: string, sets: readonly string[] = []) =>
    lockLints(load(file, sets)).map(({ title }) => title);

  test("a text that cuts more than one caption in twenty", () => {
    captioned(6);
    expect(lock("captions.blip").data?.[0]?.tokens).toEqual({ shapes: 7 });
    expect(said("captions.blip", ["caption.max_len=6 tokens"])).toEqual([
      "`caption` keeps 6 tokens, and more than 5 % of the captions of `pairs` are longer",
    ]);
    expect(said("captions.blip", ["caption.max_len=7 tokens"])).toEqual([]);
    captioned(5);
    expect(lock("captions.blip").data?.[0]?.tokens).toEqual({ shapes: 5 });
  });

  test("an import that it does not pin", () => {
    lock("stage1.blip");
    expect(said("stage2.blip")).toEqual(["stage1.blip is imported, and blip.lock does not pin it"]);
    lock("stage2.blip");
    expect(said("stage2.blip")).toEqual([]);
  });
});
