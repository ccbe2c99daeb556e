/** CheckedModel and stage -> graphs that write captions. */
import type { CheckedModel, LmModule } from "../1-check/model.ts";
import { stageOf } from "../1-check/stage-of.ts";
import { optLogits } from "../backbones/opt.ts";
import type { Node } from "../ir/node.ts";
import { prefixedPass } from "../objectives/language.ts";
import { inferenceGraph, inferenceParts } from "./inference-graph.ts";
import type { Binding, InferenceGraph } from "./stage-graphs.ts";
import type { StageParts } from "./stage-parts.ts";

/** Graphs that write captions: the picture once, then one run a token. */
export interface CaptionGraphs {
  /** Name of the text block whose ids the language model reads. */
  readonly text: string;
  /** Name of the language model. */
  readonly model: string;
  /** Input `image`; output `prefix` f32[batch, queries, width]. */
  readonly prefix: InferenceGraph;
  /**
   * Inputs `prefix` and `TEXT.ids`, `TEXT.mask` i32[batch, length], padded on the right; output `logits`
   * f32[batch, vocabulary] of the token behind the last one that the mask shows.
   */
  readonly next: InferenceGraph;
}

/** Undefined when no objective of the stage has a language model behind a prefix. */
export function captionGraphs(
  model: CheckedModel,
  stageName: string,
  binding: Binding,
): CaptionGraphs | undefined {
  const stage = stageOf(model, stageName);
  const objective = stage.minimize
    .map((term) => model.objectives.get(term.objective))
    .find((each) => each?.variant === "language" && each.prefix !== undefined);
  if (objective?.variant !== "language" || objective.prefix === undefined) return undefined;
  const adapterName = objective.prefix.value;
  const text = objective.predict.value;
  const before = inferenceParts(model, stage, binding);
  const adapter = before.module("adapter", adapterName);
  const prefix = inferenceGraph("prefix", before, new Map([["prefix", before.prefix(adapter)]]));
  const behind = inferenceParts(model, stage, binding);
  const lm = behind.module("lm", objective.model.value);
  const bridge = behind.module("qformer", adapter.input.value.module);
  const { queries } = behind.config(bridge, adapter.input.value.queries);
  const logits = nextLogits(behind, lm, text, queries);
  const next = inferenceGraph("next", behind, new Map([["logits", logits]]));
  return { text, model: lm.name, prefix, next };
}

function nextLogits(parts: StageParts, lm: LmModule, text: string, queries: number): Node {
  const { b } = parts;
  const { batch } = parts.binding;
  const { place, config } = parts.decoder(lm);
  const { ids, mask } = parts.tokens(text);
  const prefix = parts.input("prefix", [batch, queries, lm.width], "f32", { kind: "given" });
  const { hidden } = prefixedPass(place, { prefix, ids, mask }, config);
  const [, rows, width] = hidden.type.shape as [number, number, number];
  return place.within(() => {
    const length = b.sum(mask, [1]);
    const start = b.mul(b.iota([batch], 0), rows);
    const at = b.add(b.add(start, length), queries - 1);
    const last = b.gather(b.reshape(hidden, [batch * rows, width]), at);
    return optLogits(place, last, config);
  });
}
