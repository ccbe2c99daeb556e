/** CheckedModel and stage -> graphs without training: captions and retrieval. */
import type { CheckedModel, CheckedStage, LmModule, QFormerModule } from "../1-check/model.ts";
import { optLogits } from "../backbones/opt.ts";
import { invariant } from "../invariant.ts";
import type { Node } from "../ir/node.ts";
import { prefixedPass } from "../objectives/language.ts";
import { imageFeatures, matchScore, textFeatures } from "../objectives/scores.ts";
import { inferenceGraph } from "./inference-graph.ts";
import type { Binding, InferenceGraph } from "./stage-graphs.ts";
import { StageParts } from "./stage-parts.ts";

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
  const before = new StageParts(model, binding, false);
  const adapter = before.module("adapter", adapterName);
  const prefix = inferenceGraph("prefix", before, new Map([["prefix", before.prefix(adapter)]]));
  const behind = new StageParts(model, binding, false);
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

/** Graphs that compare pictures and texts. */
export interface RetrievalGraphs {
  /** Name of the text block. */
  readonly text: string;
  /** Input `image`; outputs `features` f32[batch, queries, common width], unit vectors, and `patches`. */
  readonly image: InferenceGraph;
  /** Inputs `TEXT.ids` and `TEXT.mask`; output `features` f32[batch, common width], unit vectors. */
  readonly texts: InferenceGraph;
  /**
   * Inputs `patches` f32[batch, tokens, width] and `TEXT.ids`, `TEXT.mask`; output `score` f32[batch]: the match
   * logit of pair i. Undefined when the stage has no matching objective.
   */
  readonly match: InferenceGraph | undefined;
}

/** Undefined when the stage has no contrastive objective through a Q-Former. */
export function retrievalGraphs(
  model: CheckedModel,
  stageName: string,
  binding: Binding,
): RetrievalGraphs | undefined {
  const stage = stageOf(model, stageName);
  const objectives = stage.minimize.flatMap((term) => model.objectives.get(term.objective) ?? []);
  const contrast = objectives.find(({ variant }) => variant === "contrastive");
  const text = contrast?.variant === "contrastive" ? contrast.text.value.text : undefined;
  if (contrast?.variant !== "contrastive" || text === undefined) return undefined;
  const name = contrast.image.value.module;
  const width = contrast.width.value;
  const open = () => {
    const parts = new StageParts(model, binding, false);
    const bridge: QFormerModule = parts.module("qformer", name);
    const c = parts.config(bridge, contrast.image.value.queries);
    return { parts, bridge, c: { ...c, embedding: width } };
  };
  const first = open();
  const vision = first.parts.module("encoder", first.bridge.cross.value);
  const patches = first.parts.patches(vision);
  const seen = imageFeatures(
    first.parts.place(first.bridge),
    first.parts.memory(first.bridge),
    first.c,
  );
  const image = inferenceGraph(
    "image",
    first.parts,
    new Map([
      ["features", seen],
      ["patches", patches],
    ]),
  );
  const second = open();
  const words = second.parts.tokens(text);
  const read = textFeatures(second.parts.place(second.bridge), words.ids, words.mask, second.c);
  const texts = inferenceGraph("text", second.parts, new Map([["features", read]]));
  const matching = objectives.find(
    (each) => each.variant === "matching" && each.pair.value.module === name,
  );
  const pair = matching?.variant === "matching" ? matching.pair.value : undefined;
  const match = pair?.text === text ? matchGraph(open, text, pair.queries, patches) : undefined;
  return { text, image, texts, match };
}

function matchGraph(
  open: () => { parts: StageParts; bridge: QFormerModule },
  text: string,
  queries: string | undefined,
  like: Node,
): InferenceGraph {
  const { parts, bridge } = open();
  const c = parts.config(bridge, queries);
  const patches = parts.input("patches", like.type.shape, "f32", { kind: "given" });
  const { ids, mask } = parts.tokens(text);
  const score = matchScore(parts.place(bridge), parts.memory(bridge, patches), ids, mask, c);
  return inferenceGraph("match", parts, new Map([["score", score]]));
}

function stageOf(model: CheckedModel, name: string): CheckedStage {
  const stage = model.stages.get(name);
  invariant(stage !== undefined, () => `${model.file} has no stage ${name}`);
  return stage;
}
