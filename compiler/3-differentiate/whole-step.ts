/**
 * Objectives over all micro-batches of a step → what holds their inputs, what computes them, and what hands gradients back:
 * forward of each micro-batch, the objectives once, forward and backward of each. Gao et al. 2021, arXiv:2101.06983.
 */
import type { Builder } from "../ir/builder.ts";
import { type Node, type NodeOf, reachable } from "../ir/node.ts";
import type { Rules } from "../ir/rule.ts";
import { between, gradients } from "./gradients.ts";
import type { TrainingGraph, Update } from "./training-graph.ts";

/** Objectives that see a whole step. */
export interface WholeStep {
  /** What they read of a micro-batch, f32[batch, …], and where that of all stands, f32[micro-batches, batch, …]. */
  readonly held: readonly { readonly node: Node; readonly place: NodeOf<"parameter"> }[];
  /** Their weighted sum, a scalar: of the places, parameters and inputs of the whole step. */
  readonly total: Node;
  /** f32[]: where micro-batches find the sum. */
  readonly totalPlace: NodeOf<"parameter">;
  /** Losses and metrics by name. */
  readonly outputs: ReadonlyMap<string, Node>;
}

/** Input i32[1] of what runs once a micro-batch: which one of the step it is, from 0. */
export const microBatchInput = "micro_batch";

/** Puts what a micro-batch gives into its place among all. */
function representGraph(b: Builder, name: string, { held }: WholeStep): TrainingGraph {
  const updates = held.map(({ node, place }): Update => {
    const [count, ...shape] = place.type.shape;
    const ones = shape.map(() => 1);
    const own = b.equal(b.iota([count!, ...ones], 0), b.reshape(microBatch(b), [1, ...ones]));
    return b.within(node.origin, () => ({
      target: place,
      value: b.select(own, b.reshape(node, [1, ...shape]), place),
    }));
  });
  return { name: `${name}.represent`, outputs: new Map(), updates };
}

/** Objectives over a whole step as graphs, and their gradients. */
export interface WholeGraphs {
  /** Run for each micro-batch: leaves what it gives in the state. */
  readonly represent: TrainingGraph;
  /** Run once after these: leaves the sum and all adjoints in the state. */
  readonly compute: TrainingGraph;
  /** Gradients of the trained parameters that the objectives read themselves; null for others. */
  readonly found: readonly (Node | null)[];
  /** What the nodes of `held` get as adjoints in each micro-batch. */
  readonly adjoints: ReadonlyMap<Node, Node>;
}

/** `seed`: adjoint of the sum, f32[]. */
export function wholeGraphs(
  b: Builder,
  rules: Rules,
  name: string,
  whole: WholeStep,
  trainable: readonly NodeOf<"parameter">[],
  seed: Node,
): WholeGraphs {
  const { held, total, totalPlace, outputs } = whole;
  const live = between(trainable, reachable(held.map(({ node }) => node)));
  const trained = held.filter(({ node }) => live.has(node));
  const all = gradients(
    b,
    rules,
    total,
    [...trained.map(({ place }) => place), ...trainable],
    seed,
  );
  const updates: Update[] = [{ target: totalPlace, value: total }];
  const adjoints = new Map<Node, Node>();
  trained.forEach(({ node, place }, i) => {
    const value = all[i];
    if (!value) return;
    const target = b.parameter(`${place.attributes.path}'`, place.type.shape);
    updates.push({ target, value });
    adjoints.set(node, b.reshape(b.gather(target, microBatch(b)), node.type.shape));
  });
  return {
    represent: representGraph(b, name, whole),
    compute: { name: `${name}.whole`, outputs, updates },
    found: all.slice(trained.length),
    adjoints,
  };
}

function microBatch(b: Builder): Node {
  return b.input(microBatchInput, [1], "i32");
}
