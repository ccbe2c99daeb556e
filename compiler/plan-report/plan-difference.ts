/** Two plans -> what differs: parameters, memory, compute, parts; as data and as text. */
import type { PlanReport } from "./plan-report.ts";
import { grouped, operationsText, sizeText } from "./plan-text.ts";

/** A number that both plans have. `by` is `after - before`. */
export interface NumberChange {
  readonly what: string;
  readonly unit: "count" | "bytes" | "operations";
  readonly before: number;
  readonly after: number;
  readonly by: number;
}

/** A module of which anything differs; `before` or `after` is absent when only one plan has it. */
export interface PartChange {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

/** Everything that differs from `before` to `after`; equal numbers are there too, equal parts are not. */
export interface PlanDifference {
  readonly before: { readonly file: string; readonly stage: string };
  readonly after: { readonly file: string; readonly stage: string };
  readonly numbers: readonly NumberChange[];
  readonly parts: readonly PartChange[];
}

/** Compares two stages. */
export function planDifference(before: PlanReport, after: PlanReport): PlanDifference {
  const change = (
    what: string,
    unit: NumberChange["unit"],
    pick: (report: PlanReport) => number,
  ): NumberChange => {
    const [from, to] = [pick(before), pick(after)];
    return { what, unit, before: from, after: to, by: to - from };
  };
  const partsOf = ({ modules, precision }: PlanReport) =>
    new Map([
      ["precision", precision],
      ...modules.map(
        ({ name, state, parameters, width, source }) =>
          [
            name,
            [state, grouped(parameters), width, source].filter((cell) => cell !== "").join("   "),
          ] as const,
      ),
    ]);
  const [old, young] = [partsOf(before), partsOf(after)];
  const names = [...new Set([...old.keys(), ...young.keys()])];
  return {
    before: { file: before.file, stage: before.stage },
    after: { file: after.file, stage: after.stage },
    numbers: [
      change("batch", "count", ({ batch }) => batch),
      change("trainable parameters", "count", ({ parameters }) => parameters.trainable),
      change("frozen parameters", "count", ({ parameters }) => parameters.frozen),
      change("frozen weights", "bytes", ({ memory }) => memory.frozenWeights),
      change("trainable weights", "bytes", ({ memory }) => memory.trainableWeights),
      change(
        before.optimizer === after.optimizer ? after.optimizer : "optimizer",
        "bytes",
        ({ memory }) => memory.optimizer,
      ),
      change("gradients", "bytes", ({ memory }) => memory.gradients),
      ...([before, after].some(({ whole }) => whole !== null)
        ? [change("whole step", "bytes", ({ memory }) => memory.wholeStep)]
        : []),
      change("activations", "bytes", ({ memory }) => memory.activations),
      change("inputs", "bytes", ({ memory }) => memory.inputs),
      change("memory", "bytes", ({ memory }) => memory.total),
      change("forward", "operations", ({ compute }) => compute.forward),
      change("backward", "operations", ({ compute }) => compute.backward),
      ...([before, after].some(({ compute }) => compute.again !== 0)
        ? [change("made again", "operations", ({ compute }) => compute.again)]
        : []),
    ],
    parts: names.flatMap((name) => {
      const [from, to] = [old.get(name), young.get(name)];
      if (from === to) return [];
      return [
        {
          name,
          ...(from === undefined ? {} : { before: from }),
          ...(to === undefined ? {} : { after: to }),
        },
      ];
    }),
  };
}

/** Numbers as a table, parts with `-` and `+`. */
export function differenceText({ before, after, numbers, parts }: PlanDifference): string {
  const rows = [
    ["", "before", "after", "change"],
    ...numbers.map(({ what, unit, before: from, after: to, by }) => [
      what,
      shown(from, unit),
      shown(to, unit),
      by === 0 ? "same" : `${by > 0 ? "+" : "-"}${shown(Math.abs(by), unit)}${share(from, by)}`,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const table = rows.map((row) => {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
    );
    return `  ${cells.join("   ")}`.trimEnd();
  });
  const changed = parts.flatMap(({ name, before: from, after: to }) => [
    ...(from === undefined ? [] : [`  - ${name}   ${from}`]),
    ...(to === undefined ? [] : [`  + ${name}   ${to}`]),
  ]);
  return [
    `before: ${before.file}#${before.stage}`,
    `after:  ${after.file}#${after.stage}`,
    "",
    ...table,
    "",
    ...(changed.length === 0 ? ["  the same modules"] : changed),
  ].join("\n");
}

function shown(value: number, unit: NumberChange["unit"]): string {
  if (unit === "bytes") return sizeText(value);
  return unit === "count" ? grouped(value) : operationsText(value);
}

function share(from: number, by: number): string {
  return from === 0 ? "" : ` (${by > 0 ? "+" : "-"}${Math.abs((100 * by) / from).toFixed(1)} %)`;
}
