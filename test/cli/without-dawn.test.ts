/** `check`, `plan` and `graph` start fast: neither Dawn nor sharp nor a reader of tables is loaded. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { blipc } from "./blipc.ts";

const folder = mkdtempSync(join(tmpdir(), "blipc-hooks-"));
afterAll(() => rmSync(folder, { recursive: true }));

const hooks = join(folder, "hooks.mjs");
writeFileSync(
  hooks,
  `export async function resolve(specifier, context, next) {
  if (["webgpu", "sharp", "hyparquet"].includes(specifier)) throw new Error("loaded " + specifier);
  return next(specifier, context);
}
`,
);
const register = join(folder, "register.mjs");
writeFileSync(
  register,
  `import { register } from "node:module";
register(${JSON.stringify(pathToFileURL(hooks).href)});
`,
);
const flags = ["--import", pathToFileURL(register).href];

test.each([
  ["check", "test/end-to-end/tiny.blip"],
  ["plan", "test/end-to-end/tiny.blip"],
  ["graph", "test/end-to-end/tiny.blip"],
  ["compile", "test/end-to-end/tiny-lm.blip"],
])("%s %s", (command, file) => {
  const { code, side } = blipc([command, file], { flags });
  expect(side).toBe("");
  expect(code).toBe(0);
});

test("the hook does catch a command that loads Dawn", () => {
  const { code, out } = blipc(["doctor"], { flags });
  expect(code).not.toBe(0);
  expect(out).toContain("loaded webgpu");
});
