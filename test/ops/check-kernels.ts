/** Runs what a draft made on the device and compares every output with the reference. */
import { expect } from "vitest";
import type { Node } from "../../compiler/ir/node.ts";
import { printNodes } from "../../compiler/ir/print.ts";
import { type RunSettings, runGraph } from "../support/evaluate.ts";
import { type Draft, draft } from "./draft.ts";
import { expectations, fault } from "./error-bounds.ts";
import type { KernelCase } from "./kernel-cases.ts";
import type { RandomGraph } from "./random-graph.ts";

/** Features that the kernels do without. */
type Lacks = Pick<RunSettings, "withoutSubgroups" | "withoutF16">;

export async function checkKernels(
  d: Draft,
  outputs: ReadonlyMap<string, Node>,
  lacks: Lacks = {},
): Promise<void> {
  const run = await runGraph(outputs, d.given, { builder: d.b, ...lacks });
  const expected = expectations([...outputs.values()], d.given);
  const faults = [...outputs.keys()].flatMap(
    (name, i) => fault(name, run.outputs.get(name)!, expected[i]!) ?? [],
  );
  expect(faults).toEqual([]);
}

/** What a random graph got wrong, in words. */
export async function faultsOfGraph(
  graph: RandomGraph,
  withoutSubgroups: boolean,
  bindingBytes?: number,
): Promise<string[]> {
  const { draft: d, outputs, updates } = graph;
  const run = await runGraph(outputs, d.given, {
    builder: d.b,
    updates,
    withoutSubgroups,
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
export async function checkCase(row: KernelCase, lacks: Lacks = {}): Promise<void> {
  const d = draft(row.name.length * 1000 + (row.shapes ?? 0));
  const outputs = new Map<string, Node>();
  for (let i = 0; i < (row.shapes ?? 10); i++) {
    const y = row.make(d);
    outputs.set(`${i} [${y.type.shape}]`, y);
  }
  await checkKernels(d, outputs, lacks);
}
