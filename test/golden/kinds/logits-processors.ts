/** Kind `logits-processors`: rules on the scores of the next token, and OPT's position rows. */
import { optPresets, positionRows } from "../../../compiler/backbones/opt.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { rootScope } from "../../../compiler/layers/scope.ts";
import { rules } from "../../../compiler/ops/index.ts";
import {
  noRepeatNgram,
  repetitionPenalty,
  temperature,
  topK,
  topP,
} from "../../../runtime/train/logit-rules.ts";
import type { Comparison } from "../comparison.ts";
import { evaluate } from "../evaluate.ts";
import { ReferenceCase } from "../reference-case.ts";

interface ProcessorCase {
  readonly processors: readonly { readonly key: string }[];
  readonly tensors_file?: string;
}

type Apply = (scores: Float64Array, ids: readonly number[]) => void;

/** Eos of the cases with a least length. */
const eos = 7;

/** Compares which tokens remain, their scores, and rows of the position table. */
export async function check(folder: string, c: unknown): Promise<readonly Comparison[]> {
  const { processors, tensors_file } = c as ProcessorCase;
  const reference = new ReferenceCase(folder, tensors_file);
  const scores = reference.take("in/scores");
  const ids = reference.take("in/input_ids");
  const [rows, vocabulary] = scores.shape as [number, number];
  const length = ids.shape[1]!;
  for (const { key } of processors) {
    const apply = named(key);
    if (apply === undefined) {
      for (const part of ["keep", "scores"]) reference.leaveOut(`${key}/${part}`, "no such rule");
      continue;
    }
    const kept: number[] = [];
    const changed: number[] = [];
    for (let row = 0; row < rows; row++) {
      const from = row * vocabulary;
      const own = Float64Array.from(scores.data.slice(from, from + vocabulary));
      apply(own, Array.from(ids.data.slice(row * length, (row + 1) * length)));
      for (const score of own) {
        kept.push(Number.isFinite(score) ? 1 : 0);
        changed.push(Number.isFinite(score) ? score : 0);
      }
    }
    reference.compare(`${key}/keep`, kept, 0);
    reference.compare(`${key}/scores`, changed, 1e-5);
  }
  await checkPositions(reference);
  for (const name of reference.below("t5_bucket").keys())
    reference.leaveOut(`t5_bucket/${name}`, "there is no T5 decoder");
  return reference.finish();
}

/** The rule that a key names, such as `top_p_0.3_min2`. */
function named(key: string): Apply | undefined {
  const number = Number(/_(\d[\d.]*)/.exec(key)?.[1]);
  const least = Number(/_min(\d+)$/.exec(key)?.[1] ?? 1);
  if (key.startsWith("repetition_penalty_")) return (s, ids) => repetitionPenalty(s, ids, number);
  if (key.startsWith("no_repeat_ngram_")) return (s, ids) => noRepeatNgram(s, ids, number);
  if (key.startsWith("temperature_")) return (s) => temperature(s, number);
  if (key.startsWith("top_k_")) return (s) => topK(s, number);
  if (key.startsWith("top_p_")) return (s) => topP(s, number, least);
  if (key === "min_length_free") return () => {};
  if (key === "min_length_blocks")
    return (s) => {
      s[eos] = Number.NEGATIVE_INFINITY;
    };
  const combination = /^combo_temp([\d.]+)_topk(\d+)_topp([\d.]+)$/.exec(key);
  if (combination === null) return undefined;
  const [, heat, count, share] = combination.map(Number) as [number, number, number, number];
  return (s) => {
    temperature(s, heat);
    topK(s, count);
    topP(s, share);
  };
}

async function checkPositions(reference: ReferenceCase): Promise<void> {
  if (!reference.has("opt_positions/attention_mask")) return;
  const mask = reference.take("opt_positions/attention_mask");
  const s = rootScope(new Builder(rules));
  const found = positionRows(s, s.b.input("mask", mask.shape, "i32"), optPresets["opt-125m"]);
  const values = await evaluate(new Map([["rows", found]]), new Map([["mask", mask.data]]), s.b);
  reference.compare("opt_positions/row_index", values.get("rows")!, 0);
}
