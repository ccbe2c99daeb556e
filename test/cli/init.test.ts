/** `blipc init`: what it writes checks and is formatted, and nothing is overwritten. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { templateNames } from "../../cli/templates.ts";
import { format } from "../../grammar/format.ts";
import { createSource } from "../../grammar/source.ts";
import { loadPipeline } from "../../runtime/train/load-pipeline.ts";
import { blipc } from "./blipc.ts";

const folder = mkdtempSync(join(tmpdir(), "blipc-init-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("init", () => {
  test.each(templateNames)(
    "--template %s writes a project that checks and is formatted",
    (name) => {
      const { code, out } = blipc(["init", name, "--template", name, "--json"], { folder });
      expect(code).toBe(0);
      const { files } = JSON.parse(out) as { readonly files: readonly string[] };
      const base = join(folder, name);
      for (const file of files) expect(existsSync(join(base, file))).toBe(true);
      const pipelines = readdirSync(base).filter((file) => file.endsWith(".blip"));
      expect(pipelines.length).toBeGreaterThan(0);
      for (const file of pipelines) {
        const { diagnostics, model } = loadPipeline({ base, file, sets: [] });
        expect(diagnostics.filter(({ severity }) => severity !== "info")).toEqual([]);
        expect(model?.stages.size).toBe(1);
        const text = readFileSync(join(base, file), "utf8");
        expect(format(createSource(file, text))).toBe(text);
      }
    },
  );

  test("without a template and without a terminal it asks nothing", () => {
    const { code, out } = blipc(["init", "plain"], { folder });
    expect(code).toBe(0);
    expect(out).toContain("train.blip");
    expect(out).not.toContain("\u001b");
  });

  test("a file that is there stays, and nothing else is written", () => {
    const place = join(folder, "used");
    blipc(["init", "used", "--template", "minimal"], { folder });
    rmSync(join(place, ".vscode"), { recursive: true });
    writeFileSync(join(place, "train.blip"), "blip 1\n// mine\n");
    const { code, side } = blipc(["init", "used", "--template", "minimal"], { folder });
    expect(code).toBe(2);
    expect(side).toContain("train.blip is there already");
    expect(readFileSync(join(place, "train.blip"), "utf8")).toBe("blip 1\n// mine\n");
    expect(existsSync(join(place, ".vscode"))).toBe(false);
  });
});
