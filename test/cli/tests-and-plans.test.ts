/** `blipc test`, `blipc backbones`, `blipc plan --why` and `--memory`: what they print, and their exit codes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { planReport, whyMemory } from "../../compiler/plan-report/index.ts";
import { modelOf } from "../support/check-file.ts";
import { blipc } from "./blipc.ts";

const folder = mkdtempSync(join(tmpdir(), "blipc-tests-"));
afterAll(() => rmSync(folder, { recursive: true }));
const stage1 = "pipelines/shapes/stage1.blip";
const text = readFileSync(stage1, "utf8");
const withTest = (asserts: string) => `${text}\ntest "sizes" {\n${asserts}\n}\n`;
writeFileSync(
  join(folder, "holds.blip"),
  withTest("  assert params(trainable) < 10e6\n  assert memory(pretrain) < 1 GiB and batch == 24"),
);
writeFileSync(
  join(folder, "fails.blip"),
  withTest('  assert q.shape == [8, 65] else "queries are 64 wide"'),
);

describe("test", () => {
  test("a limit of memory is a test too", () => {
    const limited = (size: string) =>
      blipc(["test", "holds.blip", "--set", `pretrain.memory=${size}`], { folder });
    const kept = limited("18MiB");
    expect(kept.out).toContain("holds  holds.blip: memory of pretrain (1 of 1 asserts hold)");
    expect(kept.code).toBe(0);
    const missed = limited("14MiB");
    expect(missed.out).toContain("error[BLIP6202]");
    expect(missed.out).toContain("1 of 2 tests hold");
    expect(missed.code).toBe(5);
  });

  test("says what holds", () => {
    const { code, out } = blipc(["test", "holds.blip"], { folder });
    expect(out).toBe("holds  holds.blip: sizes (2 of 2 asserts hold)\n1 of 1 tests hold\n");
    expect(code).toBe(0);
  });

  test("frames what does not hold with both values, and exits with 5", () => {
    const { code, out } = blipc(["test", "fails.blip"], { folder });
    expect(out).toContain('error[BLIP5302]: test "sizes": queries are 64 wide');
    expect(out).toContain("^^^^^^^ is [8, 64]");
    expect(code).toBe(5);
  });
});

test("backbones of one kind", () => {
  const { code, out } = blipc(["backbones", "--kind", "lm", "--json"]);
  const found = JSON.parse(out) as { readonly kind: string; readonly name: string }[];
  expect(code).toBe(0);
  expect(found.map(({ name }) => name)).toContain("opt-2.7b");
  expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(["lm"]));
});

describe("plan", () => {
  test("--why names every place that sets a value, the one in force last", () => {
    const { out } = blipc(["plan", stage1, "--why", "batch", "--set", "batch=8", "--json"]);
    expect(JSON.parse(out).setters).toEqual([
      { how: "file", place: `${stage1}:3:20`, text: "24" },
      { how: "--set", place: "--set:1:7", text: "8" },
    ]);
  });

  test("--why frozen names what does not train, where that is said, and what gradients do about it", () => {
    const stage2 = "pipelines/shapes/stage2.blip";
    const { out } = blipc([
      "plan",
      stage2,
      "--why",
      "frozen",
      "--set",
      "bridge.freeze=blocks[0]",
      "--json",
    ]);
    const { stage, frozen } = JSON.parse(out);
    const said = frozen.map((each: Record<string, string>) => [
      each["module"],
      each["what"],
      each["text"],
      each["gradients"],
    ]);
    expect([stage, said]).toEqual([
      "generate",
      [
        ["vision", "frozen", "frozen encoder vision", "none"],
        ["bridge", "blocks[0]", "blocks[0]", "partly"],
        ["opt", "frozen", "frozen lm opt", "through"],
      ],
    ]);
    expect(frozen[0].place).toMatch(/^pipelines\/shapes\/stage2\.blip:\d+:1$/);
    expect(frozen[1].place).toBe("--set:1:15");
    expect(blipc(["plan", stage2, "--why", "nothing"]).side).toContain(
      `nothing sets \`nothing\` of ${stage2}`,
    );
  });

  test("--memory exits with 6 when the stage is too large", () => {
    const { code, side } = blipc(["plan", stage1, "--memory", "16MiB"]);
    expect(code).toBe(6);
    expect(side).toMatch(/--set batch=\d+ fits/);
  });

  test("a limit that cannot be reached exits with 6, says the least and what helps", () => {
    const limited = (size: string, ...more: readonly string[]) =>
      blipc(["plan", stage1, "--set", `pretrain.memory=${size}`, ...more]);
    expect(limited("18MiB")).toMatchObject({ code: 0, side: "" });
    const { code, out, side } = limited("12MiB");
    expect(code).toBe(6);
    expect(out).toContain("memory = 12.00 MiB is not reached");
    expect(side).toContain(
      "error[BLIP6202]: stage `pretrain` takes 17.12 MiB, the least that was found; its limit is 12.00 MiB",
    );
    expect(side).toContain("`accumulate = 2`, or a batch of 12:");
    expect(side).toContain("`dtype = f16` of `vision`");
    expect(limited("12MiB", "--set", "pretrain.accumulate=2")).toMatchObject({ code: 0, side: "" });
    expect(limited("3MiB").side).toContain("no batch is small enough by itself");
  });

  test("the buffers of --why memory are the memory of the plan", () => {
    const model = modelOf(stage1);
    const sum = whyMemory(model, "pretrain").reduce((all, { bytes }) => all + bytes, 0);
    expect(sum).toBe(planReport(model, "pretrain").memory.total);
  });
});
