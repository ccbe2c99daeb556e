/** Kind `qformer-stage1`: hidden states, three losses, their gradients, AdamW steps and captions of a tiny Q-Former. */
import type { Comparison } from "../comparison.ts";
import { largestDifference } from "../comparison.ts";
import { evaluate } from "../evaluate.ts";
import { gradientOutputs, parametersOf } from "../graph.ts";
import { type OptimizerCase, optimizerSteps } from "../optimizer-steps.ts";
import { isMixed, mixedStepBound, wordsLeftOut } from "../precision.ts";
import { ReferenceCase, strict } from "../reference-case.ts";
import { checkCaptions, type GenerationCase } from "./stage1-captions.ts";
import { type Stage1Case, stage1Graph } from "./stage1-graph.ts";

interface FullCase extends Stage1Case {
  readonly optimizer: OptimizerCase;
  readonly steps_noisy_params: Readonly<Record<string, number>>;
  readonly loss_trace_30steps_f32?: readonly (readonly number[])[];
  readonly loss_trace_f32?: readonly (readonly number[])[];
  readonly generation?: Readonly<Record<string, GenerationCase>>;
  readonly tensors_file?: string;
}

type Given = ReadonlyMap<string, ArrayLike<number>>;

/** Compares every key of the case. */
export async function check(folder: string, c: unknown): Promise<readonly Comparison[]> {
  const full = c as FullCase;
  const reference = new ReferenceCase(folder, full.tensors_file);
  const given = new Map<string, ArrayLike<number>>([
    ["vit", reference.take("inputs/vit_output").data],
    ["ids", reference.take("inputs/input_ids").data],
    ["mask", reference.take("inputs/attention_mask").data],
    ["negative_images", reference.take("inputs/neg_image_idx").data],
    ["negative_texts", reference.take("inputs/neg_text_idx").data],
  ]);
  const weights = reference.below("weights");
  for (const [name, { data }] of weights) given.set(name, data);
  await checkForward(reference, full, given);
  if (reference.has("out_retrieval/loss")) await checkRetrieval(reference, full, given);
  await checkSteps(reference, full, given);
  if (isMixed()) {
    for (const name of Object.keys(full.generation ?? {}))
      reference.leaveOut(`generation/${name}`, wordsLeftOut);
    return reference.finish();
  }
  await checkCaptions(reference, full, full.generation ?? {}, given);
  return reference.finish();
}

async function checkForward(reference: ReferenceCase, c: Stage1Case, given: Given): Promise<void> {
  const { b, losses, outputs } = stage1Graph(c);
  const parameters = parametersOf([losses.total]);
  const all = new Map([...outputs].map(([name, node]) => [`out/${name}`, node]));
  for (const [name, loss] of Object.entries(losses))
    for (const [key, node] of gradientOutputs(b, `grad_${name}`, loss, parameters))
      all.set(key, node);
  reference.expect(all, b, 1 / c.config.temp);
  for (const [key, value] of await evaluate(all, given, b)) {
    if (reference.has(key)) compare(reference, key, value);
    else compareAbsent(reference, key, value);
  }
  for (const name of Object.keys(losses))
    for (const [path, node] of parameters)
      reference.compareZeroGradient(`grad_${name}/${path}`, all, node.type.shape);
}

/** The reference has no gradient where no path leads; ours must then be zero. */
function compareAbsent(reference: ReferenceCase, key: string, value: ArrayLike<number>): void {
  const greatest = largestDifference(value, new Float64Array(value.length));
  reference.line(key, "no gradient in the reference, largest element", greatest, 0);
}

function compare(reference: ReferenceCase, key: string, value: ArrayLike<number>): void {
  if (key.startsWith("grad")) reference.compareGradient(key, value);
  else reference.compare(key, value, key.includes("loss") ? strict.loss : strict.hidden);
}

async function checkRetrieval(
  reference: ReferenceCase,
  c: Stage1Case,
  given: Given,
): Promise<void> {
  const { b, outputs } = stage1Graph(c, true);
  const own = new Map([
    ...given,
    ["image_ids", reference.take("inputs/retrieval_image_id").data],
    ["negative_images", reference.take("inputs/retrieval_neg_image_idx").data],
    ["negative_texts", reference.take("inputs/retrieval_neg_text_idx").data],
  ]);
  const wanted = [...outputs].filter(([name]) => reference.has(`out_retrieval/${name}`));
  const nodes = new Map(wanted.map(([name, node]) => [`out_retrieval/${name}`, node]));
  reference.expect(nodes, b, 1 / c.config.temp);
  for (const [key, value] of await evaluate(nodes, own, b)) compare(reference, key, value);
}

async function checkSteps(reference: ReferenceCase, c: FullCase, given: Given): Promise<void> {
  const { b, losses } = stage1Graph(c);
  const { total, itc, itm, itg } = losses;
  const named = new Map([
    ["total", total],
    ["itc", itc],
    ["itm", itm],
    ["itg", itg],
  ]);
  const long = c.loss_trace_30steps_f32;
  const count = Math.max(5, (long?.length ?? 1) - 1);
  const parameters = parametersOf([total]);
  const traces = ["out/train_loss_trace", "loss_trace_f32", "loss_trace_30steps_f32"];
  reference.expect(new Map(traces.map((key) => [key, total])), b);
  const training = { builder: b, losses: named, parameters, optimizer: c.optimizer, given };
  const { trace: rows, after: kept } = await optimizerSteps(training, count, [1, 2, 5]);
  for (const step of [1, 2, 5]) {
    const after = kept.get(step)!;
    for (const name of reference.below(`step${step}`).keys())
      compareStep(reference, `step${step}/${name}`, after.get(name), c, name, step);
  }
  if (reference.has("out/train_loss_trace")) {
    const trace = rows.slice(0, reference.take("out/train_loss_trace").shape[0]).flat();
    reference.compare("out/train_loss_trace", trace, strict.trace);
  }
  for (const [key, trace] of [
    ["loss_trace_f32", c.loss_trace_f32],
    ["loss_trace_30steps_f32", long],
  ] as const)
    if (trace !== undefined) {
      const error = largestDifference(rows.slice(0, trace.length).flat(), trace.flat());
      const bound = reference.bound(key, trace.flat(), strict.trace);
      reference.line(key, `${trace.length} losses, largest difference`, error, bound);
    }
}

function compareStep(
  reference: ReferenceCase,
  key: string,
  actual: ArrayLike<number> | undefined,
  c: FullCase,
  name: string,
  step: number,
): void {
  if (actual === undefined) reference.line(key, "is no trained parameter", 1, 0);
  else if (isMixed()) {
    reference.compare(key, actual, mixedStepBound(c.optimizer.lr, step), "steps either way");
  } else if (name in c.steps_noisy_params || name.endsWith("key.bias")) {
    const note = "the true gradient is 0, Adam makes steps of its noise";
    reference.compare(key, actual, 1.1 * c.optimizer.lr * step, note);
  } else reference.compare(key, actual, 1e-4, "isolated elements with a gradient near 0 drift");
}
