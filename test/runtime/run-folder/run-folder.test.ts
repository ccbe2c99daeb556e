import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../runtime/run-folder/canonical-json.ts";
import {
  openRunFolder,
  readRunDescription,
  writeRunDescription,
} from "../../../runtime/run-folder/run-folder.ts";
import { temporaryFolder } from "../weights/temporary-folder.ts";

describe("run folder", () => {
  it("keeps the resolved pipeline and the description", () => {
    const folder = openRunFolder(join(temporaryFolder(), "a", "b"));
    const description = { seed: 7, adapter: { vendor: "x" }, versions: { blipc: "0.1.0" } };
    writeRunDescription(folder, "model M {}\n", description);
    expect(readRunDescription(folder.path)).toEqual({ pipeline: "model M {}\n", description });
    writeFileSync(join(folder.path, "run.json"), "[1");
    expect(() => readRunDescription(folder.path)).toThrow(/run.json: is damaged/);
    folder.close();
  });

  it("names what is missing", () => {
    expect(() => readRunDescription(temporaryFolder())).toThrow(/resolved.blip: cannot be read/);
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    expect(() => openRunFolder(file)).toThrow(/file: cannot be made/);
  });

  it("removes half-written files when it is opened", () => {
    const path = temporaryFolder();
    openRunFolder(path).close();
    writeFileSync(join(path, ".latest.4194304999.partial"), "");
    writeFileSync(join(path, ".lock.3.4194304999.partial"), "");
    writeFileSync(join(path, "checkpoints", ".step-00000001.safetensors.12.partial"), "");
    const folder = openRunFolder(path);
    expect([...folder.swept].sort()).toEqual([
      ".latest.4194304999.partial",
      ".lock.3.4194304999.partial",
      "checkpoints/.step-00000001.safetensors.12.partial",
    ]);
    folder.close();
  });
});

describe("canonicalJson", () => {
  it("is the same for equal values", () => {
    expect(canonicalJson({ b: [{ z: 1, a: null }], a: "x" })).toBe(
      '{"a":"x","b":[{"a":null,"z":1}]}',
    );
    expect(() => canonicalJson([Number.POSITIVE_INFINITY])).toThrow(/Infinity/);
  });
});
