/** Runs what a draft made on the device and compares every output with the reference. */
import { expect } from "vitest";
import type { Node } from "../../compiler/ir/node.ts";
import { printNodes } from "../../compiler/ir/print.ts";
import { type Run, type RunSettings, runGraph } from "../support/evaluate.ts";
import { type Draft, draft } from "./draft.ts";
import { expectations, fault } from "./error-bounds.ts";
import type { KernelCase } from "./kernel-cases.ts";
import type { RandomGraph } from "./random-graph.ts";

/** What the kernels are made for, where that is not the device as it is. */
export type MadeFor = Pick<RunSettings, "products" | "matrices" | "withoutF16" | "tile">;

/** What a run got wrong, in words. */
export function faultsOfRun(
  run: Run,
  outputs: ReadonlyMap<string, Node>,
  { given }: Draft,
): readonly string[] {
  const expected = expectations([...outputs.values()], given);
  return [...outputs.keys()].flatMap(
    (name, i) => fault(name, run.outputs.get(name)!, expected[i]!) ?? [],
  );
}

export async function checkKernels(
  d: Draft,
  outputs: ReadonlyMap<string, Node>,
  madeFor: MadeFor = {},
): Promise<void> {
  const run = await runGraph(outputs, d.given, { builder: d.b, ...madeFor });
  expect(faultsOfRun(run, outputs, d)).toEqual([]);
}

/** Another way of making products for each third graph. */
export function wayOf(seed: number): MadeFor {
  const ways: readonly MadeFor[] = [{}, { products: "registers" }, { products: "tiles" }];
  return ways[seed % ways.length]!;
}

/** What a random graph got wrong, in words. */
export async function faultsOfGraph(
  graph: RandomGraph,
  madeFor: MadeFor,
  bindingBytes?: number,
): Promise<string[]> {
  const { draft: d, outputs, updates } = graph;
  const run = await runGraph(outputs, d.given, {
    builder: d.b,
    updates,
    ...madeFor,
    ...(bindingBytes === undefined ? {} : { bindingBytes }),
  });
  const roots = [...outputs.values(), ...updates.map(({ value }) => value)];
  const expected = expectations(roots, d.given);
  const results = new Map<string, ArrayLike<number>>([
    ...[...outputs.keys()].map((name) => [name, run.outputs.get(name)!] as const),
    ...updates.map(
      ({ target: { attributes } }) =>
        [attributes.path, run.parameters.get(attributes.path)!] as const,
    ),
  ]);
  return [...results].flatMap(([name, values], i) => fault(name, values, expected[i]!) ?? []);
}

/** A graph and its updates as text. */
export function graphText({ outputs, updates }: RandomGraph): string {
  const values = updates.map(
    ({ target, value }) => [`new ${target.attributes.path}`, value] as const,
  );
  return printNodes(new Map([...outputs, ...values]));
}

/** All shapes of a case as outputs of one program. */
export async function checkCase(row: KernelCase, madeFor: MadeFor = {}): Promise<void> {
  const { d, outputs } = shapesOf(row);
  await checkKernels(d, outputs, madeFor);
}

/** A draft with all shapes of a case. */
export function shapesOf(row: KernelCase): {
  readonly d: Draft;
  readonly outputs: ReadonlyMap<string, Node>;
} {
  const d = draft(row.name.length * 1000 + (row.shapes ?? 0));
  const outputs = new Map<string, Node>();
  for (let i = 0; i < (row.shapes ?? 10); i++) {
    const y = row.make(d);
    outputs.set(`${i} [${y.type.shape}]`, y);
  }
  return { d, outputs };
}
