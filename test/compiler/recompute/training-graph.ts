/** Random graph → training graph: its outputs summed to a loss, one step of descent for every parameter. */
import { gradients } from "../../../compiler/3-differentiate/gradients.ts";
import type { TrainingGraph } from "../../../compiler/3-differentiate/training-graph.ts";
import { optimize } from "../../../compiler/4-optimize/optimize.ts";
import type { NodeOf } from "../../../compiler/ir/node.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { portableTarget } from "../../../compiler/program.ts";
import { randomGraph } from "../../ops/random-graph.ts";

/** The rewritten graph, what made it, and values for its parameters and inputs. */
export function randomTraining(seed: number) {
  const { draft, outputs } = randomGraph(seed);
  const { b, targets, given } = draft;
  const loss = [...outputs.values()]
    .filter(({ type }) => type.dtype === "f32")
    .map((x) =>
      b.sum(
        x,
        x.type.shape.map((_, axis) => axis),
      ),
    )
    .reduce((sum, each) => b.add(sum, b.tanh(each)), b.constant(0));
  const found = gradients(b, rules, loss, targets);
  const updates = targets.flatMap((target, i) => {
    const gradient = found[i];
    return gradient
      ? [{ target: target as NodeOf<"parameter">, value: b.sub(target, b.mul(gradient, 0.125)) }]
      : [];
  });
  const graph: TrainingGraph = { name: "g", outputs: new Map([["loss", loss]]), updates };
  return { b, given, graph: optimize(graph, b, portableTarget) };
}
