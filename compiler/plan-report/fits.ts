/** A plan and the memory of a device -> a message when it does not fit. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { help, note, report } from "../../grammar/message.ts";
import { doesNotFit } from "../../grammar/messages/device.ts";
import type { CheckedModel } from "../1-check/model.ts";
import type { PlanReport } from "./plan-report.ts";

const units: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** `24GiB`, `24 GiB`, `512MiB` -> bytes; undefined for anything else. */
export function bytesOf(text: string): number | undefined {
  const found = /^\s*(\d[\d_]*(?:\.\d+)?)\s*(B|KiB|MiB|GiB)\s*$/.exec(text);
  if (found === null) return undefined;
  return Number(found[1]!.replaceAll("_", "")) * units[found[2]!]!;
}

/** Bytes of a stage: weights, gradients, moments and saved activations. */
export function totalMemory({ memory }: Pick<PlanReport, "memory">): number {
  const { frozenWeights, trainableWeights, gradients, optimizer, activations } = memory;
  return frozenWeights + trainableWeights + gradients + optimizer + activations;
}

/** Undefined when the stage fits into `offered` bytes. */
export function memoryDiagnostic(
  plan: PlanReport,
  model: CheckedModel,
  offered: number,
): Diagnostic | undefined {
  const needed = totalMemory(plan);
  if (needed <= offered) return undefined;
  const stage = model.stages.get(plan.stage)!;
  const data = model.data.get(stage.data.value)!;
  const { memory, batch } = plan;
  const unit = Math.max(needed, offered) >= 2 ** 29 ? "GiB" : "MiB";
  const number = (bytes: number) => (bytes / units[unit]!).toFixed(1);
  const size = (bytes: number) => `${number(bytes)} ${unit}`;
  const fixed = needed - memory.activations;
  const { trainableWeights, gradients, optimizer } = memory;
  const trained = trainableWeights + gradients + optimizer;
  const fits = fittingBatch(batch, memory.activations, offered - fixed);
  const { span } = data.batch;
  const parameter = [...model.parameters].find(
    ([, each]) => each.span.source === span.source && each.span.start === span.start,
  )?.[0];
  const smaller =
    fits === undefined
      ? "the weights alone are too large: choose smaller backbones"
      : `--set ${parameter ?? `${data.name}.batch`}=${fits} fits (${size(fixed + (memory.activations / batch) * fits)})`;
  return report(
    doesNotFit,
    { stage: stage.name, needed: size(needed), offered: size(offered) },
    {
      primary: { span, text: `the part that grows with batch is ${size(memory.activations)}` },
      notes: [
        note(
          `frozen weights ${number(memory.frozenWeights)}, trainable weights + gradients + Adam ${number(trained)}, saved activations ${number(memory.activations)} (${unit})`,
        ),
        help(`${smaller}\nblipc plan --why memory lists every buffer`),
      ],
    },
  );
}

/** The largest batch that fits: a multiple of 32, 16, 8, 4 or 2 when there is one. */
function fittingBatch(batch: number, activations: number, room: number): number | undefined {
  const most = Math.floor(room / (activations / batch));
  if (most < 1) return undefined;
  const step = [32, 16, 8, 4, 2, 1].find((each) => each <= most)!;
  return Math.floor(most / step) * step;
}
