/**
 * `npm run recovery`: every mutant of every pipeline file through the parser and through the whole check, and three
 * mistakes in one file; prints the figures. `npm run recovery -- --step N` takes every Nth mutant.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { check } from "../../compiler/1-check/check.ts";
import { createSource, type Source } from "../../grammar/source.ts";
import { writtenFiles } from "../support/sources.ts";
import {
  brokenMutants,
  mutantsOf,
  type RecoveryFigures,
  recoveryFigures,
  type ThreeMistakes,
  threeMistakes,
} from "./mutation.ts";

/** A text with the path that its imports are relative to. */
interface Pipeline {
  readonly path: string;
  readonly text: string;
}

/** All figures over some files. */
export interface RecoveryReport {
  readonly files: number;
  readonly parser: RecoveryFigures;
  readonly three: ThreeMistakes;
  /** Mutants that `blipc check` refuses, mistakes of meaning included. */
  readonly refused: number;
  /** Share of those with exactly one message. */
  readonly oneOfCheck: number;
}

/** The `.blip` files of the repository. */
export function pipelineFiles(): readonly Pipeline[] {
  return writtenFiles()
    .filter((path) => path.endsWith(".blip"))
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

/** Figures over every `step`th mutant of the files. */
export function measureRecovery(files: readonly Pipeline[], step: number): RecoveryReport {
  const judged = files.map(({ text }) => ({ text, mutants: brokenMutants(text, step) }));
  const three = judged.map(({ text, mutants }) => threeMistakes(text, mutants));
  const checked = files.flatMap((file) => messagesOfCheck(file, step)).filter((count) => count > 0);
  return {
    files: files.length,
    parser: recoveryFigures(judged.flatMap(({ mutants }) => mutants)),
    three: {
      mistakes: three.reduce((sum, each) => sum + each.mistakes, 0),
      atOwnLine: three.reduce((sum, each) => sum + each.atOwnLine, 0),
    },
    refused: checked.length,
    oneOfCheck: checked.filter((count) => count === 1).length / checked.length,
  };
}

/** How many messages the check has for each mutant; none for a file that it refuses unbroken. */
function messagesOfCheck({ path, text }: Pipeline, step: number): readonly number[] {
  const sources = new Map<string, Source>();
  const resolve = (name: string, from: Source) => {
    const found = normalize(join(dirname(from.name), name));
    if (!existsSync(found)) return undefined;
    const source = sources.get(found) ?? createSource(found, readFileSync(found, "utf8"));
    sources.set(found, source);
    return source;
  };
  const messages = (each: string) =>
    check(createSource(path, each), [], resolve).diagnostics.length;
  if (messages(text) > 0) return [];
  return mutantsOf(text)
    .filter((_, index) => index % step === 0)
    .map((mutant) => messages(mutant.text));
}

/** The figures as they are printed, each with what it has to reach. */
export function recoveryText({
  files,
  parser,
  three,
  refused,
  oneOfCheck,
}: RecoveryReport): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const own = three.atOwnLine / three.mistakes;
  return [
    `${files} files, ${parser.broken} broken ones, ${parser.meanMessages.toFixed(2)} messages each`,
    `exactly one message   ${percent(parser.exactlyOne)}   (at least 90 %)`,
    `  of the whole check  ${percent(oneOfCheck)}   of ${refused} refused files (at least 90 %)`,
    `intact elsewhere      ${percent(parser.intact)}   (at least 98 %; worst 5 % lose ${percent(parser.worstLoss)})`,
    `three mistakes a file ${percent(own)}   at their own line, of ${three.mistakes} (at least 92 %)`,
  ].join("\n");
}

/** True when every figure is what language.md section 4.5 and the gate of the language ask for. */
export function isGood({ parser, three, oneOfCheck }: RecoveryReport): boolean {
  const own = three.atOwnLine / three.mistakes;
  return parser.exactlyOne >= 0.9 && parser.intact >= 0.98 && own >= 0.92 && oneOfCheck >= 0.9;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf("--step");
  const start = performance.now();
  const report = measureRecovery(pipelineFiles(), at < 0 ? 1 : Number(process.argv[at + 1]));
  console.log(recoveryText(report));
  console.log(`${((performance.now() - start) / 1000).toFixed(0)} s`);
  process.exitCode = isGood(report) ? 0 : 1;
}
