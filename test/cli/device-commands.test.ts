/** Commands that open a device: run, caption, doctor. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { blipc } from "./blipc.ts";

const folder = mkdtempSync(join(tmpdir(), "blipc-device-"));
afterAll(() => rmSync(folder, { recursive: true }));

const pipeline = "test/end-to-end/tiny-captions.blip";
const run = join(folder, "run");

test("run prints events as JSON lines; caption says something of each picture that can be read", () => {
  const places = ["--out", run, "--data", join(folder, "data"), "--adapter", "swiftshader"];
  const trained = blipc(["run", pipeline, "--json", ...places]);
  expect(trained.code, trained.side).toBe(0);
  expect(trained.side).toBe("");
  const events = trained.out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events.filter(({ kind }) => kind === "step").map(({ step }) => step)).toEqual([1, 2, 3]);
  expect(events.at(-1)).toMatchObject({ kind: "outcome", step: 3, isStopped: false });
  const description = JSON.parse(readFileSync(join(run, "run.json"), "utf8"));
  expect(description).toMatchObject({ file: pipeline, stage: "generate", seed: 1, steps: 3 });

  const picture = join(folder, "data", "shapes-3-8", "images", "train", "00000.png");
  const broken = join(folder, "broken.png");
  writeFileSync(broken, "no picture");
  const said = blipc([
    "caption",
    picture,
    broken,
    "--run",
    run,
    "--adapter",
    "swiftshader",
    "--json",
  ]);
  expect(said.code).toBe(2);
  const [first, second] = JSON.parse(said.out);
  expect(first.file).toBe(picture);
  expect(typeof first.caption).toBe("string");
  expect(second.fault).toContain("broken.png");

  const plain = blipc(["caption", picture, "--run", run, "--adapter", "swiftshader"]);
  expect(plain).toMatchObject({ code: 0, side: "" });
  expect(plain.out).toBe(`${picture}  ${first.caption}\n`);
});

test("doctor names the adapter and what to type", () => {
  const { code, out } = blipc(["doctor", "--json"]);
  const report = JSON.parse(out);
  expect(code).toBe(report.adapter === undefined ? 6 : 0);
  expect(report.node).toBe(process.version);
  expect(Array.isArray(report.advice)).toBe(true);
});

test("test --device takes a step of each stage, and says when its numbers went wrong", () => {
  const at = ["--device", "--adapter", "swiftshader"];
  const { code, out, side } = blipc(["test", pipeline, ...at, "--json"]);
  expect(code, side).toBe(0);
  const [step, ...others] = JSON.parse(out).steps;
  expect(others).toEqual([]);
  expect(step).toMatchObject({ stage: "generate", loss: expect.any(Number) });
  expect(step.fault).toBeUndefined();
  const failed = blipc(["test", pipeline, ...at, "--set", "q.init=normal(std: 1e38)"]);
  expect(failed.code, failed.side).toBe(5);
  expect(failed.out).toContain("fails  test/end-to-end/tiny-captions.blip: one step of `generate`");
});

test("run refuses a limit of memory that it cannot keep to, frames it and exits with 6", () => {
  const places = ["--out", join(folder, "limited"), "--data", join(folder, "data")];
  const { code, side } = blipc([
    ...["run", pipeline, "--set", "generate.memory=16KiB", "--adapter", "swiftshader"],
    ...places,
  ]);
  expect(code).toBe(6);
  expect(side).toMatch(/error\[BLIP6202\]: stage `generate` takes .*; its limit is 16\.00 KiB/);
  expect(side).toContain("--> --set:1:17");
});
