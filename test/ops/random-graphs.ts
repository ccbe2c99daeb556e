/** More random graphs than the test runs: `random-graphs.ts FIRST COUNT`. */
import { printNodes } from "../../compiler/ir/print.ts";
import { runGraph } from "../support/evaluate.ts";
import { expectations, fault } from "./error-bounds.ts";
import { randomGraph } from "./random-graph.ts";

const [first = 0, count = 1000] = process.argv.slice(2).map(Number);
let failed = 0;
for (let seed = first; seed < first + count; seed++) {
  const { draft, outputs } = randomGraph(seed);
  let faults: string[];
  try {
    const withoutSubgroups = seed % 2 === 1;
    const run = await runGraph(outputs, draft.given, { builder: draft.b, withoutSubgroups });
    const expected = expectations([...outputs.values()], draft.given);
    faults = [...outputs.keys()].flatMap(
      (name, i) => fault(name, run.outputs.get(name)!, expected[i]!) ?? [],
    );
  } catch (error) {
    faults = [error instanceof Error ? error.message : String(error)];
  }
  if (faults.length === 0) continue;
  failed++;
  console.log(`seed ${seed}: ${faults.join("; ")}\n${printNodes(outputs)}`);
}
console.log(`${count - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
