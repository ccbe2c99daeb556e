import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeAtomically } from "../../../runtime/weights/atomic-write.ts";
import { bytesOfDataType, type DataType } from "../../../runtime/weights/data-type.ts";
import { FileError } from "../../../runtime/weights/file-error.ts";
import { nodeFileSystem } from "../../../runtime/weights/file-system.ts";
import { openWeights } from "../../../runtime/weights/open-weights.ts";
import { openSafetensors } from "../../../runtime/weights/safetensors.ts";
import {
  floatTensor,
  type TensorData,
  writeSafetensors,
} from "../../../runtime/weights/write-safetensors.ts";
import { failingAt } from "./failing-file-system.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const tensors: readonly TensorData[] = [
  { name: "small", dtype: "U8", shape: [3], data: new Uint8Array([1, 2, 3]) },
  floatTensor("b", [2, 1], new Float32Array([1, -1])),
  floatTensor("a", [], new Float32Array([4])),
  { name: "empty", dtype: "F64", shape: [0, 5], data: new Uint8Array() },
];

describe("writeSafetensors", () => {
  it("gives the same bytes whatever the order it is handed", () => {
    const folder = temporaryFolder();
    const [one, two] = [join(folder, "1"), join(folder, "2")];
    writeSafetensors(one, tensors, { z: "1", a: "\u2028é" });
    writeSafetensors(two, [...tensors].reverse(), { a: "\u2028é", z: "1" });
    expect(readFileSync(one).equals(readFileSync(two))).toBe(true);
    const file = openSafetensors(one);
    expect([...file.tensors.keys()]).toEqual(["empty", "a", "b", "small"]);
    expect(file.dataBegin % 8).toBe(0);
    expect([...file.readFloat32("b")]).toEqual([1, -1]);
    expect(file.metadata).toEqual(
      new Map([
        ["a", "\u2028é"],
        ["z", "1"],
      ]),
    );
    file.close();
  });

  it("is read back as it was, whatever the names and shapes", () => {
    const path = join(temporaryFolder(), "a.safetensors");
    const tensor = fc
      .record({
        name: fc.oneof(
          fc.string({ unit: "grapheme" }),
          fc.constantFrom("__proto__", "toString", ""),
        ),
        dtype: fc.constantFrom(...(Object.keys(bytesOfDataType) as DataType[])),
        shape: fc.array(fc.nat(3), { maxLength: 4 }),
        seed: fc.nat(255),
      })
      .map(({ name, dtype, shape, seed }): TensorData => {
        const bytes = shape.reduce((product, size) => product * size, bytesOfDataType[dtype]);
        return {
          name,
          dtype,
          shape,
          data: Uint8Array.from({ length: bytes }, (_, i) => i * 7 + seed),
        };
      });
    const all = fc.uniqueArray(tensor, { selector: (t) => t.name, maxLength: 8 });
    const quick = { ...nodeFileSystem, fsync: () => {} };
    fc.assert(
      fc.property(all, (given) => {
        writeSafetensors(path, given, {}, quick);
        const file = openSafetensors(path);
        expect(file.tensors.size).toBe(given.length);
        for (const { name, dtype, shape, data } of given) {
          expect(file.tensors.get(name)).toMatchObject({ dtype, shape });
          expect(Buffer.compare(file.read(name), data)).toBe(0);
        }
        file.close();
      }),
      { numRuns: 200 },
    );
  });

  it("refuses tensors that do not fit their shape or stand twice", () => {
    const path = join(temporaryFolder(), "a");
    expect(() => writeSafetensors(path, [floatTensor("a", [3], new Float32Array(2))])).toThrow(
      /"a": 8 bytes for F32 \[3\]/,
    );
    const a = floatTensor("a", [1], new Float32Array(1));
    expect(() => writeSafetensors(path, [a, a])).toThrow(/stands twice/);
  });
});

describe("writeAtomically", () => {
  const old = new Uint8Array([1, 2, 3]);
  const chunks = [new Uint8Array(10).fill(4), new Uint8Array(5).fill(5)];

  it("writes, fsyncs, renames and fsyncs the folder, in this order", () => {
    const path = join(temporaryFolder(), "a");
    const { system, calls } = failingAt(Number.POSITIVE_INFINITY);
    writeAtomically(path, chunks, system);
    expect(calls).toEqual([
      "freeBytes",
      "open w .partial",
      "write",
      "write",
      "fsync",
      "close",
      "rename .partial",
      "open r",
      "fsync",
      "close",
    ]);
  });

  it.each([false, true])(
    "leaves the old file when call N fails, for every N (for ever: %s)",
    (forEver) => {
      let last = 0;
      for (let at = 1; at < 100; at += 1) {
        const folder = temporaryFolder();
        const path = join(folder, "a");
        writeFileSync(path, old);
        const { system, count } = failingAt(at, forEver);
        let error: unknown;
        try {
          writeAtomically(path, chunks, system);
        } catch (thrown) {
          error = thrown;
        }
        const bytes = readFileSync(path);
        expect(bytes.length === 3 || bytes.length === 15).toBe(true);
        if (error === undefined) {
          expect(bytes.length).toBe(15);
          last = at;
          break;
        }
        expect(error).toBeInstanceOf(FileError);
        expect((error as FileError).message).toContain(
          `${path}: cannot be written (15 bytes needed)`,
        );
        if (!forEver) expect(readdirSync(folder)).toEqual(["a"]);
        expect(count()).toBeGreaterThanOrEqual(at);
      }
      expect(last).toBeGreaterThan(8);
    },
  );

  it("goes on after a short write", () => {
    const path = join(temporaryFolder(), "a");
    const short = {
      ...nodeFileSystem,
      write: (descriptor: number, bytes: Uint8Array) =>
        nodeFileSystem.write(descriptor, bytes.subarray(0, 3)),
    };
    writeAtomically(path, chunks, short);
    expect(readFileSync(path).equals(Buffer.concat(chunks))).toBe(true);
  });

  it("says what is needed when the disk has too little room, and writes nothing", () => {
    const folder = temporaryFolder();
    const { system, calls } = failingAt(Number.POSITIVE_INFINITY, false, 14);
    expect(() => writeAtomically(join(folder, "a"), chunks, system)).toThrow(
      /15 bytes needed\): the disk has 14 bytes free/,
    );
    expect(calls).toEqual(["freeBytes"]);
  });

  it("names a folder that is not there", () => {
    const path = join(temporaryFolder(), "none", "a");
    expect(() => writeAtomically(path, chunks)).toThrow(/none\/a: cannot be written .*ENOENT/);
  });
});

describe("openWeights", () => {
  function sharded(): string {
    const folder = temporaryFolder();
    writeSafetensors(join(folder, "model-1.safetensors"), [
      floatTensor("a", [1], new Float32Array([1])),
    ]);
    writeSafetensors(join(folder, "model-2.safetensors"), [
      floatTensor("b", [1], new Float32Array([2])),
      floatTensor("unlisted", [1], new Float32Array([3])),
    ]);
    return folder;
  }
  function indexed(weightMap: unknown): string {
    const folder = sharded();
    writeFileSync(
      join(folder, "model.safetensors.index.json"),
      JSON.stringify({ metadata: { total_size: 8.0 }, weight_map: weightMap }),
    );
    return folder;
  }

  it("joins shards, by folder and by index", () => {
    const folder = indexed({ a: "model-1.safetensors", b: "model-2.safetensors" });
    for (const path of [folder, join(folder, "model.safetensors.index.json")]) {
      const source = openWeights(path);
      expect([...source.tensors.keys()]).toEqual(["a", "b"]);
      expect([...source.readFloat32("b")]).toEqual([2]);
      expect(() => source.read("unlisted")).toThrow(/index.json: has no tensor "unlisted"/);
      source.close();
      expect(() => source.read("a")).toThrow(/closed/);
    }
  });

  it.each([
    "../model-1.safetensors",
    "/etc/passwd",
    "x/../model-1.safetensors",
    "a\\b.safetensors",
    3,
  ])("refuses the shard name %s", (name) => {
    expect(() => openWeights(indexed({ a: name }))).toThrow(/"a" must name a .safetensors file/);
  });

  it("names the index when a shard lacks a tensor, and the shard when it is missing or broken", () => {
    expect(() => openWeights(indexed({ c: "model-1.safetensors" }))).toThrow(
      /index.json: names model-1.safetensors for "c", which is not in it/,
    );
    expect(() => openWeights(indexed({ c: "model-9.safetensors" }))).toThrow(
      /model-9.safetensors: cannot be opened/,
    );
  });

  it("finds the only file of a folder, and says when there is none or a pickle", () => {
    const one = temporaryFolder();
    writeSafetensors(join(one, "eva.safetensors"), tensors);
    const source = openWeights(one);
    expect(source.tensors.size).toBe(4);
    source.close();
    expect(() => openWeights(sharded())).toThrow(/holds 2 .safetensors files; name one/);
    const pickled = temporaryFolder();
    mkdirSync(join(pickled, "sub"));
    expect(() => openWeights(pickled)).toThrow(/holds no .safetensors file$/);
    writeFileSync(join(pickled, "pytorch_model.bin"), "x");
    expect(() => openWeights(pickled)).toThrow(/only pytorch_model.bin; .*save_file/);
    expect(() => openWeights(join(pickled, "nothing"))).toThrow(/nothing: cannot be opened/);
  });
});
