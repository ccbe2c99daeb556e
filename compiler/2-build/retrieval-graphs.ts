/** CheckedModel and stage -> graphs that compare pictures and texts. */
import type {
  CheckedModel,
  CheckedObjective,
  ContrastiveObjective,
  ExpressionObjective,
} from "../1-check/model.ts";
import { stageOf } from "../1-check/stage-of.ts";
import type { Node } from "../ir/node.ts";
import { imageFeatures, matchScore, textFeatures } from "../objectives/scores.ts";
import { inferenceGraph, inferenceParts } from "./inference-graph.ts";
import type { Binding, InferenceGraph } from "./stage-graphs.ts";
import type { StageParts } from "./stage-parts.ts";
import { writtenComparison } from "./written-comparison.ts";

/** Graphs that compare pictures and texts. */
export interface RetrievalGraphs {
  /** Name of the text block. */
  readonly text: string;
  /**
   * One input, the pictures; outputs what is kept of each, [batch, …], and `patches`, when there is `match`. Without
   * `compare` the kept one is `features` f32[batch, queries, common width], unit vectors.
   */
  readonly image: InferenceGraph;
  /** Inputs `TEXT.ids` and `TEXT.mask`; outputs what is kept, or `features` f32[batch, common width], unit vectors. */
  readonly texts: InferenceGraph;
  /**
   * Of a contrast that is written out. Inputs: all that is kept, by name; output `score` f32[pictures, texts], both as
   * many as a batch. Undefined: the score is the greatest product of the features over queries.
   */
  readonly compare: InferenceGraph | undefined;
  /**
   * Inputs `patches` f32[batch, tokens, width] and `TEXT.ids`, `TEXT.mask`; output `score` f32[batch]: the match
   * logit of pair i. Undefined when the stage has no matching objective for them.
   */
  readonly match: InferenceGraph | undefined;
}

/** A way to open the parts of the stage, a fresh builder each time. */
type Open = () => StageParts;

/** Undefined when the stage has no contrast through a Q-Former and none that is written and compares pair by pair. */
export function retrievalGraphs(
  model: CheckedModel,
  stageName: string,
  binding: Binding,
): RetrievalGraphs | undefined {
  const stage = stageOf(model, stageName);
  const open = () => inferenceParts(model, stage, binding);
  const objectives = stage.minimize.flatMap((term) => model.objectives.get(term.objective) ?? []);
  for (const each of objectives) {
    const found =
      each.variant === "contrastive"
        ? builtIn(each, objectives, open)
        : each.variant === "expression"
          ? written(each, objectives, open)
          : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function builtIn(
  contrast: ContrastiveObjective,
  objectives: readonly CheckedObjective[],
  open: Open,
): RetrievalGraphs | undefined {
  const { text } = contrast.text.value;
  if (text === undefined) return undefined;
  const { module: name, queries } = contrast.image.value;
  const common = (parts: StageParts, module: string) => {
    const bridge = parts.module("qformer", module);
    const c = { ...parts.config(bridge, queries), embedding: contrast.width.value };
    return { place: parts.place(bridge), heads: parts.contrastHeads(contrast), bridge, c };
  };
  const parts = open();
  const { place, heads, bridge, c } = common(parts, name);
  const features = imageFeatures(place, parts.memory(bridge), c, heads);
  const match = matchGraphs(text, objectives, open, name);
  const image = inferenceGraph("image", parts, seen(parts, [["features", features]], match));
  const second = open();
  const reader = common(second, contrast.text.value.module);
  const { ids, mask } = second.tokens(text);
  const read = textFeatures(reader.place, ids, mask, reader.c, reader.heads);
  const texts = inferenceGraph("text", second, new Map([["features", read]]));
  return { text, image, texts, compare: undefined, match: match?.graph };
}

function written(
  contrast: ExpressionObjective,
  objectives: readonly CheckedObjective[],
  open: Open,
): RetrievalGraphs | undefined {
  const parts = open();
  const found = writtenComparison(contrast, parts);
  if (found === undefined) return undefined;
  const texts = inferenceGraph("text", parts, found.texts);
  const read = new Set(
    texts.inputs.flatMap(({ source }) => ("text" in source ? [source.text] : [])),
  );
  const [text, ...more] = read;
  if (text === undefined || more.length > 0) return undefined;
  const match = matchGraphs(text, objectives, open);
  const image = inferenceGraph("image", parts, seen(parts, [...found.pictures], match));
  if (image.inputs.length !== 1 || image.inputs[0]?.source.kind !== "image") return undefined;
  const compare = inferenceGraph("compare", parts, new Map([["score", found.score]]));
  return { text, image, texts, compare, match: match?.graph };
}

interface Match {
  /** The Q-Former that looks at pairs. */
  readonly bridge: string;
  readonly graph: InferenceGraph;
}

/** What the picture pass gives: what is kept, and the patches that pairs are matched by. */
function seen(
  parts: StageParts,
  kept: readonly (readonly [string, Node])[],
  match: Match | undefined,
): ReadonlyMap<string, Node> {
  if (match === undefined) return new Map(kept);
  const { cross } = parts.module("qformer", match.bridge);
  return new Map([...kept, ["patches", parts.patches(parts.module("encoder", cross.value))]]);
}

/** Of the first matching objective for this text, of one Q-Former where it is said. */
function matchGraphs(
  text: string,
  objectives: readonly CheckedObjective[],
  open: Open,
  through?: string,
): Match | undefined {
  const matching = objectives.find(
    (each) =>
      each.variant === "matching" &&
      each.pair.value.text === text &&
      (through ?? each.pair.value.module) === each.pair.value.module,
  );
  if (matching?.variant !== "matching") return undefined;
  const { module, queries } = matching.pair.value;
  const parts = open();
  const bridge = parts.module("qformer", module);
  const { tokens, width } = parts.module("encoder", bridge.cross.value);
  const shape = [parts.binding.batch, tokens, width];
  const patches = parts.input("patches", shape, "f32", { kind: "given" });
  const { ids, mask } = parts.tokens(text);
  const memory = parts.memory(bridge, patches);
  const score = matchScore(parts.place(bridge), memory, ids, mask, parts.config(bridge, queries));
  return { bridge: module, graph: inferenceGraph("match", parts, new Map([["score", score]])) };
}
