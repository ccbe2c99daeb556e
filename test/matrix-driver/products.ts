/**
 * On a driver with subgroup matrices: products of halves by them, a JSON line a case with what was wrong.
 * `node --import tsx test/matrix-driver/products.ts`
 */
import { faultsOfRun, shapesOf } from "../ops/check-kernels.ts";
import { matrixCases } from "../ops/kernel-cases.ts";
import { sharedDevice } from "../support/device.ts";
import { runGraph } from "../support/evaluate.ts";

/** A line of the output. */
export interface CaseReport {
  readonly name: string;
  /** Shaders with matrices. */
  readonly shaders: number;
  readonly faults: readonly string[];
}

const { adapter, matrices } = await sharedDevice();
if (matrices === null) throw new Error(`${adapter.driver} has no subgroup matrices`);
for (const row of matrixCases) {
  const { d, outputs } = shapesOf(row);
  const run = await runGraph(outputs, d.given, { builder: d.b, matrices });
  const report: CaseReport = {
    name: row.name,
    shaders: run.program.shaders.filter(({ needsMatrices }) => needsMatrices).length,
    faults: faultsOfRun(run, outputs, d),
  };
  console.log(JSON.stringify(report));
}
process.exit(0);
