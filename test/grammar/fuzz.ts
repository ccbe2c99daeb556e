/**
 * `npm run fuzz -- --seconds N`: grammar-made files, token-mutated pipelines, random bytes and broken UTF-8 through
 * parser, check and formatter: never a crash, never over a second, every message inside of its file.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { format } from "../../grammar/format.ts";
import { lex } from "../../grammar/lex.ts";
import { renderDiagnostic } from "../../grammar/render-diagnostic.ts";
import { createSource } from "../../grammar/source.ts";
import { checkExample } from "../support/check-example.ts";
import { writtenFiles } from "../support/sources.ts";
import { scatteredFile } from "./random-file.ts";

/** What a file must not take. */
const mostMilliseconds = 1000;

/** What was tried, and what went wrong: a text and what it did. */
export interface FuzzReport {
  readonly files: number;
  readonly messages: number;
  readonly slowest: number;
  readonly faults: readonly { readonly text: string; readonly what: string }[];
}

function pipelines(): readonly string[] {
  return writtenFiles()
    .filter((path) => path.endsWith(".blip"))
    .map((path) => readFileSync(path, "utf8"));
}

/** Any file that somebody could hand to blipc. */
function anyFile(): fc.Arbitrary<string> {
  const texts = pipelines();
  const tokens = texts.map((text) => lex(createSource("fuzz.blip", text)).tokens);
  const images = [...new Set(tokens.flat().map(({ image }) => image)), "'", '"', "\\", "\0", "\r"];
  const put = fc.oneof(fc.constantFrom(...images), fc.constant(""));
  const change = fc.tuple(fc.nat(), fc.constantFrom("delete", "insert", "replace"), put);
  const mutated = fc
    .tuple(fc.nat(texts.length - 1), fc.array(change, { minLength: 1, maxLength: 8 }))
    .map(([which, changes]) => {
      const words = (tokens[which] ?? []).map(({ image }) => image);
      for (const [at, how, image] of changes) {
        const written = how === "delete" ? [] : [image];
        words.splice(at % (words.length + 1), how === "insert" ? 0 : 1, ...written);
      }
      return words.join(" ");
    });
  const bytes = fc.uint8Array({ maxLength: 400 }).map((each) => new TextDecoder().decode(each));
  const damaged = fc
    .tuple(fc.constantFrom(...texts), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }))
    .map(([text, places]) => {
      const raw = new TextEncoder().encode(text);
      for (const [at, byte] of places) raw[at % raw.length] = byte;
      return new TextDecoder().decode(raw);
    });
  const units = fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  });
  return fc.oneof(scatteredFile, mutated, bytes, damaged, units);
}

/** What is wrong with the answer to a text; undefined when nothing is. */
function faultOf(text: string): { readonly messages: number; readonly fault: string | undefined } {
  const { diagnostics } = checkExample({ text });
  const outside = diagnostics.find(({ primary, labels }) =>
    [primary, ...labels].some(({ span: { source, start, end } }) => {
      return !(start >= 0 && start <= end && end <= source.text.length);
    }),
  );
  const messages = diagnostics.length;
  if (outside !== undefined) return { messages, fault: `${outside.code} lies outside of its file` };
  for (const diagnostic of diagnostics) renderDiagnostic(diagnostic);
  const once = format(createSource("fuzz.blip", text));
  format(createSource("fuzz.blip", once));
  return { messages, fault: undefined };
}

/** Answers to a text and the processor time they took, which other processes do not lengthen. */
function timed(text: string) {
  const start = process.cpuUsage();
  let answer: ReturnType<typeof faultOf>;
  try {
    answer = faultOf(text);
  } catch (thrown) {
    answer = { messages: 0, fault: thrown instanceof Error ? String(thrown.stack) : `${thrown}` };
  }
  const { user, system } = process.cpuUsage(start);
  const milliseconds = (user + system) / 1000;
  const slow = milliseconds > mostMilliseconds ? `took ${milliseconds.toFixed(0)} ms` : undefined;
  return { messages: answer.messages, milliseconds, fault: answer.fault ?? slow };
}

/** So many files are tried at least, however slow the machine. */
const leastFiles = 60;

/** Tries files for so many seconds; the seed makes a run repeatable. */
export function fuzz(seconds: number, seed: number): FuzzReport {
  const file = anyFile();
  faultOf("");
  const end = performance.now() + 1000 * seconds;
  const faults: { text: string; what: string }[] = [];
  let files = 0;
  let messages = 0;
  let slowest = 0;
  for (let batch = 0; files < leastFiles || performance.now() < end; batch++) {
    for (const text of fc.sample(file, { seed: seed + batch, numRuns: 20 })) {
      const answer = timed(text);
      messages += answer.messages;
      slowest = Math.max(slowest, answer.milliseconds);
      if (answer.fault !== undefined) faults.push({ text, what: answer.fault });
      files++;
    }
  }
  return { files, messages, slowest, faults };
}

function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(name);
  const value = Number(process.argv[at + 1]);
  return at < 0 || !(value > 0) ? fallback : value;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const seed = option("--seed", 1);
  const { files, messages, slowest, faults } = fuzz(option("--seconds", 120), seed);
  for (const { text, what } of faults.slice(0, 5)) {
    console.log(`${what}\n  ${JSON.stringify(text)}`);
  }
  console.log(
    `${files} files, ${messages} messages, slowest ${slowest.toFixed(0)} ms, ${faults.length} faults (seed ${seed})`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
}
