/** Kind `stage2-opt`: a tiny tower, Q-Former and OPT: states, both losses, gradients, AdamW steps and generation. */
import type { Comparison } from "../comparison.ts";
import { largestDifference } from "../comparison.ts";
import { evaluate } from "../evaluate.ts";
import { gradientOutputs, parametersOf } from "../graph.ts";
import { lavisName } from "../hf-names.ts";
import { type OptimizerCase, optimizerSteps } from "../optimizer-steps.ts";
import { isMixed, mixedStepBound, wordsLeftOut } from "../precision.ts";
import { ReferenceCase, strict } from "../reference-case.ts";
import { checkGeneration, type Stage2Generation } from "./stage2-generation.ts";
import { type Stage2Case, stage2Graph } from "./stage2-graph.ts";

interface FullCase extends Stage2Case, Stage2Generation {
  readonly trainable: readonly string[];
  readonly optimizer: OptimizerCase;
  readonly steps_noisy_params: Readonly<Record<string, number>>;
  readonly loss_trace_f32?: readonly number[];
  readonly tensors_file?: string;
}

type Given = ReadonlyMap<string, ArrayLike<number>>;

/** Compares every key of the case. */
export async function check(folder: string, c: unknown): Promise<readonly Comparison[]> {
  const full = c as FullCase;
  const reference = new ReferenceCase(folder, full.tensors_file);
  const { queries, txt_len, batch } = full.config;
  const given = new Map<string, ArrayLike<number>>();
  for (const [name, { data }] of reference.below("weights")) given.set(lavisName(name), data);
  given.set("pixels", reference.take("inputs/pixel_values").data);
  given.set("ids", reference.take("inputs/input_ids").data);
  given.set("mask", reference.take("inputs/attention_mask").data);
  given.set("labels_text", reference.take("inputs/labels_text").data);
  const labels = reference.take("inputs/labels_full").data;
  const behind = Array.from({ length: batch }, (_, row) => {
    const start = row * (queries + txt_len) + queries;
    return Array.from(labels.slice(start, start + txt_len));
  });
  given.set("labels_full", behind.flat());
  await checkForward(reference, full, given);
  await checkSteps(reference, full, given);
  if (isMixed()) {
    reference.leaveOut("inputs/prompt_ids", wordsLeftOut);
    reference.leaveOut("inputs/prompt_mask", wordsLeftOut);
    return reference.finish();
  }
  await checkGeneration(reference, full, given);
  return reference.finish();
}

async function checkForward(reference: ReferenceCase, c: FullCase, given: Given): Promise<void> {
  const { b, losses, outputs } = stage2Graph(c);
  const found = parametersOf([losses.full]);
  const targets = new Map(c.trainable.map((name) => [name, found.get(lavisName(name))!]));
  const all = new Map(outputs);
  for (const variant of ["full", "text"] as const)
    for (const [key, node] of gradientOutputs(b, `grad_${variant}`, losses[variant], targets))
      all.set(key, node);
  reference.expect(all, b);
  for (const [key, value] of await evaluate(all, given, b)) {
    if (key.startsWith("grad")) reference.compareGradient(key, value);
    else if (key.startsWith("masked/")) {
      const expected = reference.take("out/loss_full").data;
      const note = "labels made of ids and mask";
      const bound = reference.bound(key, expected, strict.loss);
      reference.line(key, "loss", largestDifference(value, expected), bound, note);
    } else reference.compare(key, value, key.includes("loss") ? strict.loss : boundOf(key));
  }
  for (const variant of ["full", "text"])
    for (const [name, node] of targets)
      reference.compareZeroGradient(`grad_${variant}/${name}`, all, node.type.shape);
}

/** The case allows 5e-5 for logits. */
function boundOf(key: string): number {
  return key.includes("logits") ? 5e-5 : strict.hidden;
}

async function checkSteps(reference: ReferenceCase, c: FullCase, given: Given): Promise<void> {
  const { b, losses } = stage2Graph(c);
  const names = new Map(c.trainable.map((name) => [lavisName(name), name]));
  const nameOf = (path: string) => names.get(path) ?? path;
  const named = new Map([["total", losses.full]]);
  const parameters = parametersOf([losses.full]);
  const { optimizer } = c;
  const traces = ["out/train_loss_trace", "loss_trace_f32"];
  reference.expect(new Map(traces.map((key) => [key, losses.full])), b);
  const training = { builder: b, losses: named, parameters, optimizer, given, nameOf };
  const { trace: rows, after: kept } = await optimizerSteps(training, 3, [1, 3]);
  for (const step of [1, 3]) {
    const after = kept.get(step)!;
    for (const name of reference.below(`step${step}`).keys()) {
      const key = `step${step}/${name}`;
      const isNoisy = name in c.steps_noisy_params || name.endsWith("key.bias");
      const strictBound = isNoisy ? 1.1 * optimizer.lr * step : 1e-4;
      const bound = isMixed() ? mixedStepBound(optimizer.lr, step) : strictBound;
      const note = isNoisy
        ? "the true gradient is 0, Adam makes steps of its noise"
        : "isolated elements with a gradient near 0 drift";
      reference.compare(key, after.get(lavisName(name)) ?? [], bound, note);
    }
  }
  const trace = rows.flat();
  if (reference.has("out/train_loss_trace"))
    reference.compare("out/train_loss_trace", trace, strict.trace);
  if (c.loss_trace_f32 !== undefined)
    reference.line(
      "loss_trace_f32",
      "losses",
      largestDifference(trace, c.loss_trace_f32),
      reference.bound("loss_trace_f32", c.loss_trace_f32, strict.trace),
    );
}
