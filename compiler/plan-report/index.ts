/** The door of the plan: CheckedModel and stage -> numbers, and numbers -> text. */

export { bytesOf, memoryDiagnostic } from "./fits.ts";
export { limitDiagnostic } from "./limit.ts";
export type { Buffer, MemoryReport } from "./memory.ts";
export { differenceText, type PlanDifference, planDifference } from "./plan-difference.ts";
export { type PlanOptions, type PlanReport, planReport } from "./plan-report.ts";
export { planText, sizeText } from "./plan-text.ts";
export { runTests, type TestOutcome } from "./run-tests.ts";
export { whyMemory } from "./why-memory.ts";
