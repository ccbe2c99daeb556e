/** Runs what a draft made on the device and compares every output with the reference. */
import { expect } from "vitest";
import type { Node } from "../../compiler/ir/node.ts";
import { runGraph } from "../support/evaluate.ts";
import { type Draft, draft } from "./draft.ts";
import { expectations, fault } from "./error-bounds.ts";
import type { KernelCase } from "./kernel-cases.ts";

export async function checkKernels(
  d: Draft,
  outputs: ReadonlyMap<string, Node>,
  withoutSubgroups = false,
): Promise<void> {
  const run = await runGraph(outputs, d.given, { builder: d.b, withoutSubgroups });
  const expected = expectations([...outputs.values()], d.given);
  const faults = [...outputs.keys()].flatMap(
    (name, i) => fault(name, run.outputs.get(name)!, expected[i]!) ?? [],
  );
  expect(faults).toEqual([]);
}

/** All shapes of a case as outputs of one program. */
export async function checkCase(row: KernelCase, withoutSubgroups = false): Promise<void> {
  const d = draft(row.name.length * 1000 + (row.shapes ?? 0));
  const outputs = new Map<string, Node>();
  for (let i = 0; i < (row.shapes ?? 10); i++) {
    const y = row.make(d);
    outputs.set(`${i} [${y.type.shape}]`, y);
  }
  await checkKernels(d, outputs, withoutSubgroups);
}
