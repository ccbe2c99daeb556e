/** A stage -> the buffers that make up its memory, largest first. */
import type { CheckedModel } from "../1-check/model.ts";
import { type Buffer, stageMemory } from "./memory.ts";
import { openStage, type PlanOptions } from "./plan-report.ts";

/** Every buffer that `planReport` counts. Their sum is its memory. */
export function whyMemory(
  model: CheckedModel,
  stageName: string,
  options: PlanOptions = {},
): readonly Buffer[] {
  const { stage, graphs, target } = openStage(model, stageName, options);
  return stageMemory(graphs, stage, target).buffers.toSorted((a, b) => b.bytes - a.bytes);
}
