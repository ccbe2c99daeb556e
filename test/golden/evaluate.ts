/** Nodes and given values → values: the one way in which golden checks run a graph. */

import { interpret } from "../../compiler/ir/interpret.ts";
import type { Node } from "../../compiler/ir/node.ts";
import { rules } from "../../compiler/ops/index.ts";

export type Values = Float64Array | Float32Array | Int32Array;
export type Given = ReadonlyMap<string, ArrayLike<number>>;

/** A graph that can be run many times. */
export type Evaluation = (given: Given) => Promise<ReadonlyMap<string, Values>>;

/** Prepares `outputs`; inputs are given by name and parameters by path. */
export async function evaluation(outputs: ReadonlyMap<string, Node>): Promise<Evaluation> {
  const names = [...outputs.keys()];
  const roots = [...outputs.values()];
  return async (given) => {
    const values = interpret(rules, roots, given);
    return new Map(names.map((name, i) => [name, values[i]!]));
  };
}

/** Runs `outputs` once. */
export async function evaluate(
  outputs: ReadonlyMap<string, Node>,
  given: Given,
): Promise<ReadonlyMap<string, Values>> {
  const run = await evaluation(outputs);
  return run(given);
}
