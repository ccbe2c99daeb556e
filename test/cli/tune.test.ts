/** `blipc tune` and the commands that read what it kept, in a cache folder of their own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { blipc } from "./blipc.ts";

const folder = mkdtempSync(join(tmpdir(), "blipc-tune-"));
afterAll(() => rmSync(folder, { recursive: true }));
const environment = { XDG_CACHE_HOME: folder };
const pipeline = "test/end-to-end/tiny-lm.blip";
const compile = ["compile", pipeline, "--target", "adapter"];

test("what was measured is kept, told by doctor, used by compile, and left out on demand or when it is broken", () => {
  const before = blipc(compile, { environment });
  expect(JSON.parse(blipc(["doctor", "--json"], { environment }).out).tuning).toMatchObject({
    kinds: 0,
    faster: 0,
  });
  const tuned = blipc(["tune", pipeline, "--seconds", "3", "--json"], { environment });
  expect(tuned.code, tuned.side).toBe(0);
  const { file, measured, tiles } = JSON.parse(tuned.out);
  expect(
    readdirSync(join(folder, "blipc", "tuning")).map((name) =>
      join(folder, "blipc", "tuning", name),
    ),
  ).toEqual([file]);
  expect(measured.length).toBeGreaterThan(0);
  const kept = JSON.parse(readFileSync(file, "utf8"));
  expect(kept.tiles).toEqual(tiles);
  expect(kept.kinds).toEqual(
    measured.map(({ work }: { work: { kind: string } }) => work.kind).sort(),
  );
  const doctor = blipc(["doctor"], { environment });
  expect(doctor.out).toMatch(/tuning +of today: \d+ kinds of products, \d+ of them faster/);

  // Whatever was faster here: what the file says is what the program is made for.
  const own = JSON.parse(before.out).programs[0];
  const changed = { products: "registers", rows: 8 };
  const others = Object.fromEntries(kept.kinds.map((kind: string) => [kind, changed]));
  writeFileSync(file, JSON.stringify({ ...kept, tiles: others }));
  const after = JSON.parse(blipc(compile, { environment }).out).programs[0];
  expect(after.target.tiles).toEqual(others);
  expect(after.memory).toEqual(own.memory);
  expect(blipc([...compile, "--no-tune"], { environment }).out).toBe(before.out);

  writeFileSync(file, `{ "format": "blipc-tuning",\n  oops`);
  const broken = blipc(compile, { environment });
  expect(broken).toEqual(before);
  const told = blipc(["doctor"], { environment });
  expect(told.out).toContain(`${file}:2:3: is no JSON`);
});

test("people see a table, and what is wrong with a pipeline", () => {
  const { code, out, side } = blipc(["tune", "--seconds", "1"], { environment });
  expect(code, side).toBe(0);
  expect(out).toMatch(/product +class +default ms +best ms +ratio/);
  expect(out).toMatch(/lighter kinds were not measured; --seconds N gives more time/);
  expect(blipc(["tune", "absent.blip"], { environment }).code).toBe(2);
});
