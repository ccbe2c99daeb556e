/** Terms of an expression objective -> its loss and its metrics as nodes. */
import type { SimilarityAxes } from "../1-check/expression/similarity.ts";
import { type Spread, spreadOf } from "../1-check/expression/spread.ts";
import type { TensorTerm } from "../1-check/expression/term.ts";
import type { ExpressionObjective } from "../1-check/model.ts";
import { invariant } from "../invariant.ts";
import type { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";
import { pairAccuracy } from "../objectives/contrastive.ts";
import { aligned, numeric, type Operand, tensorOf } from "../objectives/expression.ts";
import type { Hold } from "./hold.ts";
import { Lowering } from "./lower-term.ts";
import type { StageParts } from "./stage-parts.ts";

/** What an expression gives. */
export interface WrittenLoss {
  readonly loss: Node;
  readonly metrics: ReadonlyMap<string, Node>;
  /** By setting. */
  readonly values: ReadonlyMap<string, Operand>;
}

/** Nodes carry the setting that they come from: `itc.similarity`. */
export function expressionLoss(objective: ExpressionObjective, parts: StageParts): WrittenLoss {
  const values = new Map<string, Operand>();
  for (const value of objective.values) {
    const lowering = new Lowering(parts, objective.name, value, values);
    values.set(value.name, lowering.value());
  }
  return writtenLoss(objective, values, parts);
}

/**
 * The same over all records of a step: what is of single records is computed in their micro-batches and held for all,
 * in the largest terms that are.
 */
export function wholeExpressionLoss(
  objective: ExpressionObjective,
  parts: StageParts,
  hold: Hold,
): WrittenLoss {
  const { b, binding } = parts;
  const records = binding.batch * hold.microBatches;
  const spreads = new Map<string, Spread>();
  const known = { micro: new Map<string, Operand>(), whole: new Map<string, Operand>() };
  for (const value of objective.values) {
    const micro = new Lowering(parts, objective.name, value, known.micro);
    const below = (term: TensorTerm): Operand | undefined => {
      const spread = spreadOf(term, spreads);
      if (spread === "batch") return undefined;
      const operand = micro.operand(term);
      if (spread === "none") return operand;
      const x = tensorOf(b, operand);
      const axes = ["batch", ...x.axes.filter((name) => name !== "batch")];
      const name = `${objective.name}.${value.name}`;
      const held = hold.all(name, b.cast(aligned(b, x, axes), "f32"));
      return { axes, node: b.cast(held, x.node.type.dtype) };
    };
    const spread = spreadOf(value.term, spreads);
    spreads.set(value.name, spread);
    if (spread !== "batch") known.micro.set(value.name, micro.value());
    // What is of single records is held where something larger reads it.
    if (spread === "record") continue;
    const whole = new Lowering(parts, objective.name, value, known.whole, { records, below });
    known.whole.set(value.name, whole.value());
  }
  return writtenLoss(objective, known.whole, parts);
}

function writtenLoss(
  { name: objective, metrics, similarity }: ExpressionObjective,
  values: ReadonlyMap<string, Operand>,
  { b, root }: StageParts,
): WrittenLoss {
  const scalar = (name: string): Node => {
    const found = values.get(name);
    invariant(found !== undefined, () => `${objective} has no value ${name}`);
    return numeric(b, tensorOf(b, found)).node;
  };
  const measured = (name: string): Node => {
    if (values.has(name) || similarity === undefined) return scalar(name);
    const { imageToText, textToImage } = writtenSimilarity(values, similarity, b);
    return root.at(objective).within(() => pairAccuracy(root, imageToText, textToImage));
  };
  return {
    loss: scalar("loss"),
    metrics: new Map(metrics.map((name) => [name, measured(name)])),
    values,
  };
}

/** f32 [pictures, texts] of a written contrast, and the same the other way round. */
export function writtenSimilarity(
  values: ReadonlyMap<string, Operand>,
  { setting, pictures, texts }: SimilarityAxes,
  b: Builder,
): { readonly imageToText: Node; readonly textToImage: Node } {
  const found = values.get(setting);
  invariant(found !== undefined, () => `there is no value ${setting}`);
  const similarity = numeric(b, tensorOf(b, found));
  return {
    imageToText: aligned(b, similarity, [pictures, texts]),
    textToImage: aligned(b, similarity, [texts, pictures]),
  };
}
