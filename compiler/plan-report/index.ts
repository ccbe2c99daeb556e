/** The door of the plan: CheckedModel and stage -> numbers, and numbers -> text. */
export { type PlanReport, planReport } from "./plan-report.ts";
export { planText } from "./plan-text.ts";
