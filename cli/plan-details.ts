/** The answers of `blipc plan --why …` and `--memory …`. */
import { dirname, join, normalize } from "node:path";
import type { CheckedModel } from "../compiler/1-check/model.ts";
import type { PlanReport } from "../compiler/plan-report/index.ts";
import type { Target } from "../compiler/program.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { LoadedPipeline } from "../runtime/train/load-pipeline.ts";
import type { Cli } from "./cli.ts";
import { exitCodes } from "./exit-code.ts";
import { Quit } from "./faults.ts";

/** Every place that sets a value, weakest first. Throws `RunFault` when there is no such path. */
export async function tellWhyValue(
  cli: Cli,
  { source, sources, overrides }: LoadedPipeline,
  path: string,
  json: boolean,
): Promise<void> {
  const { whyValue } = await import("../compiler/1-check/why-value.ts");
  const found = whyValue(
    source,
    overrides,
    (name, from) => sources.get(normalize(join(dirname(from.name), name)).replaceAll("\\", "/")),
    path,
  );
  if ("unknown" in found) {
    const { RunFault } = await import("../runtime/train/run-fault.ts");
    const near = found.near === undefined ? "" : `; did you mean ${found.near}?`;
    const of = found.unknown === path ? source.name : path;
    throw new RunFault("usage", `nothing sets \`${found.unknown}\` of ${of}${near}`);
  }
  const { setters } = found;
  if (json) {
    cli.terminal.out(JSON.stringify({ path, setters }));
    return;
  }
  const width = (pick: (each: (typeof setters)[number]) => string) =>
    Math.max(...setters.map((each) => pick(each).length));
  const [hows, places] = [width(({ how }) => how), width(({ place }) => place)];
  cli.terminal.out(`${path} = ${setters.at(-1)?.text}`);
  for (const [index, { how, place, text }] of setters.entries()) {
    const force = index === setters.length - 1 ? "   in force" : "";
    cli.terminal.out(`  ${how.padEnd(hows)}   ${place.padEnd(places)}   ${text}${force}`);
  }
}

/** Every buffer of a stage, largest first, and the sums by kind. */
export async function tellWhyMemory(
  cli: Cli,
  model: CheckedModel,
  stage: string,
  target: Target,
  json: boolean,
): Promise<void> {
  const { sizeText, whyMemory } = await import("../compiler/plan-report/index.ts");
  const buffers = whyMemory(model, stage, { target });
  if (json) {
    cli.terminal.out(JSON.stringify({ stage, buffers }));
    return;
  }
  const sums = new Map<string, number>();
  for (const { kind, bytes } of buffers) sums.set(kind, (sums.get(kind) ?? 0) + bytes);
  const parts = [...sums].map(([kind, bytes]) => `${kind} ${sizeText(bytes)}`);
  cli.terminal.out(`stage ${stage}   ${parts.join("   ")}`);
  for (const { kind, name, type, bytes, tensors } of buffers) {
    const turns = tensors > 1 ? `, then ${tensors - 1} more in turn` : "";
    cli.terminal.out(
      `  ${sizeText(bytes).padStart(12)}   ${kind.padEnd(17)}   ${type}   ${name}${turns}`,
    );
  }
}

/** Tells which stages cannot keep to their own limit and quits with the code of the device. */
export async function requireLimits(
  cli: Cli,
  model: CheckedModel,
  reports: readonly PlanReport[],
): Promise<void> {
  const { limitDiagnostic } = await import("../compiler/plan-report/index.ts");
  await refuse(
    cli,
    reports.flatMap((report) => limitDiagnostic(report, model) ?? []),
  );
}

async function refuse(cli: Cli, found: readonly Diagnostic[]): Promise<void> {
  if (found.length === 0) return;
  const { renderAll } = await import("./diagnostics.ts");
  cli.terminal.side(renderAll(found, cli.terminal.sideColors));
  throw new Quit(exitCodes.device);
}

/** Tells which stages do not fit into `offered` and quits with the code of the device. */
export async function requireMemory(
  cli: Cli,
  model: CheckedModel,
  reports: readonly PlanReport[],
  offered: string,
  target: Target,
): Promise<void> {
  const { bytesOf, memoryDiagnostic } = await import("../compiler/plan-report/index.ts");
  const bytes = bytesOf(offered);
  if (bytes === undefined) {
    const { RunFault } = await import("../runtime/train/run-fault.ts");
    throw new RunFault("usage", `--memory takes a size such as 24GiB, not ${offered}`);
  }
  await refuse(
    cli,
    reports.flatMap((report) => memoryDiagnostic(report, model, bytes, target) ?? []),
  );
}
