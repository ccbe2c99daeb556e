/** `fmt`, `fix` and the formats of `check`: what they write, their exit codes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, describe, expect, test } from "vitest";
import { githubAnnotations } from "../../cli/formats/github.ts";
import { sarifLog } from "../../cli/formats/sarif.ts";
import { applyEdits, safeFixes } from "../../grammar/apply-edits.ts";
import { createSource } from "../../grammar/source.ts";
import { checkExample } from "../support/check-example.ts";
import { blipc } from "./blipc.ts";

const folder = mkdtempSync(join(tmpdir(), "blipc-fmt-"));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text);
const read = (name: string) => readFileSync(join(folder, name), "utf8");

/** The members of SARIF 2.1.0 that must be there, and the types of those that blipc writes. */
const region = {
  type: "object",
  required: ["startLine", "startColumn", "endLine", "endColumn"],
  additionalProperties: { type: "integer", minimum: 1 },
};
const artifactLocation = {
  type: "object",
  required: ["uri"],
  properties: { uri: { type: "string", pattern: "^[^ ]+$" } },
};
const message = { type: "object", required: ["text"], properties: { text: { type: "string" } } };
const location = {
  type: "object",
  required: ["physicalLocation"],
  properties: {
    physicalLocation: {
      type: "object",
      required: ["artifactLocation", "region"],
      properties: { artifactLocation, region },
    },
    message,
  },
};
const change = {
  type: "object",
  required: ["artifactLocation", "replacements"],
  properties: {
    artifactLocation,
    replacements: {
      type: "array",
      minItems: 1,
      items: { type: "object", required: ["deletedRegion"], properties: { deletedRegion: region } },
    },
  },
};
const result = {
  type: "object",
  required: ["message", "locations", "ruleId", "level"],
  properties: {
    message,
    level: { enum: ["none", "note", "warning", "error"] },
    locations: { type: "array", items: location },
    relatedLocations: { type: "array", items: location },
    fixes: {
      type: "array",
      items: {
        type: "object",
        required: ["artifactChanges"],
        properties: { artifactChanges: { type: "array", minItems: 1, items: change } },
      },
    },
  },
};
const driver = { type: "object", required: ["name"], properties: { rules: { type: "array" } } };
const run = {
  type: "object",
  required: ["tool", "results"],
  properties: {
    tool: { type: "object", required: ["driver"], properties: { driver } },
    columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
    results: { type: "array", items: result },
  },
};
const sarif = {
  type: "object",
  required: ["version", "runs"],
  properties: { version: { const: "2.1.0" }, runs: { type: "array", items: run } },
};

const broken = "blip 1\n\ntext t = 'shapes' {\n  max_len = [14\n}\nx: 50%,\n";

describe("formats of check", () => {
  const { diagnostics } = checkExample({ text: broken });

  test("SARIF has the members it must have", () => {
    const log = JSON.parse(JSON.stringify(sarifLog(diagnostics, "1.0.0")));
    const isValid = new Ajv({ strict: false }).compile(sarif);
    expect(isValid(log), JSON.stringify(isValid.errors)).toBe(true);
    expect(log.runs[0].results).toHaveLength(diagnostics.length);
    expect(log.runs[0].results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "example.blip" },
      region: { startLine: 3, startColumn: 10, endLine: 3, endColumn: 18 },
    });
    const [first] = log.runs[0].results;
    expect(log.runs[0].tool.driver.rules[first.ruleIndex].id).toBe(first.ruleId);
    expect(isValid({ version: "2.1.0", runs: [{ results: [] }] })).toBe(false);
  });

  test("GitHub gets a line each, with its signs escaped", () => {
    const annotations = githubAnnotations(diagnostics);
    expect(annotations).toHaveLength(diagnostics.length);
    expect(annotations[0]).toMatch(
      /^::error file=example\.blip,line=3,endLine=3,col=10,endColumn=18,title=BLIP\d+::/,
    );
    expect(annotations.join("")).not.toMatch(/\n|50%(?!25)/);
  });

  test("come out of the command, with the exit code of diagnostics", () => {
    write("broken.blip", broken);
    const { code, out } = blipc(["check", "broken.blip", "--format", "sarif"], { folder });
    expect(code).toBe(4);
    expect(JSON.parse(out).version).toBe("2.1.0");
    expect(blipc(["check", "broken.blip", "--format", "yaml"], { folder }).code).toBe(2);
  }, 60_000);
});

describe("fixes", () => {
  test("are made where they do not overlap", () => {
    const source = createSource("example.blip", broken);
    const { edits, answered } = safeFixes(checkExample({ text: broken }).diagnostics, source);
    expect(answered.length).toBeGreaterThan(1);
    const fixed = applyEdits(broken, edits);
    expect(fixed).toContain('"shapes"');
    expect(fixed).toContain("[14]");
  });

  test("are made by the command until none is left; a dry run changes nothing", () => {
    write("fix.blip", broken);
    const dry = blipc(["fix", "fix.blip", "--dry-run"], { folder });
    expect(dry).toMatchObject({ code: 0, side: "" });
    expect(dry.out).toContain("fix.blip:3:10: write");
    expect(read("fix.blip")).toBe(broken);
    expect(blipc(["fix", "fix.blip"], { folder }).out).toBe(dry.out);
    expect(read("fix.blip")).toContain('text t = "shapes" {\n  max_len = [14]\n}');
    expect(blipc(["fix", "fix.blip"], { folder }).out).toBe("");
    const edition = blipc(["fix", "fix.blip", "--edition", "7"], { folder });
    expect(edition.code).toBe(2);
    expect(edition.side).toContain("no edition 7");
  }, 60_000);

  test("write the edition into a file without one", () => {
    write("old.blip", "param n: int = 1\n");
    expect(blipc(["check", "old.blip"], { folder }).out).toContain("warning[BLIP9107]");
    const { code, out } = blipc(["fix", "old.blip", "--edition", "1"], { folder });
    expect(code).toBe(0);
    expect(out).toContain("written in edition 1");
    expect(read("old.blip")).toBe("blip 1\n\nparam n: int = 1\n");
    expect(blipc(["fix", "old.blip", "--edition", "1"], { folder }).out).toBe("");
  }, 60_000);
});

describe("fmt", () => {
  test("says what would change, changes it, and then is content", () => {
    write("wide.blip", "blip   1\r\nparam n:int=1\r\n");
    expect(blipc(["fmt", "--check", "wide.blip"], { folder })).toMatchObject({
      code: 4,
      out: "wide.blip\n",
    });
    expect(blipc(["fmt", "wide.blip"], { folder })).toMatchObject({ code: 0, out: "wide.blip\n" });
    expect(read("wide.blip")).toBe("blip 1\r\nparam n: int = 1\r\n");
    expect(blipc(["fmt", "--check", "wide.blip"], { folder })).toMatchObject({ code: 0, out: "" });
  }, 60_000);

  test("leaves a file alone that is no UTF-8", () => {
    write("latin.blip", Uint8Array.of(0x2f, 0x2f, 0xe9, 0x0a));
    const { code, side } = blipc(["fmt", "latin.blip"], { folder });
    expect(code).toBe(2);
    expect(side).toContain("latin.blip: this is no UTF-8 text");
    expect(readFileSync(join(folder, "latin.blip"))).toHaveLength(4);
  }, 60_000);
});
