/** More random graphs than the test runs: `random-graphs.ts FIRST COUNT [BYTES OF A BINDING]`. */
import { faultsOfGraph, graphText, wayOf } from "./check-kernels.ts";
import { randomGraph } from "./random-graph.ts";

const [first = 0, count = 1000, bindingBytes] = process.argv.slice(2).map(Number);
let failed = 0;
for (let seed = first; seed < first + count; seed++) {
  const graph = randomGraph(seed);
  let faults: string[];
  try {
    faults = await faultsOfGraph(graph, wayOf(seed), bindingBytes);
  } catch (error) {
    faults = [error instanceof Error ? error.message : String(error)];
  }
  if (faults.length === 0) continue;
  failed++;
  console.log(`seed ${seed}: ${faults.join("; ")}\n${graphText(graph)}`);
}
console.log(`${count - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
