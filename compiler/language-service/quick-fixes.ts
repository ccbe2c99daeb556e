/** Messages at a place -> the changes that answer them. */
import type { Diagnostic, Fix } from "../../grammar/diagnostic.ts";
import type { Analysis } from "./analysis.ts";

/** A change and the message that it answers. */
export interface QuickFix {
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
}

/** Fixes of the messages of this file that touch the stretch from `start` to `end`. */
export function quickFixes(analysis: Analysis, start: number, end: number): readonly QuickFix[] {
  return analysis.diagnostics
    .filter(({ primary: { span } }) => span.source.name === analysis.source.name)
    .filter(({ primary: { span } }) => span.start <= end && start <= span.end)
    .flatMap((diagnostic) => diagnostic.fixes.map((fix) => ({ diagnostic, fix })));
}

/** Every safe fix of the file whose edits do not overlap with an earlier one. */
export function safeFixes(analysis: Analysis): readonly QuickFix[] {
  const taken: { readonly start: number; readonly end: number }[] = [];
  return analysis.diagnostics.flatMap((diagnostic) => {
    const fix = diagnostic.fixes.find(({ safe }) => safe);
    const spans = fix?.edits.map(({ span }) => span) ?? [];
    const isFree = spans.every(
      (span) =>
        span.source.name === analysis.source.name &&
        !taken.some(({ start, end }) => span.start < end && start < span.end),
    );
    if (fix === undefined || !isFree) return [];
    taken.push(...spans);
    return [{ diagnostic, fix }];
  });
}
