import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FileError } from "../../../runtime/weights/file-error.ts";
import { parseHeader } from "../../../runtime/weights/header.ts";
import { openSafetensors } from "../../../runtime/weights/safetensors.ts";
import { tensorsUnder } from "../../../runtime/weights/tensor-source.ts";
import { hasShared, sharedPath, withoutShared } from "../../support/shared.ts";
import { temporaryFolder } from "./temporary-folder.ts";

function fileOf(header: string | Uint8Array, data: Uint8Array, length?: bigint): Uint8Array {
  const bytes = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + bytes.byteLength + data.byteLength);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(bytes.byteLength), true);
  file.set(bytes, 8);
  file.set(data, 8 + bytes.byteLength);
  return file;
}

function written(name: string, bytes: Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

function refusal(path: string): FileError {
  try {
    openSafetensors(path).close();
  } catch (thrown) {
    if (thrown instanceof FileError) return thrown;
    throw thrown;
  }
  throw new Error(`${path} was accepted`);
}

describe.skipIf(!hasShared)(`the hostile suite${withoutShared}`, () => {
  const folder = sharedPath("suites/safetensors");
  const names = hasShared ? readdirSync(folder).sort() : [];

  it("has not shrunk", () => {
    expect(names.length).toBe(51);
    expect(names.filter((name) => name.startsWith("y_")).length).toBe(9);
  });

  it.each(names)("%s", (name) => {
    const path = join(folder, name);
    if (name.startsWith("y_")) {
      const file = openSafetensors(path);
      for (const tensor of file.tensors.keys()) {
        const { begin, end } = file.tensors.get(tensor) ?? { begin: 0, end: -1 };
        expect(file.read(tensor).byteLength).toBe(end - begin);
      }
      file.close();
    } else {
      const error = refusal(path);
      expect(error.file).toBe(path);
      expect(error.message).toContain(name);
      expect(error.reason.length).toBeGreaterThan(15);
    }
  });

  it("says why", () => {
    const reasons = Object.fromEntries(
      names
        .filter((name) => name.startsWith("n_"))
        .map((name) => [name.slice(2, -12), refusal(join(folder, name)).reason]),
    );
    expect(reasons).toMatchInlineSnapshot(`
      {
        "3_offsets": "not a safetensors file: tensor "a": data_offsets holds 3 numbers instead of 2",
        "7_bytes": "not a safetensors file: it holds 7 bytes, fewer than the 8 of a header's length",
        "array_header": "not a safetensors file: the header does not begin with {",
        "bad_dtype": "not a safetensors file: tensor "a" has unknown dtype "OBJECT"",
        "begin_gt_end": "not a safetensors file: tensor "a" begins at 4 after its end 0",
        "deep_json": "not a safetensors file: nested deeper than 3 at character 7",
        "dup_in_tensor": "not a safetensors file: the key "dtype" stands twice, again at character 20",
        "dup_keys": "not a safetensors file: the key "a" stands twice, again at character 54",
        "dup_keys_same": "not a safetensors file: the key "a" stands twice, again at character 54",
        "empty_file": "not a safetensors file: it holds 0 bytes, fewer than the 8 of a header's length",
        "exp_offset": "not a safetensors file: 4e0 at character 50 is not a whole number written in plain digits",
        "extra_field": "not a safetensors file: tensor "a" has an unknown field "evil"",
        "float_offset": "not a safetensors file: 0.5 at character 48 is not a whole number written in plain digits",
        "hole": "not a safetensors file: 4 bytes before tensor "b" belong to no tensor",
        "hole_start": "not a safetensors file: 4 bytes before tensor "a" belong to no tensor",
        "leading_space": "not a safetensors file: the header does not begin with {",
        "len_0": "not a safetensors file: the header does not begin with {",
        "len_100MB_plus": "not a safetensors file: its header claims 100000001 bytes, more than 100000000",
        "len_2_53": "not a safetensors file: its header claims 9007199254740993 bytes, more than 100000000",
        "len_gt_file": "not a safetensors file: its header claims 1000 bytes, the file holds 58",
        "len_u64max": "not a safetensors file: its header claims 18446744073709551615 bytes, more than 100000000",
        "many_overlap": "not a safetensors file: tensor "w1" begins at 0, inside another tensor (to 160000)",
        "meta_nested": "not a safetensors file: __metadata__ entry "k" is not a string",
        "meta_nonstring": "not a safetensors file: __metadata__ entry "k" is not a string",
        "missing_dtype": "not a safetensors file: tensor "a" has no dtype",
        "nan": "not a safetensors file: "N" stands at character 29 where a value is due",
        "neg_offset": "not a safetensors file: -4 at character 48 is not a whole number written in plain digits",
        "neg_shape": "not a safetensors file: -1 at character 29 is not a whole number written in plain digits",
        "nested_shape": "not a safetensors file: nested deeper than 3 at character 29",
        "not_json": "not a safetensors file: "a" stands at character 1 where a key in double quotes is due",
        "not_utf8": "not a safetensors file: the header is not UTF-8",
        "overlap": "not a safetensors file: tensor "b" begins at 0, inside another tensor (to 4)",
        "partial_overlap": "not a safetensors file: tensor "b" begins at 4, inside another tensor (to 8)",
        "pickle_magic": "not a safetensors file: the header is not UTF-8",
        "polyglot_zip": "not a safetensors file: 30 bytes at the end of the file belong to no tensor",
        "shape_mismatch": "not a safetensors file: tensor "a": shape [3] of F32 takes 12 bytes, data_offsets hold 16",
        "shape_overflow": "not a safetensors file: tensor "a": shape [2147483648, 2147483648, 2147483648] has more than 2^53 - 1 bytes",
        "shape_overflow53": "not a safetensors file: tensor "a": shape [1099511627776, 1099511627776] has more than 2^53 - 1 bytes",
        "short_data": "not a safetensors file: tensor "a" ends at 16, but the file holds 8 bytes of data",
        "str_offset": "not a safetensors file: tensor "a": data_offsets holds something that is not a number",
        "trailing_bytes": "not a safetensors file: 4 bytes at the end of the file belong to no tensor",
        "truncated_json": "not a safetensors file: the text ends at character 5 where a value is due",
      }
    `);
  });
});

describe("openSafetensors", () => {
  const header =
    '{"__metadata__":{"kind":"test"},' +
    '"f":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
    '"h":{"dtype":"F16","shape":[2],"data_offsets":[8,12]},' +
    '"b":{"dtype":"BF16","shape":[1],"data_offsets":[12,14]},' +
    '"u":{"dtype":"U8","shape":[2],"data_offsets":[14,16]},' +
    '"d":{"dtype":"F64","shape":[],"data_offsets":[16,24]},' +
    '"l":{"dtype":"I64","shape":[1],"data_offsets":[24,32]},' +
    '"__proto__":{"dtype":"I32","shape":[1],"data_offsets":[32,36]}}';
  const data = new Uint8Array(36);
  const view = new DataView(data.buffer);
  view.setFloat32(0, 1.5, true);
  view.setFloat32(4, -2, true);
  view.setUint16(8, 0x3c00, true);
  view.setUint16(10, 0xc000, true);
  view.setUint16(12, 0x3fc0, true);
  view.setUint8(14, 7);
  view.setUint8(15, 255);
  view.setFloat64(16, 0.1, true);
  view.setBigInt64(24, -100n, true);
  view.setInt32(32, -5, true);

  it("reads each type as numbers", () => {
    const file = openSafetensors(written("a.safetensors", fileOf(header, data)));
    expect([...file.readFloat32("f")]).toEqual([1.5, -2]);
    expect([...file.readFloat32("h")]).toEqual([1, -2]);
    expect([...file.readFloat32("b")]).toEqual([1.5]);
    expect([...file.readFloat32("d")]).toEqual([Math.fround(0.1)]);
    expect([...file.readInt32("u")]).toEqual([7, 255]);
    expect([...file.readInt32("l")]).toEqual([-100]);
    expect([...file.readInt32("__proto__")]).toEqual([-5]);
    expect(file.metadata.get("kind")).toBe("test");
    expect(Object.prototype).not.toHaveProperty("dtype");
    file.close();
  });

  it("fills a part of a buffer with a part of a tensor", () => {
    const file = openSafetensors(written("a.safetensors", fileOf(header, data)));
    const target = new Uint8Array(8).fill(9);
    file.readInto("f", target.subarray(2, 6), 4);
    expect([...target]).toEqual([9, 9, 0, 0, 0, 0xc0, 9, 9]);
    expect(() => file.readInto("f", new Uint8Array(5), 4)).toThrow(/tensor "f": bytes 4 to 9/);
    file.close();
    expect(() => file.read("f")).toThrow(/closed/);
  });

  it("names file and tensor when asked for what is not there", () => {
    const path = written("a.safetensors", fileOf(header, data));
    const file = openSafetensors(path);
    expect(() => file.read("toString")).toThrow(`${path}: has no tensor "toString"`);
    expect(() => file.readFloat32("u")).toThrow(/tensor "u": U8 does not hold floating/);
    expect(() => file.readInt32("f")).toThrow(/tensor "f": F32 does not hold whole/);
    file.close();
  });

  it("notices a file that was cut after it was opened", () => {
    const path = written("a.safetensors", fileOf(header, data));
    const file = openSafetensors(path);
    writeFileSync(path, readFileSync(path).subarray(0, -10));
    expect(() => file.read("l")).toThrow(/tensor "l": it ends at byte/);
    file.close();
  });

  it("shows a part of a file under shorter names", () => {
    const text = '{"weights/a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}';
    const file = openSafetensors(written("a.safetensors", fileOf(text, new Uint8Array([3]))));
    const part = tensorsUnder(file, "weights/");
    expect([...part.tensors.keys()]).toEqual(["a"]);
    expect([...part.readInt32("a")]).toEqual([3]);
    part.close();
  });

  it("takes a header of 640 bytes, whose first bytes are those of a pickle", () => {
    const text = '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'.padEnd(640, " ");
    const file = openSafetensors(written("a.safetensors", fileOf(text, new Uint8Array([3]))));
    expect(file.tensors.size).toBe(1);
    file.close();
  });

  it("refuses integers that JSON.parse would round, and half surrogates", () => {
    const rounded = '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,9007199254740993]}}';
    const half = '{"\\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}';
    const twice = '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\\u0061":{}}';
    expect(refusal(written("a", fileOf(rounded, new Uint8Array()))).reason).toContain("2^53");
    expect(refusal(written("a", fileOf(half, new Uint8Array()))).reason).toContain("surrogate");
    expect(refusal(written("a", fileOf(twice, new Uint8Array()))).reason).toContain("twice");
  });

  it("refuses a long header before it sets memory aside", () => {
    const before = process.memoryUsage().arrayBuffers;
    refusal(written("a", fileOf("{}", new Uint8Array(), 99_999_999n)));
    refusal(written("a", fileOf("{}", new Uint8Array(), 0xffff_ffff_ffff_ffffn)));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });
});

describe("other formats", () => {
  it.each([
    ["zip.pt", [0x50, 0x4b, 3, 4, 0, 0, 0, 0, 8]],
    ["pickle0.pkl", [...new TextEncoder().encode("(dp0\nS'a'\np1\n")]],
    ["pickle1.bin", [0x80, 1, 0x7d, 0x71, 0, 0, 0, 0, 0]],
    ["pickle2.pth", [0x80, 2, 0x7d, 0x71, 0, 0, 0, 0, 0]],
    ["pickle3.ckpt", [0x80, 3, 0x7d, 0x71, 0, 0, 0, 0, 0]],
    ["pickle4.renamed", [0x80, 4, 0x95, 1, 0, 0, 0, 0, 0]],
    ["pickle5.safetensors", [0x80, 5, 0x95, 1, 0, 0, 0, 0, 0]],
    ["array.npy", [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0x76]],
    ["keras.h5", [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0]],
    ["short.pt", [0x80, 2]],
  ])("%s is refused with the way to convert it", (name, bytes) => {
    const error = refusal(written(name, new Uint8Array(bytes)));
    expect(error.message).toContain(name);
    expect(error.reason).toContain("save_file");
  });
});

describe("mutated headers", () => {
  const names = ["a", "__proto__", "constructor", "é", "weights/x.0"];
  const valid = (): { readonly header: string; readonly data: number } => {
    let begin = 0;
    const entries = names.map((name, index) => {
      const end = begin + 4 * index;
      const entry = { dtype: "F32", shape: [index], data_offsets: [begin, end] };
      begin = end;
      return `${JSON.stringify(name)}:${JSON.stringify(entry)}`;
    });
    return { header: `{${entries.join(",")}}  `, data: begin };
  };

  /** Any header either is refused with an Error of ours or keeps every promise. */
  function holds(bytes: Uint8Array, data: number): void {
    let header: ReturnType<typeof parseHeader>;
    try {
      header = parseHeader(bytes, data);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(Error);
      expect(thrown).not.toBeInstanceOf(RangeError);
      expect(thrown).not.toBeInstanceOf(TypeError);
      return;
    }
    const covered = [...header.tensors.values()].reduce((sum, t) => sum + t.end - t.begin, 0);
    expect(covered).toBe(data);
    const reference = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const keys = [
      ...header.tensors.keys(),
      ...("__metadata__" in reference ? ["__metadata__"] : []),
    ];
    expect(new Set(Object.keys(reference))).toEqual(new Set(keys));
  }

  it("flipped, inserted and removed bytes", () => {
    const { header, data } = valid();
    const original = new TextEncoder().encode(header);
    holds(original, data);
    expect(parseHeader(original, data).tensors.size).toBe(names.length);
    const mutation = fc.record({
      at: fc.nat(original.length - 1),
      kind: fc.constantFrom("flip", "insert", "remove", "copy"),
      byte: fc.oneof(
        fc.nat(255),
        fc.constantFrom(...new TextEncoder().encode('{}[]",:0123456789-.eE \\u')),
      ),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
        const bytes = [...original];
        for (const { at, kind, byte } of mutations) {
          const place = Math.min(at, bytes.length - 1);
          if (kind === "flip") bytes[place] = byte;
          if (kind === "insert") bytes.splice(place, 0, byte);
          if (kind === "remove") bytes.splice(place, 1);
          if (kind === "copy") bytes.splice(place, 0, ...bytes.slice(place, place + 40));
        }
        holds(new Uint8Array(bytes), data);
      }),
      { numRuns: 4000 },
    );
  });

  it("any bytes and any JSON", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => holds(bytes, 0)),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => holds(new TextEncoder().encode(text), 0)),
      { numRuns: 1000 },
    );
  });
});
