/** Graph → Program, for graphs made by hand: tests, inference, benches. */
import type { Update } from "./3-differentiate/training-graph.ts";
import { optimize } from "./4-optimize/optimize.ts";
import { schedule } from "./5-schedule/schedule.ts";
import { emit } from "./6-emit/emit.ts";
import type { Builder } from "./ir/builder.ts";
import type { Node } from "./ir/node.ts";
import type { Program, Target } from "./program.ts";

/** `outputs` are read back by name; `updates` change parameters in place. `b` made the nodes; without it nothing is rewritten. */
export function compileGraph(
  name: string,
  outputs: ReadonlyMap<string, Node>,
  updates: readonly Update[],
  target: Target,
  b?: Builder,
): Program {
  const graph = { name, outputs, updates };
  return emit(schedule(b === undefined ? graph : optimize(graph, b, target), target));
}
