/** The file of a tuning: written and read again, and what is said of one that does not count. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { ProductTile } from "../../../compiler/program.ts";
import {
  mergedTuning,
  readTuning,
  tilesOf,
  tuningFile,
  writeTuning,
} from "../../../runtime/tune/tuning-file.ts";

const cache = mkdtempSync(join(tmpdir(), "blipc-tuning-"));
afterAll(() => rmSync(cache, { recursive: true }));

const adapter = { vendor: "v", architecture: "a", name: "card", driver: "driver 1.2" };
const tile: ProductTile = { products: "registers", rows: 8 };
const other: ProductTile = { products: "tiles", rows: 64, columns: 64, depths: 8 };
const now = {
  compiler: "0.1.0",
  adapter,
  measured: "2026-11-28T06:00:00.000Z",
  kinds: ["b", "a"],
  tiles: { b: tile },
};
const file = tuningFile(cache, adapter);

beforeEach(() => rmSync(join(cache, "tuning"), { recursive: true, force: true }));

function left(text: string): string | undefined {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const found = readTuning(cache, adapter, "0.1.0");
  expect(found.tuning).toBeUndefined();
  return found.fault?.replace(file, "FILE");
}

describe("a tuning", () => {
  test("is read as it was written, and is the same bytes for the same measurements", () => {
    expect(readTuning(cache, adapter, "0.1.0")).toEqual({
      file,
      tuning: undefined,
      fault: undefined,
    });
    const tuning = mergedTuning(now, undefined);
    expect(writeTuning(cache, tuning)).toBe(file);
    const bytes = readFileSync(file, "utf8");
    expect(readTuning(cache, adapter, "0.1.0")).toEqual({ file, tuning, fault: undefined });
    writeTuning(cache, mergedTuning({ ...now, kinds: ["a", "b"] }, undefined));
    expect(readFileSync(file, "utf8")).toBe(bytes);
  });

  test("keeps what was not measured again, and forgets what was", () => {
    const before = mergedTuning(
      { ...now, kinds: ["a", "b", "c"], tiles: { a: tile, c: other } },
      undefined,
    );
    const merged = mergedTuning(now, before);
    expect(merged.kinds).toEqual(["a", "b", "c"]);
    expect(merged.tiles).toEqual({ b: tile, c: other });
    expect(Object.keys(merged.tiles)).toEqual(["b", "c"]);
  });

  test("is of one adapter, one driver and one version of the compiler", () => {
    writeTuning(cache, mergedTuning(now, undefined));
    for (const name of ["vendor", "architecture", "name", "driver"])
      expect(readTuning(cache, { ...adapter, [name]: "other" }, "0.1.0").tuning).toBeUndefined();
    expect(readTuning(cache, adapter, "0.2.0").fault).toBe(
      `${file}: /compiler is 0.1.0, this is blipc 0.2.0`,
    );
    const moved = { ...mergedTuning(now, undefined), adapter: { ...adapter, name: "old card" } };
    expect(left(JSON.stringify(moved))).toBe("FILE: /adapter is old card, this is card");
  });

  test("that is broken is left out, with the place", () => {
    const text = JSON.stringify(mergedTuning(now, undefined), undefined, 2);
    expect(left("")).toBe("FILE:1:1: is no JSON");
    expect(left(text.slice(0, 40))).toMatch(/^FILE:3:\d+: is no JSON$/);
    expect(left(text.replace('"rows": 8', '"rows": ,'))).toMatch(/^FILE:\d+:15: is no JSON$/);
    expect(left("[]")).toBe("FILE: it must be object");
    expect(left(text.replace('"version": 1', '"version": 2'))).toBe(
      "FILE: /version must be equal to constant",
    );
    expect(left(text.replace('"rows": 8', '"rows": "8"'))).toMatch(/^FILE: \/tiles\/b/);
    rmSync(file);
    mkdirSync(file);
    expect(readTuning(cache, adapter, "0.1.0").fault).toContain("cannot be read");
  });

  test("tiles from elsewhere are checked too", () => {
    expect(tilesOf({ kind: tile })).toEqual({ kind: tile });
    expect(tilesOf({})).toEqual({});
    expect(tilesOf({ kind: { products: "registers" } })).toBeUndefined();
    expect(tilesOf(undefined)).toBeUndefined();
  });
});
