/** A plan that is larger than `memory` of its stage -> a message with what would help. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { help, note, report } from "../../grammar/message.ts";
import { limitNotReached } from "../../grammar/messages/device.ts";
import type { CheckedModel, CheckedStage } from "../1-check/model.ts";
import { stageOf } from "../1-check/stage-of.ts";
import type { PlanReport } from "./plan-report.ts";
import { sizeText } from "./plan-text.ts";

/** Undefined when the stage has no limit or keeps to it. */
export function limitDiagnostic(plan: PlanReport, model: CheckedModel): Diagnostic | undefined {
  const { limit, memory, recomputed } = plan;
  if (limit === null || memory.total <= limit) return undefined;
  const stage = stageOf(model, plan.stage);
  const growing = memory.activations + memory.inputs + memory.wholeStep + memory.outputs;
  const fixed = memory.total - growing;
  const saved = recomputed === null ? "" : ` (${sizeText(recomputed.saved)} less)`;
  return report(
    limitNotReached,
    { stage: stage.name, limit: sizeText(limit), least: sizeText(memory.total) },
    {
      primary: { span: stage.memory.span, text: `${sizeText(memory.total - limit)} too little` },
      notes: [
        note(
          `with all computed again that can be${saved}, what grows with the batch takes ${sizeText(growing)},\nand weights, gradients and the state of the optimizer take ${sizeText(fixed)}`,
        ),
        help([...remedies(plan, stage, model, limit - fixed, growing)].join("\n")),
      ],
    },
  );
}

/** `room`: bytes of the limit that are left for what grows with the batch. */
function* remedies(
  { batch, accumulate, memory }: PlanReport,
  stage: CheckedStage,
  model: CheckedModel,
  room: number,
  growing: number,
): Generator<string> {
  const parts = room <= 0 ? Number.POSITIVE_INFINITY : 2 ** Math.ceil(Math.log2(growing / room));
  const records = Math.floor(batch / accumulate / parts);
  if (records > 0) {
    const micro = accumulate * parts;
    const isEven = records * micro === batch;
    const take = `${isEven ? "take" : "takes"} about ${sizeText(growing / parts)}`;
    yield isEven
      ? `\`accumulate = ${micro}\`, or a batch of ${records * accumulate}: ${records} records at a time ${take}`
      : `a batch of ${records * accumulate} ${take}`;
  } else yield "no batch is small enough by itself";
  const stored = [...model.modules.values()].filter(
    (each) => each.state.value === "frozen" && "dtype" in each && each.dtype.value === "f32",
  );
  if (stored.length > 0 && stage.precision.value === "full" && memory.frozenWeights > 0)
    yield `\`dtype = f16\` of ${stored.map(({ name }) => `\`${name}\``).join(" and ")} halves frozen weights, ${sizeText(memory.frozenWeights)}`;
  yield "blipc plan --why memory lists every buffer";
}
