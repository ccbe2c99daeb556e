/** Kinds of reference folders → the check of each, in the order in which they are best read. */
import type { Comparison } from "./comparison.ts";
import { check as itmRetrieval } from "./kinds/itm-retrieval.ts";
import { check as logitsProcessors } from "./kinds/logits-processors.ts";
import { check as ops } from "./kinds/ops.ts";
import { check as optimSchedule } from "./kinds/optim-schedule.ts";
import { check as positions } from "./kinds/pos-embed-interp.ts";
import { check as preprocess } from "./kinds/preprocess.ts";
import { check as qformerStage1 } from "./kinds/qformer-stage1.ts";
import { check as stage2Opt } from "./kinds/stage2-opt.ts";
import { check as textProcessors } from "./kinds/text-processors.ts";
import { check as tokenizers } from "./kinds/tokenizers.ts";
import { check as vitClip } from "./kinds/vit-clip.ts";
import { check as vitEva } from "./kinds/vit-eva.ts";

/** Compares a folder, given what its `case.json` holds, with what this project computes. */
export type Check = (folder: string, reference: unknown) => Promise<readonly Comparison[]>;

/** One check a kind. */
export const checks: ReadonlyMap<string, Check> = new Map([
  ["ops", ops],
  ["vit-eva", vitEva],
  ["vit-clip", vitClip],
  ["qformer-stage1", qformerStage1],
  ["stage2-opt", stage2Opt],
  ["itm-retrieval", itmRetrieval],
  ["preprocess", preprocess],
  ["tokenizers", tokenizers],
  ["text-processors", textProcessors],
  ["optim-schedule", optimSchedule],
  ["pos-embed-interp", positions],
  ["logits-processors", logitsProcessors],
]);

/** Kinds that the reference has and this project does not compute yet, with the reason. */
export const kindsLeftOut: ReadonlyMap<string, string> = new Map([
  ["stage2-t5", "there is no T5 backbone yet"],
  ["metrics", "there are no caption and answer metrics yet"],
]);
