/**
 * A reference folder → a smaller copy without some of its keys, which the copy's `case.json` names.
 * `npx tsx test/golden/thin.ts FROM TO BEGINNING…`: keys that start with a BEGINNING are not copied.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSafetensors } from "../../runtime/weights/safetensors.ts";
import { writeSafetensors } from "../../runtime/weights/write-safetensors.ts";

const [from, to, ...beginnings] = process.argv.slice(2);
if (from === undefined || to === undefined || beginnings.length === 0)
  throw new Error("say FROM, TO and at least one BEGINNING of a key");

const reason = "not in the kept core, for its size; the whole folder compares it";
const file = openSafetensors(join(from, "tensors.safetensors"));
const kept = [...file.tensors].filter(
  ([name]) => !beginnings.some((beginning) => name.startsWith(beginning)),
);
mkdirSync(to, { recursive: true });
writeSafetensors(
  join(to, "tensors.safetensors"),
  kept.map(([name, { dtype, shape }]) => ({ name, dtype, shape, data: file.read(name) })),
);
const reference: unknown = JSON.parse(readFileSync(join(from, "case.json"), "utf8"));
const thinned = Object.fromEntries(beginnings.map((beginning) => [beginning, reason]));
writeFileSync(join(to, "case.json"), `${JSON.stringify({ ...(reference as object), thinned })}\n`);
