/** A plan and the memory of a device -> a message when it does not fit. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { help, note, report } from "../../grammar/message.ts";
import { doesNotFit } from "../../grammar/messages/device.ts";
import { byteUnits } from "../1-check/byte-units.ts";
import type { CheckedModel } from "../1-check/model.ts";
import type { Target } from "../program.ts";
import { type PlanReport, planReport } from "./plan-report.ts";

/** `24GiB`, `24 GiB`, `512MiB` -> bytes; undefined for anything else. */
export function bytesOf(text: string): number | undefined {
  const found = /^\s*(\d[\d_]*(?:\.\d+)?)\s*(B|KiB|MiB|GiB)\s*$/.exec(text);
  if (found === null) return undefined;
  return Number(found[1]!.replaceAll("_", "")) * byteUnits[found[2]!]!;
}

/** Undefined when the stage fits into `offered` bytes. */
export function memoryDiagnostic(
  plan: PlanReport,
  model: CheckedModel,
  offered: number,
  target?: Target,
): Diagnostic | undefined {
  const needed = plan.memory.total;
  if (needed <= offered) return undefined;
  const stage = model.stages.get(plan.stage)!;
  const data = model.data.get(stage.data.value)!;
  const { memory, batch } = plan;
  const unit = Math.max(needed, offered) >= 2 ** 29 ? "GiB" : "MiB";
  const number = (bytes: number) => (bytes / byteUnits[unit]!).toFixed(1);
  const size = (bytes: number) => `${number(bytes)} ${unit}`;
  const growing = memory.activations + memory.inputs + memory.wholeStep;
  const grown = memory.wholeStep > 0 ? "activations + inputs + whole step" : "activations + inputs";
  const { trainableWeights, gradients, optimizer } = memory;
  const trained = trainableWeights + gradients + optimizer;
  const memoryAt = (each: number) =>
    planReport(model, plan.stage, { batch: each, ...(target === undefined ? {} : { target }) })
      .memory.total;
  const fits = fittingBatch(batch, growing, offered - (needed - growing), memoryAt, offered);
  const { span } = data.batch;
  const parameter = [...model.parameters].find(
    ([, each]) => each.span.source === span.source && each.span.start === span.start,
  )?.[0];
  const smaller =
    fits === undefined
      ? "no batch fits: choose smaller backbones"
      : `--set ${parameter ?? `${data.name}.batch`}=${fits.batch} fits (${size(fits.bytes)})`;
  return report(
    doesNotFit,
    { stage: stage.name, needed: size(needed), offered: size(offered) },
    {
      primary: { span, text: `the part that grows with batch is ${size(growing)}` },
      notes: [
        note(
          `frozen weights ${number(memory.frozenWeights)}, trainable weights + gradients + Adam ${number(trained)}, ${grown} ${number(growing)} (${unit})`,
        ),
        help(`${smaller}\nblipc plan --why memory lists every buffer`),
      ],
    },
  );
}

/**
 * A batch that fits, a multiple of 32, 16, 8, 4 or 2 when there is one. It is guessed as if memory grew evenly and then
 * planned; a guess that does not fit is halved.
 */
function fittingBatch(
  batch: number,
  growing: number,
  room: number,
  memoryAt: (batch: number) => number,
  offered: number,
): { readonly batch: number; readonly bytes: number } | undefined {
  let most = Math.min(batch - 1, Math.floor(room / (growing / batch)));
  for (; most >= 1; most = Math.floor(most / 2)) {
    const step = [32, 16, 8, 4, 2, 1].find((each) => each <= most)!;
    const found = Math.floor(most / step) * step;
    const bytes = memoryAt(found);
    if (bytes <= offered) return { batch: found, bytes };
  }
  return undefined;
}
