/** Numbers of a plan -> the text that `blipc plan` prints. */
import type { Flow } from "./gradient-flow.ts";
import type { PlanReport } from "./plan-report.ts";

/** Parameters exact, memory in GiB, MiB or KiB, compute in FLOP. */
export function planText(report: PlanReport): string {
  const { stage, file, batch, train, accumulate } = report;
  const micro = accumulate === 1 ? "" : ` in ${accumulate} micro-batches`;
  const samples = train.unit === "steps" ? `   ${grouped(train.value * batch)} samples` : "";
  return [
    `stage ${stage}   ${file}   batch ${batch}${micro}   ${grouped(train.value)} ${train.unit}${samples}`,
    "",
    ...table(report),
    "",
    ...lines("parameters", parameterLines(report)),
    ...lines("inputs", [report.inputs.map(({ name, type }) => `${name} ${type}`).join("   ")]),
    ...lines("precision", precisionLines(report)),
    ...lines("gradients", gradientLines(report.gradients)),
    ...lines("whole step", wholeLines(report)),
    ...lines("memory", memoryLines(report)),
    ...lines("recomputed", recomputedLines(report)),
    ...lines("compute", computeLines(report)),
    ...lines("features", featureLines(report)),
    ...lines("largest", [largestText(report)]),
  ].join("\n");
}

function lines(title: string, texts: readonly string[]): readonly string[] {
  return texts.map((text, index) => `  ${(index === 0 ? title : "").padEnd(12)}${text}`);
}

function table(report: PlanReport): readonly string[] {
  const rows = [
    ["module", "state", "parameters", "width", "where it comes from"],
    ...report.modules.flatMap(({ name, state, parameters, frozen, frozenParts, width, source }) => {
      const isWhole = frozenParts.length === 0;
      const row = [name, state, grouped(isWhole ? parameters : parameters - frozen), width, source];
      const part = [
        `  ${frozenParts.join(", ")}`,
        "frozen",
        grouped(frozen),
        "",
        `part of ${name}`,
      ];
      return isWhole ? [row] : [row, part];
    }),
  ];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 2 || column === 3 ? cell.padStart(width) : cell.padEnd(width);
    });
    return `  ${cells.join("   ")}`.trimEnd();
  });
}

function parameterLines({ parameters }: PlanReport): readonly string[] {
  const { trainable, frozen, total } = parameters;
  return [`trainable ${grouped(trainable)}   frozen ${grouped(frozen)}   total ${grouped(total)}`];
}

/** Nothing where all is f32. */
function precisionLines({ precision }: PlanReport): readonly string[] {
  return precision === "full"
    ? []
    : ["mixed: operands of products and frozen weights f16, all else f32; the loss is scaled"];
}

function gradientLines({ reach, through, none }: Flow): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { objective, modules } of reach) {
    const key = modules.join(", ");
    groups.set(key, [...(groups.get(key) ?? []), objective]);
  }
  return [
    ...[...groups].map(([modules, objectives]) => `${objectives.join(", ")} -> ${modules}`),
    ...through.map((name) => `through ${name} (frozen: weights fixed, activations kept)`),
    ...none.map((name) => `none into ${name} (frozen, nothing trainable before it)`),
  ];
}

/** What objectives over all micro-batches cost; nothing where there are none. */
function wholeLines({ whole, batch, memory }: PlanReport): readonly string[] {
  if (whole === null) return [];
  const { objectives, operations } = whole;
  return [
    `${objectives.join(", ")} over ${grouped(batch)} records: ${sizeText(memory.wholeStep)} kept of all micro-batches, forward passes once more: ${operationsText(operations)}`,
  ];
}

function memoryLines({ memory, optimizer, target }: PlanReport): readonly string[] {
  const parts = [
    ["frozen weights", memory.frozenWeights],
    ["trainable", memory.trainableWeights],
    [optimizer, memory.optimizer],
    ["gradients", memory.gradients],
    ["whole step", memory.wholeStep],
    ["activations", memory.activations],
    ["inputs", memory.inputs],
    ["constants", memory.constants],
    ["outputs", memory.outputs],
  ] as const;
  const sum = parts
    .filter(([, bytes]) => bytes > 0)
    .map(([name, bytes]) => `${name} ${sizeText(bytes)}`)
    .join(" + ");
  const most = target.maxStorageBuffersPerShaderStage;
  return [
    sum,
    `= ${sizeText(memory.total)}: ${grouped(memory.total)} bytes, on an adapter with ${most} tensors a kernel`,
  ];
}

/** What is computed again, layers that differ by their number alone in one line. */
function recomputedLines({ recomputed, limit, memory, accumulate }: PlanReport): readonly string[] {
  const over =
    limit !== null && memory.total > limit
      ? [
          `memory = ${sizeText(limit)} is not reached: nothing more that is kept can be computed again`,
        ]
      : [];
  if (recomputed === null) return over;
  const { saved, operations, tensors, layers } = recomputed;
  const groups = new Map<string, { numbers: number[]; tensors: number; operations: number }>();
  for (const layer of layers) {
    if (layer.tensors === 0) continue;
    const [, name, number] = /^(.*?)(?:\.(\d+))?$/.exec(layer.path)!;
    const sums = groups.get(name!) ?? { numbers: [], tensors: 0, operations: 0 };
    if (number !== undefined) sums.numbers.push(Number(number));
    sums.tensors += layer.tensors;
    sums.operations += layer.operations;
    groups.set(name!, sums);
  }
  const times = accumulate === 1 ? "" : ", in each micro-batch";
  return [
    `${grouped(tensors)} tensors are forgotten and computed again: ${sizeText(saved)} less, ${operationsText(operations)} more${times}`,
    ...[...groups].map(
      ([name, sums]) =>
        `${name === "" ? "loss" : name}${rangeText(sums.numbers)}   ${sums.tensors} tensors   ${operationsText(sums.operations)}`,
    ),
    ...over,
  ];
}

/** ` 0..3, 7` */
function rangeText(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  const texts = runs.map(([first, last]) => (first === last ? `${first}` : `${first}..${last}`));
  return texts.length === 0 ? "" : ` ${texts.join(", ")}`;
}

function largestText({ largest, target }: PlanReport): string {
  const { maxStorageBufferBindingSize: window, maxBufferSize: most } = target;
  const over =
    largest.bytes > most
      ? `: more than maxBufferSize of ${sizeText(most)}, which the adapter must exceed`
      : largest.bytes > window
        ? `: more than maxStorageBufferBindingSize of ${sizeText(window)}, so seen in parts`
        : "";
  return `${largest.label} ${largest.type}   ${sizeText(largest.bytes)}${over}`;
}

function computeLines({ compute }: PlanReport): readonly string[] {
  const total = compute.forward + compute.backward;
  return [
    `${operationsText(total)} a step: ${operationsText(compute.forward)} forward, ${operationsText(compute.backward)} backward (matrix products)`,
    ...(compute.again === 0
      ? []
      : [
          `${operationsText(compute.again)} more: products of attention that backward makes again to keep less`,
        ]),
    compute.modules
      .map(({ name, forward, backward }) =>
        backward === 0
          ? `${name} ${operationsText(forward)} (forward only)`
          : `${name} ${operationsText(forward)} + ${operationsText(backward)}`,
      )
      .join("   "),
  ];
}

function featureLines({ features, compute }: PlanReport): readonly string[] {
  const later = compute.forward + compute.backward;
  return features.map(({ module, dtype, operations, bytesPerPicture, pictures }) => {
    const first = later + operations;
    const all =
      pictures === undefined
        ? ""
        : `, ${sizeText(pictures * bytesPerPicture)} for ${grouped(pictures)} pictures`;
    return `${module}: ${operationsText(first)} a step in the first epoch, later ${(first / later).toFixed(2)} times less; kept as ${dtype}, ${sizeText(bytesPerPicture)} a picture${all}`;
  });
}

/** `1,234,567` */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1.84 GiB` */
export function sizeText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? size : size.toFixed(2)} ${units[unit]}`;
}

/** `78.34 TFLOP` */
export function operationsText(operations: number): string {
  const units = ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP"];
  let count = operations;
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) {
    count /= 1000;
    unit++;
  }
  return `${unit === 0 ? count : count.toFixed(2)} ${units[unit]}`;
}
