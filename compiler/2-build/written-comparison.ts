/** A written contrast -> what is kept of pictures and of texts, and how both are compared. */
import { comparisonOf } from "../1-check/expression/comparison.ts";
import { spreadOf } from "../1-check/expression/spread.ts";
import type { TensorTerm } from "../1-check/expression/term.ts";
import type { ExpressionObjective } from "../1-check/model.ts";
import type { Node } from "../ir/node.ts";
import { aligned, numeric, type Operand, tensorOf } from "../objectives/expression.ts";
import { writtenSimilarity } from "./expression.ts";
import { Lowering } from "./lower-term.ts";
import type { StageParts } from "./stage-parts.ts";

/** Tensors by the names under which they are kept. */
export interface WrittenComparison {
  /** f32[batch, …] each. */
  readonly pictures: ReadonlyMap<string, Node>;
  readonly texts: ReadonlyMap<string, Node>;
  /** f32[pictures, texts], of inputs with those names; both are as many as a batch. */
  readonly score: Node;
}

/** Undefined when the objective compares no picture with a text, or does it by more than the two. */
export function writtenComparison(
  { name: objective, similarity, values }: ExpressionObjective,
  parts: StageParts,
): WrittenComparison | undefined {
  const comparison = similarity && comparisonOf(similarity.setting, values);
  if (comparison === undefined) return undefined;
  const { b } = parts;
  const spreads = new Map<string, ReturnType<typeof spreadOf>>();
  const single = new Map<string, Operand>();
  for (const value of values) {
    const spread = spreadOf(value.term, spreads);
    spreads.set(value.name, spread);
    if (spread !== "batch")
      single.set(value.name, new Lowering(parts, objective, value, single).value());
  }
  const sides = { picture: new Map<string, Node>(), text: new Map<string, Node>() };
  const given = new Map<TensorTerm, Operand>();
  for (const [index, { side, term, within }] of comparison.kept.entries()) {
    const x = tensorOf(b, new Lowering(parts, objective, within, single).operand(term));
    const axes = ["batch", ...x.axes.filter((axis) => axis !== "batch")];
    const node = aligned(b, numeric(b, x), axes);
    const name = `kept ${index + 1}`;
    sides[side].set(name, node);
    const input = parts.input(name, node.type.shape, "f32", { kind: "given" });
    given.set(term, { axes, node: input });
  }
  const compared = new Map<string, Operand>();
  for (const value of comparison.values) {
    const alone = new Lowering(parts, objective, value, single);
    const below = (term: TensorTerm) =>
      given.get(term) ?? (spreadOf(term, spreads) === "none" ? alone.operand(term) : undefined);
    const records = { records: parts.binding.batch, below };
    compared.set(value.name, new Lowering(parts, objective, value, compared, records).value());
  }
  const { imageToText: score } = writtenSimilarity(compared, similarity!, b);
  return { pictures: sides.picture, texts: sides.text, score };
}
