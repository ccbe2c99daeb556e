/** Numbers and what their settings ask of them -> words for messages. */
import type { SettingType } from "./kinds/block-kind.ts";
import type { Value } from "./value.ts";

/** What a setting asks of its number. */
export type NumberType = Extract<SettingType, { kind: "number" }>;

/** Steps are whole. */
export function orSteps(amount: number): string {
  return Number.isInteger(amount) ? ` or \`${amount} steps\`` : "";
}

/** The rule that a number breaks, in words. */
export function brokenRule(value: number, type: NumberType): string | undefined {
  if (type.integer && !Number.isInteger(value)) return "a whole number";
  if (type.least !== undefined && value < type.least) return `at least ${type.least}`;
  if (type.above !== undefined && value <= type.above) return `above ${type.above}`;
  if (type.most !== undefined && value > type.most) return `at most ${type.most}`;
  return undefined;
}

/** The number that a string holds. */
export function numberInQuotes(value: Value): string | undefined {
  if (value.kind !== "string" || value.value.trim() === "") return undefined;
  return Number.isFinite(Number(value.value)) ? value.value.trim() : undefined;
}
