/** What was measured on an adapter ↔ one JSON file in a cache folder, keyed by adapter, driver and compiler. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import programSchema from "../../compiler/program.schema.json" with { type: "json" };
import type { ProductTiles } from "../../compiler/program.ts";
import type { AdapterReport } from "../device/open-device.ts";
import { writeAtomically } from "../weights/atomic-write.ts";
import { messageOf } from "../weights/file-error.ts";
import { parseStrictJson } from "../weights/strict-json.ts";
import schema from "./tuning.schema.json" with { type: "json" };

/** What makes an adapter another one; `driver` has its version in it. */
export type AdapterKey = Pick<AdapterReport, "vendor" | "architecture" | "name" | "driver">;

/** Contents of the file. */
export interface Tuning {
  readonly format: "blipc-tuning";
  readonly version: 1;
  /** Version of the compiler that was measured. */
  readonly compiler: string;
  readonly adapter: AdapterKey;
  /** ISO 8601, UTC. */
  readonly measured: string;
  /** All kinds of products that were measured, sorted; for those without a tile the default is the fastest. */
  readonly kinds: readonly string[];
  readonly tiles: ProductTiles;
}

/** A tuning, or why the one that is there does not count, or nothing at all. */
export interface TuningFound {
  readonly file: string;
  readonly tuning: Tuning | undefined;
  /** One sentence that starts with the file and the place in it; undefined where there is no file or nothing is wrong. */
  readonly fault: string | undefined;
}

/** The four facts of an adapter that count. */
export function adapterKey({ vendor, architecture, name, driver }: AdapterKey): AdapterKey {
  return { vendor, architecture, name, driver };
}

/** Whether what was measured on one counts for the other. */
export function isSameAdapter(one: AdapterKey, other: AdapterKey): boolean {
  return JSON.stringify(adapterKey(one)) === JSON.stringify(adapterKey(other));
}

/** Where the tuning of an adapter lies. */
export function tuningFile(cache: string, adapter: AdapterKey): string {
  const facts = JSON.stringify(adapterKey(adapter));
  const hash = createHash("sha256").update(facts).digest("hex").slice(0, 16);
  return join(cache, "tuning", `${hash}.json`);
}

/** Reads what was measured for an adapter by a version of the compiler. Never throws. */
export function readTuning(cache: string, adapter: AdapterKey, compiler: string): TuningFound {
  const file = tuningFile(cache, adapter);
  const refused = (fault: string): TuningFound => ({ file, tuning: undefined, fault });
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    return code === "ENOENT"
      ? { file, tuning: undefined, fault: undefined }
      : refused(`${file}: cannot be read: ${message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused(`${file}${placeOfFault(text)}: is no JSON`);
  }
  const check = validator(schema.$id);
  if (!check(value)) {
    const { instancePath = "", message = "" } = check.errors?.[0] ?? {};
    return refused(`${file}: ${instancePath === "" ? "it" : instancePath} ${message}`);
  }
  const tuning = value as Tuning;
  if (tuning.compiler !== compiler)
    return refused(`${file}: /compiler is ${tuning.compiler}, this is blipc ${compiler}`);
  if (!isSameAdapter(tuning.adapter, adapter))
    return refused(`${file}: /adapter is ${tuning.adapter.name}, this is ${adapter.name}`);
  return { file, tuning, fault: undefined };
}

/** `:LINE:COLUMN`, both from 1, of the first character that JSON does not allow. */
function placeOfFault(text: string): string {
  let at = text.length;
  try {
    parseStrictJson(text, { maximumDepth: 100, numbers: "any" });
  } catch (thrown) {
    // Node's own parser names no place.
    at = Number(/at character (\d+)/.exec(messageOf(thrown))?.[1] ?? at);
  }
  const before = text.slice(0, at).split("\n");
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Tiles that were stored elsewhere; undefined when they are none. */
export function tilesOf(value: unknown): ProductTiles | undefined {
  return validator(`${programSchema.$id}#/$defs/tiles`)(value)
    ? (value as ProductTiles)
    : undefined;
}

let ajv: Ajv2020 | undefined;

function validator(id: string): ValidateFunction {
  ajv ??= new Ajv2020({ strict: true, strictRequired: false }).addSchema([programSchema, schema]);
  return ajv.getSchema(id)!;
}

/**
 * What was measured now on top of what was before: kinds that were measured again lose what was known of them.
 * Keys are sorted, so that the same measurements are the same bytes.
 */
export function mergedTuning(
  now: Omit<Tuning, "format" | "version">,
  before: Tuning | undefined,
): Tuning {
  const again = new Set(now.kinds);
  const kept = Object.entries(before?.tiles ?? {}).filter(([kind]) => !again.has(kind));
  const tiles = [...kept, ...Object.entries(now.tiles)].sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  return {
    format: "blipc-tuning",
    version: 1,
    compiler: now.compiler,
    adapter: adapterKey(now.adapter),
    measured: now.measured,
    kinds: [...new Set([...(before?.kinds ?? []), ...now.kinds])].sort(),
    tiles: Object.fromEntries(tiles),
  };
}

/** Writes the file of the tuning's adapter; its path. Throws `FileError`. */
export function writeTuning(cache: string, tuning: Tuning): string {
  const file = tuningFile(cache, tuning.adapter);
  mkdirSync(dirname(file), { recursive: true });
  const text = `${JSON.stringify(tuning, undefined, 2)}\n`;
  writeAtomically(file, [new TextEncoder().encode(text)]);
  return file;
}
