/** `blipc completion`: the scripts know every command and every option, and bash completes with its own. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { blipc } from "./blipc.ts";

const folder = mkdtempSync(join(tmpdir(), "blipc-completion-"));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "more"));
for (const name of ["stage1.blip", "notes.txt"]) writeFileSync(join(folder, name), "");

const scripts = Object.fromEntries(
  ["bash", "zsh", "fish"].map((shell) => [shell, blipc(["completion", shell]).out]),
);
const listed = [...blipc(["--help"]).out.matchAll(/^ {2}([a-z]+)(?: .*)?$/gm)].map(
  ([, name]) => name!,
);

/** What bash offers for the words of a line, of which the last is being typed. */
function offered(...words: readonly string[]): readonly string[] {
  const list = words.map((word) => `'${word}'`).join(" ");
  const program = `${scripts["bash"]}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _blipc; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", program], { cwd: folder, encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.trim().split("\n").toSorted();
}

const hasBash = spawnSync("bash", ["-c", "type complete"]).status === 0;

describe("completion", () => {
  test.each(["bash", "zsh", "fish"])("%s knows every command", (shell) => {
    expect(listed).toContain("plan");
    const script = scripts[shell]!;
    for (const name of listed.filter((each) => each !== "help"))
      expect(script).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test.runIf(hasBash)("bash completes commands, options, choices and pipelines", () => {
    expect(offered("blipc", "pl")).toEqual(["plan"]);
    expect(offered("blipc", "plan", "--wa")).toEqual(["--watch"]);
    expect(offered("blipc", "plan", "--target", "a")).toEqual(["adapter"]);
    expect(offered("blipc", "plan", "")).toEqual(["more/", "stage1.blip"]);
    expect(offered("blipc", "init", "--template", "sha")).toEqual(["shapes"]);
    expect(offered("blipc", "completion", "--x")).toEqual([""]);
  });

  test("another shell is refused with the ones there are", () => {
    const { code, side } = blipc(["completion", "csh"]);
    expect(code).toBe(2);
    expect(side).toContain("bash, zsh, fish");
  });
});
