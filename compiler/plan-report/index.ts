/** The door of the plan: CheckedModel and stage -> numbers, and numbers -> text. */

export { bytesOf, memoryDiagnostic, totalMemory } from "./fits.ts";
export { type PlanReport, planReport } from "./plan-report.ts";
export { planText, sizeText } from "./plan-text.ts";
export { runTests, type TestOutcome } from "./run-tests.ts";
export { type Buffer, whyMemory } from "./why-memory.ts";
