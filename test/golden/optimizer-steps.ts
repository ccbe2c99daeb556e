/** Runs AdamW on a loss as one graph, step after step. */
import { gradients } from "../../compiler/3-differentiate/gradients.ts";
import type { Builder } from "../../compiler/ir/builder.ts";
import type { Node, NodeOf } from "../../compiler/ir/node.ts";
import { rules } from "../../compiler/ops/index.ts";
import { adamw, adamwRates } from "../../compiler/optimizers/adamw.ts";
import { type Given, openSession } from "./evaluate.ts";

/** As the cases write it. */
export interface OptimizerCase {
  readonly lr: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly groups: readonly { readonly weight_decay: number; readonly names: readonly string[] }[];
}

export interface Training {
  readonly builder: Builder;
  /** `total` is what falls; the others are recorded. */
  readonly losses: ReadonlyMap<string, Node>;
  readonly parameters: ReadonlyMap<string, NodeOf<"parameter">>;
  readonly optimizer: OptimizerCase;
  /** Turns a path into the name that the optimizer's groups use; default the path. */
  readonly nameOf?: (path: string) => string;
  readonly given: Given;
}

export interface TrainingRecord {
  /** Losses before each step and after the last, in the order of `losses`: `steps` + 1 rows. */
  readonly trace: readonly (readonly number[])[];
  /** Parameters by path, after the steps asked for. */
  readonly after: ReadonlyMap<number, Given>;
}

/** Makes `steps` steps and keeps the parameters after those of `kept`. */
export async function optimizerSteps(
  training: Training,
  steps: number,
  kept: readonly number[],
): Promise<TrainingRecord> {
  const { builder, losses, parameters, optimizer, given } = training;
  const { nameOf = (path) => path } = training;
  const decays = new Map<string, number>();
  for (const { weight_decay, names } of optimizer.groups)
    for (const name of names) decays.set(name, weight_decay);
  const trained = [...parameters].filter(([path]) => decays.has(nameOf(path)));
  const targets = trained.map(([, node]) => node);
  const slopes = gradients(builder, rules, losses.get("total")!, targets);
  const rates = builder.input("rates", [3]);
  const { betas, eps } = optimizer;
  const updates = trained.flatMap(([path, node], i) => {
    const weightDecay = decays.get(nameOf(path))!;
    const slope = slopes[i];
    if (slope === null || slope === undefined) throw new Error(`${path} has no gradient`);
    return adamw(builder, node, slope, rates, { betas, eps, weightDecay });
  });
  const session = await openSession({ outputs: losses, updates, builder }, given);
  const trace: number[][] = [];
  const after = new Map<number, Given>();
  for (let step = 0; step <= steps; step++) {
    if (kept.includes(step)) after.set(step, await session.parameters());
    const rate = adamwRates(optimizer.lr, step + 1, betas);
    const found = await session.run(new Map([...given, ["rates", rate]]));
    trace.push([...losses.keys()].map((name) => found.get(name)![0]!));
  }
  await session.close();
  return { trace, after };
}
