/** Vitest's JSON report → how many passed, failed and were skipped, and for which reason. */

/** What is read of the report. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** The sums of a report. */
export interface Counted {
  readonly passed: number;
  readonly failed: number;
  /** Tests that did not run, by the reason that their name gives: `… (skipped: reason)`. */
  readonly skipped: ReadonlyMap<string, number>;
  readonly slowest: readonly { readonly file: string; readonly seconds: number }[];
}

/** `code` is vitest's exit code: a failure that no test shows counts as one. */
export function counted(report: TestReport | undefined, code: number): Counted {
  const files = report?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === "passed").length;
  const ofTests = tests.filter((test) => test.status === "failed").length;
  const broken = files.filter(
    (file) =>
      file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const skipped = new Map<string, number>();
  for (const test of tests) {
    if (test.status === "passed" || test.status === "failed") continue;
    const reason = /\(skipped: ([^)]*)\)/.exec(test.fullName)?.[1] ?? test.fullName;
    skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  }
  const slowest = files
    .map((file) => ({ file: file.name, seconds: (file.endTime - file.startTime) / 1000 }))
    .sort((left, right) => right.seconds - left.seconds)
    .slice(0, 8);
  const failed = ofTests + broken;
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed, skipped, slowest };
}
