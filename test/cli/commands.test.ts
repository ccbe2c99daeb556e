/** Commands that need no device: what they print, their JSON, their exit codes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { blipc } from "./blipc.ts";

const folder = mkdtempSync(join(tmpdir(), "blipc-commands-"));
afterAll(() => rmSync(folder, { recursive: true }));

const tiny = "test/end-to-end/tiny.blip";
writeFileSync(join(folder, "broken.blip"), 'blip 1\n\ntrainable lm opt = "shapes-optt"\n');
const stage2 = "pipelines/blip2/stage2-opt.blip";

describe("check", () => {
  test("says that nothing is wrong", () => {
    const result = blipc(["check", tiny]);
    expect(result).toMatchObject({ code: 0, side: "" });
    expect(result.out).toBe(`${tiny}: no problems (3 modules, 3 objectives, 1 stage)\n`);
  });

  test("prints code, frame and hint, without colors when piped, and exits with 4", () => {
    const { code, out, side } = blipc(["check", "broken.blip"], { folder });
    expect(code).toBe(4);
    expect(side).toBe("");
    expect(out).toContain("error[BLIP");
    expect(out).toContain("--> broken.blip:3:20");
    expect(out).toContain("shapes-opt");
    expect(out).not.toContain("\u001b");
    expect(out).toMatch(/broken\.blip: 1 error\n$/);
  });

  test("prints what is worth knowing, which is no problem", () => {
    const sets = ["--set", "vision=trainable", "--set", "vision.freeze=blocks[0..1]"];
    const { code, out } = blipc(["check", tiny, ...sets, "--deny", "warnings"]);
    expect(code).toBe(0);
    expect(out).toContain("info[BLIP3302]: gradients pass through the frozen `blocks[0]`");
    expect(out).toContain("no problems");
    const json = JSON.parse(blipc(["check", tiny, ...sets, "--json"]).out);
    expect(json.diagnostics).toMatchObject([{ code: "BLIP3302", severity: "info" }]);
  }, 60_000);

  test("as JSON", () => {
    const { code, out } = blipc(["check", "broken.blip", "--json"], { folder });
    const { files, diagnostics } = JSON.parse(out);
    expect(code).toBe(4);
    expect(files).toEqual(["broken.blip"]);
    expect(diagnostics[0]).toMatchObject({ severity: "error", primary: { start: { line: 3 } } });
  });

  test("points into --set", () => {
    const { code, out } = blipc(["check", tiny, "--set", "learn.optimiser.lr=2e-4"]);
    expect(code).toBe(4);
    expect(out).toContain("--> --set:1:");
    expect(out).toContain("optimizer");
  });
});

describe("plan", () => {
  test("gives exact numbers of parameters as JSON", () => {
    const { code, out } = blipc(["plan", stage2, "--json"]);
    const { stages } = JSON.parse(out);
    expect(code).toBe(0);
    expect(stages[0].parameters.trainable).toBe(107_133_696);
    const { trainable, frozen, total } = stages[0].parameters;
    expect(trainable + frozen).toBe(total);
  });

  test("prints a table", () => {
    const { code, out, side } = blipc(["plan", tiny]);
    expect(code).toBe(0);
    expect(side).toBe("");
    expect(out).toContain("stage learn");
    expect(out).toMatch(/vision\s+frozen/);
  });
});

describe("graph", () => {
  test.each([
    ["mermaid", /^flowchart LR\n/],
    ["dot", /^digraph /],
    ["svg", /^<svg[\s\S]*<\/svg>\s*$/],
    ["json", /^\{"name":"test\/end-to-end\/tiny\.blip#learn","parts":/],
  ])("as %s", (format, start) => {
    const { code, out } = blipc(["graph", tiny, "--format", format]);
    expect(code).toBe(0);
    expect(out).toMatch(start);
    expect(out).toContain("bridge");
  });

  test("of single ops", () => {
    const { code, out } = blipc(["graph", tiny, "--level", "op", "--format", "json"]);
    const { parts, flows } = JSON.parse(out);
    expect(code).toBe(0);
    expect(parts.length).toBeGreaterThan(200);
    const ids = new Set(parts.map(({ id }: { id: string }) => id));
    for (const { from, to } of flows) expect(ids.has(from) && ids.has(to)).toBe(true);
    const trained = parts.filter(({ kind }: { kind: string }) => kind === "trainable");
    expect(trained.length).toBeGreaterThan(20);
  });
});

test("compile writes the same valid program for the same input", () => {
  const lm = "test/end-to-end/tiny-lm.blip";
  const first = blipc(["compile", lm, "-o", join(folder, "a.json"), "--json"]);
  expect(first.code).toBe(0);
  expect(JSON.parse(first.out).dispatches).toBeGreaterThan(50);
  blipc(["compile", lm, "-o", join(folder, "b.json")]);
  const text = readFileSync(join(folder, "a.json"), "utf8");
  expect(readFileSync(join(folder, "b.json"), "utf8")).toBe(text);
  expect(JSON.parse(text)).toMatchObject({ format: "blipc-stage", stage: "learn" });
});

describe("explain", () => {
  test("shows an example that gives the message and one that does not", () => {
    const { code, out } = blipc(["explain", "blip0004"]);
    expect(code).toBe(0);
    expect(out).toContain("single-quotes");
    expect(out).toContain("let tower = 'clip-vit-l/14'");
    expect(out).toContain('let tower = "clip-vit-l/14"');
  });

  test("as JSON, and the list of all codes", () => {
    expect(JSON.parse(blipc(["explain", "BLIP0004", "--json"]).out)).toMatchObject({
      code: "BLIP0004",
      slug: "single-quotes",
    });
    expect(JSON.parse(blipc(["explain", "--json"]).out).length).toBeGreaterThan(20);
  });
});

test("shapes draws the data set once", () => {
  const wanted = ["shapes", "drawn", "--pictures", "4", "--evaluation", "2", "--json"];
  const { code, out } = blipc(wanted, { folder });
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ parts: { core: "written" } });
  expect(existsSync(join(folder, "drawn", "images", "train", "00003.png"))).toBe(true);
  expect(JSON.parse(blipc(wanted, { folder }).out)).toMatchObject({ parts: { core: "kept" } });
});

describe("exit codes", () => {
  test.each([
    [0, ["--help"]],
    [0, ["--version"]],
    [2, ["chekc", "x.blip"]],
    [2, ["check"]],
    [2, ["check", "--no-such-option", tiny]],
    [2, ["check", "not-there.blip"]],
    [2, ["plan", `${tiny}#not-there`]],
    [2, ["explain", "BLIP9999"]],
    [2, ["graph", tiny, "--format", "gif"]],
    [2, ["run", "not-there.blip"]],
    [2, ["shapes", join(folder, "x"), "--pictures", "many"]],
    [2, ["caption", "x.png", "--run", join(folder, "no run")]],
    [4, ["check", join(folder, "broken.blip")]],
    [4, ["plan", join(folder, "broken.blip")]],
    [4, ["run", join(folder, "broken.blip")]],
  ] as const)("%i for %j", (code, commands) => {
    const result = blipc(commands);
    expect(result.code, result.side).toBe(code);
    expect(result.side).not.toContain("bug of blipc");
    if (code === 2) expect(result.side).not.toBe("");
  });

  test("faults are JSON where JSON was asked for", () => {
    const { code, out } = blipc(["check", "not-there.blip", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(out).error).toMatchObject({ kind: "usage" });
    expect(JSON.parse(out).error.message).toContain("not-there.blip");
  });
});
