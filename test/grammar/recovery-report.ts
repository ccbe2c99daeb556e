/** `npm run recovery`: every mutant of every pipeline file, and three mistakes in one file; prints the figures. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "../../grammar/parse.ts";
import { createSource, positionAt } from "../../grammar/source.ts";
import { writtenFiles } from "../support/sources.ts";
import { type Mutant, measureRecovery, mutantsOf } from "./mutation.ts";

/** What three mistakes in one file gave. */
export interface ThreeMistakes {
  readonly mistakes: number;
  /** Mistakes with a message at their own line. */
  readonly atOwnLine: number;
}

/** Broken alone, at this line. */
interface Mistake {
  readonly mutant: Mutant;
  readonly line: number;
}

/** Mistakes that are reported at their own line when alone. */
function mistakesOf(text: string): readonly Mistake[] {
  const source = createSource("mutant.blip", text);
  return mutantsOf(text).flatMap((mutant): Mistake[] => {
    const { line } = positionAt(source, mutant.at);
    return linesOf(mutant.text).includes(line) ? [{ mutant, line }] : [];
  });
}

function linesOf(text: string): readonly number[] {
  return parse(createSource("mutant.blip", text)).diagnostics.map(
    ({ primary }) => positionAt(primary.span.source, primary.span.start).line,
  );
}

/** Every `step`th mistake together with one a third and one two thirds of the list further on. */
export function measureThree(text: string, step: number): ThreeMistakes {
  const all = mistakesOf(text);
  const third = Math.floor(all.length / 3);
  let mistakes = 0;
  let atOwnLine = 0;
  for (let first = 0; first < third; first += step) {
    const three = [first, first + third, first + 2 * third].flatMap((at) => all[at] ?? []);
    const lines = text.split("\n");
    if (new Set(three.map(({ line }) => line)).size < 3) continue;
    for (const { mutant, line } of three) {
      lines[line - 1] = mutant.text.split("\n")[line - 1] ?? "";
    }
    const reported = linesOf(lines.join("\n"));
    mistakes += 3;
    atOwnLine += three.filter(({ line }) => reported.includes(line)).length;
  }
  return { mistakes, atOwnLine };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = writtenFiles().filter((path) => path.endsWith(".blip"));
  const texts = files.map((path) => readFileSync(path, "utf8"));
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const { broken, meanMessages, exactlyOne, intact, worstLoss } = measureRecovery(texts, 1);
  const three = texts.map((text) => measureThree(text, 1));
  const mistakes = three.reduce((sum, each) => sum + each.mistakes, 0);
  const own = three.reduce((sum, each) => sum + each.atOwnLine, 0) / mistakes;
  console.log(
    [
      `${files.length} files, ${broken} broken ones, ${meanMessages.toFixed(2)} messages each`,
      `exactly one message   ${percent(exactlyOne)}   (at least 90 %)`,
      `intact elsewhere      ${percent(intact)}   (at least 98 %; worst 5 % lose ${percent(worstLoss)})`,
      `three mistakes a file ${percent(own)}   at their own line, of ${mistakes} (at least 92 %)`,
    ].join("\n"),
  );
  const isGood = exactlyOne >= 0.9 && intact >= 0.98 && own >= 0.92;
  process.exitCode = isGood ? 0 : 1;
}
