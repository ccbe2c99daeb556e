/** A checked model and a name -> its stage. */
import { invariant } from "../invariant.ts";
import type { CheckedModel, CheckedStage } from "./model.ts";

/** Throws an `InvariantError` when the model has no such stage. */
export function stageOf(model: CheckedModel, name: string): CheckedStage {
  const stage = model.stages.get(name);
  invariant(stage !== undefined, () => `${model.file} has no stage ${name}`);
  return stage;
}
