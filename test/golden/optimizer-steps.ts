/** Runs AdamW on a loss as one graph, step after step. */
import { gradients } from "../../compiler/3-differentiate/gradients.ts";
import type { Builder } from "../../compiler/ir/builder.ts";
import type { Node, NodeOf } from "../../compiler/ir/node.ts";
import { elements } from "../../compiler/ir/tensor-type.ts";
import { rules } from "../../compiler/ops/index.ts";
import { adamw, adamwRates } from "../../compiler/optimizers/adamw.ts";
import { evaluation, type Given, type Values } from "./evaluate.ts";

/** As the cases write it. */
export interface OptimizerCase {
  readonly lr: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly groups: readonly { readonly weight_decay: number; readonly names: readonly string[] }[];
}

/** Values before each step, and after the last: losses by name, and all parameters by path. */
export interface StepRecord {
  readonly losses: ReadonlyMap<string, number>;
  readonly parameters: ReadonlyMap<string, ArrayLike<number>>;
}

/**
 * `losses` has `total` first in importance: it is what falls. `nameOf` turns a path into the name that the groups use.
 * Gives `steps` + 1 records.
 */
export async function optimizerSteps(
  b: Builder,
  losses: ReadonlyMap<string, Node>,
  parameters: ReadonlyMap<string, NodeOf<"parameter">>,
  optimizer: OptimizerCase,
  given: Given,
  steps: number,
  nameOf: (path: string) => string = (path) => path,
): Promise<readonly StepRecord[]> {
  const decays = new Map<string, number>();
  for (const { weight_decay, names } of optimizer.groups)
    for (const name of names) decays.set(name, weight_decay);
  const trained = [...parameters].filter(([path]) => decays.has(nameOf(path)));
  const slopes = gradients(
    b,
    rules,
    losses.get("total")!,
    trained.map(([, node]) => node),
  );
  const rates = b.input("rates", [3]);
  const { betas, eps } = optimizer;
  const state = new Map<string, Values>();
  const outputs = new Map(losses);
  for (const [i, [path, node]] of trained.entries()) {
    const weightDecay = decays.get(nameOf(path))!;
    const slope = slopes[i] ?? b.broadcastTo(b.constant(0), node.type.shape);
    for (const { target, value } of adamw(b, node, slope, rates, { betas, eps, weightDecay })) {
      const { path: place, shape } = target.attributes;
      outputs.set(place, value);
      state.set(place, Float64Array.from(given.get(place) ?? new Float64Array(elements(shape))));
    }
  }
  const run = await evaluation(outputs);
  const records: StepRecord[] = [];
  for (let step = 1; step <= steps + 1; step++) {
    const before = new Map(trained.map(([path]) => [path, state.get(path)!]));
    const found = await run(
      new Map([...given, ...state, ["rates", adamwRates(optimizer.lr, step, betas)]]),
    );
    const values = new Map([...losses.keys()].map((name) => [name, found.get(name)![0]!]));
    records.push({ losses: values, parameters: before });
    for (const place of state.keys()) state.set(place, found.get(place)!);
  }
  return records;
}
